"""Describe the messages in the OpenAPI 3.1 document, from the dataclasses themselves.

Rule: the wire is decoded by models.codec out of Litestar's sight; what is said of a body here is generated from the
same types. Served at /schema/openapi.json.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import OpenAPIMediaType, Operation, Reference, RequestBody

from models.wire import ActionRequest, PairRequest, Problem, PushRequest, TillAlarms
from sync_server.api import problems

_ASKED = (PairRequest, PushRequest, ActionRequest, TillAlarms)
_PLACE = "#/components/schemas/{name}"


def asks(kind: type) -> type[Operation]:
    """Return the operation of a handler that reads a message of this kind from its body."""

    @dataclass
    class Asking(Operation):
        def __post_init__(self) -> None:
            media = OpenAPIMediaType(schema=Reference(ref=_PLACE.format(name=kind.__name__)))
            self.request_body = RequestBody(content={"application/json": media}, required=True)

    return Asking


def answers(kind: type, codes: Collection[str] = problems.TERMINAL) -> dict[int, ResponseSpec]:
    """Return the responses of a handler that answers with a message of this kind, or a problem of these codes."""
    told = {
        status: ResponseSpec(
            Problem,
            generate_examples=False,
            description=" · ".join([*found, *(["database_…"] if status == 503 else [])]),
            media_type=problems.MEDIA_TYPE,
        )
        for status, found in problems.by_status(codes).items()
    }
    return {200: ResponseSpec(kind, generate_examples=False, description="The answer"), **told}


class _Document(JsonRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Add the messages that only a body carries."""
        _, asked = msgspec.json.schema_components(_ASKED, ref_template=_PLACE)
        schemas = openapi_schema.setdefault("components", {}).setdefault("schemas", {})
        for name, schema in asked.items():
            schemas.setdefault(name, schema)
        return super().render(request, openapi_schema)


def config(version: str) -> OpenAPIConfig:
    """Return the document's settings."""
    return OpenAPIConfig(
        title="Tillkeeper sync server",
        version=version,
        description="Requests of terminals are signed (RFC 9421); see docs/protocol.md.",
        use_handler_docstrings=True,
        path="/schema",
        render_plugins=[_Document()],
    )
