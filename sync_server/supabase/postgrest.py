"""/rest/v1 as PostgREST answers: tables are read, functions called, and everything else is refused.

Rule: parse, ask, answer. The verified token becomes claims of the transaction, and row level security decides what is
seen; writes to tables are refused as its grants would, since only functions move money (docs/supabase.md).
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl

import psycopg
from litestar.handlers import ASGIRouteHandler
from litestar.handlers import asgi as asgi_handler
from litestar.types import Receive, Scope, Send

from models.refusals import Refusal
from sync_server.database.engine import PLATFORM, Claims, Connection, as_claims, lone, transaction
from sync_server.database.errors import DatabaseTrouble
from sync_server.supabase import calling, profiles, reading, sessions
from sync_server.supabase.calling import FUNCTIONS, Function
from sync_server.supabase.catalogue import EXPOSED, SCHEMA, Catalogue
from sync_server.supabase.door import Answer, Doors, HttpRequest, check_api_key, read_json, serve, token_of
from sync_server.supabase.failures import (
    database_error,
    from_postgres,
    no_function,
    no_table,
    not_permitted,
    query_refused,
    refused,
    troubled,
)
from sync_server.supabase.pace import Pace
from sync_server.supabase.paging import Wanted, as_asked, wanted
from sync_server.supabase.query import Query, QueryTrouble, parse
from sync_server.supabase.reading import Source, UnknownColumn
from sync_server.supabase.tokens import TokenTrouble

_NOBODY = Claims(None, "anon")
_SCHEMAS = ("public", SCHEMA)
_WRITES = ("POST", "PATCH", "PUT", "DELETE")
_UNAUTHORIZED = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
_FAILED = Answer(500, {"code": "XX000", "details": None, "hint": None, "message": "internal error"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Whom a request acts for; `anonymous` is nobody at all, who gets 401 where others get 403."""

    claims: Claims
    anonymous: bool


class Rest:
    """The door; it keeps what it knows of the database's catalogue."""

    def __init__(self, doors: Doors) -> None:
        self._doors = doors
        self._catalogue = Catalogue()
        self._pace = Pace()

    async def respond(self, request: HttpRequest) -> Answer:
        """Answer one request. Denied."""
        key = check_api_key(request, self._doors)
        _check_profile(request)
        try:
            asker = await self._asker(request, key)
            path = request.scope["path"].rstrip("/").rpartition("/rest/v1")[2].removeprefix("/")
            kind, _, rest = path.partition("/")
            try:
                if kind == "rpc" and rest:
                    return await self._function(request, asker, rest)
                return await self._table(request, asker, path)
            except psycopg.Error as error:
                raise from_postgres(error, anonymous=asker.anonymous) from error
            except DatabaseTrouble as trouble:
                raise troubled(trouble, anonymous=asker.anonymous) from trouble
        except DatabaseTrouble as trouble:
            raise troubled(trouble, anonymous=True) from trouble

    async def _asker(self, request: HttpRequest, key: str) -> Asker:
        try:
            token = token_of(request, self._doors, key)
        except TokenTrouble as trouble:
            expired = trouble.code == "expired"
            raise database_error(
                401,
                "PGRST303" if expired else "PGRST301",
                "JWT expired" if expired else "No suitable key or wrong key type",
                headers=_UNAUTHORIZED,
            ) from trouble
        if token.role == "service_role":
            return Asker(PLATFORM, anonymous=False)
        if token.role == "anon":
            return Asker(_NOBODY, anonymous=True)
        async with lone(self._doors.pool) as connection:
            user = await sessions.find(connection, token)
        if user is None:
            raise database_error(401, "PGRST303", "JWT expired", "The session ended", headers=_UNAUTHORIZED)
        return Asker(user.claims, anonymous=False)

    # Tables -----------------------------------------------------------------------------------------------------

    async def _table(self, request: HttpRequest, asker: Asker, name: str) -> Answer:
        async with transaction(self._doors.pool) as connection:
            await connection.execute("SET TRANSACTION READ ONLY")
            relation = await self._catalogue.find(connection, name)
            if relation is None:
                raise no_table(name, EXPOSED)
            if request.method in _WRITES:
                raise not_permitted(f"permission denied for {relation.kind} {name}", anonymous=asker.anonymous)
            await as_claims(connection, asker.claims)
            if name == profiles.NAME:
                source = await profiles.source(connection, self._doors.keys, asker.claims, relation)
            else:
                source = reading.relation_source(SCHEMA, relation.name, relation.columns)
            return await _read(connection, request, source)

    # Functions --------------------------------------------------------------------------------------------------

    async def _function(self, request: HttpRequest, asker: Asker, name: str) -> Answer:
        function = FUNCTIONS.get(name)
        names, text = await _arguments(request) if request.method == "POST" else (frozenset[str](), "")
        if function is None or (request.method == "POST" and not function.takes(names)):
            raise no_function(name, names, FUNCTIONS)
        if request.method != "POST":
            raise database_error(405, "25006", f"cannot execute {name} in a read-only transaction")
        if asker.anonymous:  # EXECUTE is granted to who has signed in
            raise not_permitted(f"permission denied for function {name}", anonymous=True)
        if seconds := self._pace.wait_seconds(asker.claims, self._doors.now()):
            raise database_error(429, "429", "API rate limit exceeded", headers={"Retry-After": str(seconds)})
        self._check_answerable(request, name, function)
        async with transaction(self._doors.pool, asker.claims) as connection:
            arguments = await calling.arguments_of(connection, function, names, text)
        try:
            found = await calling.call(self._doors.pool, asker.claims, function, arguments)
        except Refusal as refusal:
            raise refused(refusal) from refusal
        return await self._said(request, name, function, found)

    def _check_answerable(self, request: HttpRequest, name: str, function: Function) -> None:
        """Refuse what the answer could not be shown by, before anything happens: it is one row, and shown as it is."""
        asked = wanted(request)
        if isinstance(function.returns, str):
            return
        query = _query(request)
        shown = query.columns or ()
        if query.where or query.offset or asked.offset or query.limit == 0:
            raise query_refused(
                QueryTrouble("PGRST100", "the answer of a function is one row: filters are not offered")
            )
        if any(one.cast or one.path.steps for one in shown):
            raise query_refused(QueryTrouble("PGRST100", "the columns of a function are not cast"))
        _plan(calling.source_of(name, function, []), query, asked)

    async def _said(self, request: HttpRequest, name: str, function: Function, found: object) -> Answer:
        if not isinstance(found, dict):
            return Answer(200, "true" if found is True else str(found))
        async with lone(self._doors.pool) as connection:
            return await _read(connection, request, calling.source_of(name, function, [found]))


def handler(doors: Doors) -> ASGIRouteHandler:
    """Return everything under /rest/v1."""
    door = Rest(doors)

    @asgi_handler("/rest/v1", is_mount=True, copy_scope=True)
    async def rest(scope: Scope, receive: Receive, send: Send) -> None:
        await serve(scope, receive, send, door.respond, _FAILED)

    return rest


async def _read(connection: Connection, request: HttpRequest, source: Source) -> Answer:
    asked = wanted(request)
    offset, made = _plan(source, _query(request), asked)
    return as_asked(await reading.read(connection, made, asked.count), asked, offset)


def _query(request: HttpRequest) -> Query:
    try:
        return parse(parse_qsl(request.scope["query_string"].decode(), keep_blank_values=True, errors="strict"))
    except QueryTrouble as trouble:
        raise query_refused(trouble) from trouble
    except ValueError as error:
        raise database_error(400, "PGRST100", "the query is no UTF-8") from error


def _plan(source: Source, query: Query, asked: Wanted) -> tuple[int, reading.Plan]:
    limit = query.limit if query.limit is not None else asked.limit
    offset = query.offset or asked.offset
    try:
        return offset, reading.plan(source, query, reading.MOST_ROWS if limit is None else limit, offset)
    except QueryTrouble as trouble:
        raise query_refused(trouble) from trouble
    except UnknownColumn as unknown:
        raise database_error(400, "42703", str(unknown)) from unknown


async def _arguments(request: HttpRequest) -> tuple[frozenset[str], str]:
    try:
        body, text = await read_json(request)
    except ValueError as error:
        raise database_error(400, "PGRST102", "Empty or invalid json", str(error)[:200]) from error
    if body is None:
        return frozenset(), "{}"
    if not isinstance(body, dict):
        raise database_error(400, "PGRST102", "All object keys must match")
    return frozenset(body), text


def _check_profile(request: HttpRequest) -> None:
    for header in ("accept-profile", "content-profile"):
        if request.headers.get(header, SCHEMA) not in _SCHEMAS:
            names = ", ".join(_SCHEMAS)
            raise database_error(406, "PGRST106", "Invalid schema", f"Only the following schemas are exposed: {names}")
