"""Open a shift with the float in the drawer."""

from models.facts import ShiftOpened
from models.money import check_amount
from models.refusals import Refusal
from pos_app.till.recording import business_day_text, record_alone
from pos_app.till.sign_in import require_session
from pos_app.till.till import Till
from pos_app.till.values import Changes, Session


def open_shift(till: Till, float_minor: int) -> Session:
    """Open the till's shift; `float_minor` is in the store's currency.

    Refusals: `not_signed_in`, `shift_already_open`, `amount_invalid`.
    """
    person = require_session(till)
    if check_amount(float_minor) < 0:
        raise Refusal("amount_invalid", {"amount": str(float_minor)})
    if person.shift_id is not None:
        raise Refusal("shift_already_open")
    store = till.journal.store
    now = till.clock.now()
    shift_id = till.ids.new()
    body = ShiftOpened(shift_id, float_minor, store.currency, business_day_text(till, now))
    record_alone(till, body, person, now, shift_id=shift_id)
    till.notify(Changes(facts=True, outbox=True, session=True))
    return require_session(till)
