"""A pass as a row: its name, when it ends or why it cannot be used, and the uses left."""

from datetime import datetime

from models.catalogue import name_in
from pos_app.till.values import PassView
from pos_app.ui.phrases import Phrases
from pos_app.ui.widgets.buttons import Row

_SOON_DAYS = 7


def pass_row(name: str, shown: PassView, now: datetime, say: Phrases) -> Row:
    """Draw a pass; one that ends within a week is warned of."""
    note = say.expiry(shown.held.expires_at, now)
    tone = "warn" if (shown.held.expires_at - now).days < _SOON_DAYS else "soft"
    if shown.reason is not None:
        note, tone = say.code("pass.reason", shown.reason), "bad"
    elif shown.used_today:
        note = f"{note} · {say('pass.used_today', n=shown.used_today)}"
    return Row(name, name_in(shown.plan.names, say.language), note, say("uses", n=shown.held.uses_left), tone)
