"""Describe the endpoints under `/admin/api` in the OpenAPI document: what they read and how they refuse.

Rule: names and bounds come from what the handlers check. The cookie or the bearer token of `POST /admin/api/session`
lets in.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.spec import (
    OpenAPIFormat,
    OpenAPIMediaType,
    OpenAPIType,
    Operation,
    Parameter,
    RequestBody,
    Schema,
)

_PROBLEMS = {
    400: "The request is malformed",
    401: "Nobody is signed in, or the password is wrong",
    403: "The person may not",
    404: "There is no such thing, or the person does not see it",
    409: "It cannot be done now; nothing happened",
    422: "The key stands for another act",
    429: "Too many wrong passwords",
    503: "Come back after Retry-After seconds",
}
TEXT = Schema(type=OpenAPIType.STRING)
REASON = Schema(type=OpenAPIType.STRING, min_length=3, max_length=200)
WHOLE = Schema(one_of=[Schema(type=OpenAPIType.INTEGER), Schema(type=OpenAPIType.STRING, pattern="^-?[0-9]{1,18}$")])
"""A whole number, also written as text."""
ID = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.UUID)


@dataclass
class HqProblem:
    """An RFC 9457 problem of HQ; `code` is stable."""

    type: str
    title: str
    status: int
    code: str
    data: dict[str, Any] | None = None


def refuses(*statuses: int) -> dict[int, ResponseSpec]:
    """Return the problems that a handler may answer with, besides those that all may."""
    return {
        status: ResponseSpec(
            HqProblem, generate_examples=False, description=_PROBLEMS[status], media_type="application/problem+json"
        )
        for status in sorted({400, 401, 503, *statuses})
    }


def words(known: Collection[str]) -> Schema:
    """Return the schema of one of these words."""
    return Schema(type=OpenAPIType.STRING, enum=list(known))


def reads(fields: Mapping[str, Schema], required: Collection[str], *, act: bool = True) -> type[Operation]:
    """Return the operation of a handler that reads these fields; `act`: it names itself by `Idempotency-Key`."""
    body = Schema(
        type=OpenAPIType.OBJECT, properties=dict(fields), required=list(required), additional_properties=False
    )

    @dataclass
    class Reading(Operation):
        def __post_init__(self) -> None:
            if fields:
                media = OpenAPIMediaType(schema=body)
                self.request_body = RequestBody(content={"application/json": media}, required=True)
            if act:
                key = Schema(type=OpenAPIType.STRING, min_length=1, max_length=200)
                named = Parameter("Idempotency-Key", param_in="header", required=True, schema=key)
                self.parameters = [*(self.parameters or []), named]

    return Reading


def queries(names: Collection[str]) -> type[Operation]:
    """Return the operation of a list that these query parameters narrow."""

    @dataclass
    class Narrowed(Operation):
        def __post_init__(self) -> None:
            self.parameters = [Parameter(name, param_in="query", schema=TEXT) for name in names]

    return Narrowed
