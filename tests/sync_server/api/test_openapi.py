"""The OpenAPI document says what the wire carries: every message, every problem, nothing of the demo."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import httpx

from models import wire
from sync_server.api import problems
from tests.sync_server.api.conftest import Running


def test_every_message_is_described(running: Running) -> None:
    document = httpx.get(running.address + "/schema/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    schemas = document["components"]["schemas"]
    described = {
        ("/v1/pair", "post"): (wire.PairRequest, wire.PairAnswer),
        ("/v1/terminals/me/facts", "post"): (wire.PushRequest, wire.PushAnswer),
        ("/v1/terminals/me/requests", "post"): (wire.ActionRequest, wire.ActionAnswer),
        ("/v1/terminals/me/previews", "post"): (wire.ActionRequest, wire.ActionAnswer),
        ("/v1/terminals/me/changes", "get"): (None, wire.ChangesAnswer),
        ("/v1/terminals/me/alarms", "post"): (wire.TillAlarms, wire.AlarmsAnswer),
        ("/v1/health", "get"): (None, wire.Health),
    }
    assert {(path, method) for path, item in document["paths"].items() for method in item} == set(described)
    for (path, method), (asked, answered) in described.items():
        operation = document["paths"][path][method]
        content = operation["responses"]["200"]["content"]["application/json"]
        assert content["schema"]["$ref"].endswith(f"/{answered.__name__}")
        assert operation["responses"]["503"]["content"]["application/problem+json"]["schema"]["$ref"].endswith(
            "/Problem"
        )
        if asked is None:
            assert "requestBody" not in operation
        else:
            body = operation["requestBody"]["content"]["application/json"]["schema"]["$ref"]
            assert body.endswith(f"/{asked.__name__}")
    asked_for = (wire.RedeemAsked, wire.ChargeAsked, wire.RefundAsked)
    for message in (wire.PushRequest, wire.Head, *asked_for, wire.PushAnswer, wire.FactResult, wire.Problem):
        assert schemas[message.__name__]["properties"].keys() == {field.name for field in dataclasses.fields(message)}


def test_every_operation_names_its_codes(running: Running) -> None:
    """By the status that tells them; all that HTTP adds are some operation's, and stand on the page of the wire."""
    document = httpx.get(running.address + "/schema/openapi.json").json()
    named: set[str] = set()
    for path, item in document["paths"].items():
        for operation in item.values():
            for status, response in operation["responses"].items():
                if status != "200":
                    codes = set(response["description"].split(" · ")) - {"database_…"}
                    assert codes == set(problems.by_status(codes).get(int(status), ())), (path, status)
                    named |= codes
    anywhere = {"not_found", "method_not_allowed"}  # before an operation is found
    assert named == problems.KNOWN - anywhere - {"member_unknown"} | {"content_differs"}  # a demo's page has the one
    health = document["paths"]["/v1/health"]["get"]["responses"]
    assert set(health) == {"200", "500", "503"}
    assert "pairing_code_used" in document["paths"]["/v1/pair"]["post"]["responses"]["403"]["description"]
    page = (
        (Path(__file__).parents[3] / "docs/protocol.md")
        .read_text("utf-8")
        .split("## Problems")[1]
        .split("## Pairing")[0]
    )
    assert {code for code in named | anywhere if f"`{code}`" not in page} == set()


def test_every_reference_leads_somewhere(running: Running) -> None:
    document = httpx.get(running.address + "/schema/openapi.json").json()

    def references(node: object) -> set[str]:
        if isinstance(node, dict):
            own = {node["$ref"]} if isinstance(node.get("$ref"), str) else set()
            return own.union(*(references(item) for item in node.values()))
        return set().union(*(references(item) for item in node)) if isinstance(node, list) else set()

    found = references(document)
    assert found
    for reference in found:
        assert reference.removeprefix("#/components/schemas/") in document["components"]["schemas"], reference
