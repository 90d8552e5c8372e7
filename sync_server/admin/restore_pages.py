"""After a restore: when the database was put back, and what it had granted online in the time that was lost.

Rule: as `held_pages`; both lists come from `reports`, an act about a held one is made on its own page.
"""

from dataclasses import asdict

from litestar import Response, get

from sync_server.admin import views
from sync_server.admin.described import refuses
from sync_server.admin.desk import Asker, Desk, HttpRequest, language_of
from sync_server.admin.endpoints import json_answer
from sync_server.admin.rendering import page
from sync_server.admin.words import hq_words
from sync_server.database.engine import transaction
from sync_server.ledger import backups
from sync_server.reports import orders as reports
from sync_server.reports import restores


@get("/restores", include_in_schema=False)
async def restores_page(request: HttpRequest, hq: Desk, user: Asker) -> Response[str]:
    """Show the restores, and what the tills' facts brought back."""
    language = language_of(request)
    words = hq_words(language)
    async with transaction(hq.pool, user.claims) as connection:
        epochs, found = await restores.restores(connection), await reports.regranted(connection)
        waiting = await reports.waiting(connection)
        backup = await backups.newest(connection)
        revoked = await restores.revoked_again(connection)
    return page(
        "restores", language, user, here="alarms", back="/admin/restores", waiting=waiting,
        epochs=[(views.local_time(one.lost_from, "UTC"), views.local_time(one.started_at, "UTC")) for one in epochs],
        revoked=[(one.code, one.reason, views.local_time(one.at, "UTC")) for one in revoked],
        rows=[views.order_view(row, words, language) for row in found],
        backup=views.backup_line(backup.taken_at if backup else None, words) if user.role == "hq" else "",
    )  # fmt: skip


@get("/api/restores", responses=refuses())
async def restores_list(hq: Desk, user: Asker) -> Response[bytes]:
    """Return the restores, the tills revoked again, and the facts of what had been granted online, newest first."""
    async with transaction(hq.pool, user.claims) as connection:
        epochs, found = await restores.restores(connection), await reports.regranted(connection)
        revoked = await restores.revoked_again(connection)
    return json_answer({
        "restores": [asdict(one) for one in epochs], "granted": [asdict(row) for row in found],
        "revoked_again": [asdict(one) for one in revoked],
    })  # fmt: skip


HANDLERS = [restores_page, restores_list]
