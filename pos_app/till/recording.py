"""Put one fact of the signed-in cashier into the journal, with its slips waiting to be printed.

Rule: one transaction holds the fact, its outbox row, its print jobs and what it changes in the mirror.
"""

from datetime import datetime

from sqlalchemy import Connection

from models.catalogue import CompanyCard, Member, mask_card_no, mask_name
from models.facts import Body, Fact
from models.phones import mask_phone
from models.times import business_day
from pos_app.journal import chain
from pos_app.journal.prints import NewJob
from pos_app.till.till import Till
from pos_app.till.values import Session
from printing.slips import SlipContext, slip_documents


def business_day_text(till: Till, at: datetime) -> str:
    """Return the store's business day of an instant as an ISO date."""
    store = till.journal.store
    return business_day(at, store.timezone, store.business_day_cutoff_minutes).isoformat()


def append(
    till: Till,
    rows: Connection,
    body: Body,
    person: Session | None,
    at: datetime,
    *,
    member: Member | None = None,
    company: CompanyCard | None = None,
    shift_id: str | None = None,
    kicks_drawer: bool = False,
    fact_id: str | None = None,
    approver_id: str | None = None,
) -> chain.Recorded:
    """Append a fact inside the caller's transaction; `member` and `company` lend their masked names to the slips."""

    def jobs(fact: Fact, fact_hash: str) -> list[NewJob]:
        return _jobs(till, fact, fact_hash, _context(till, fact, person, member, company), kicks_drawer)

    return chain.append(
        rows,
        chain.Draft(
            fact_id or till.ids.new(),
            till.journal.require_identity().terminal_id,
            at,
            shift_id or (person.shift_id if person else None),
            person.staff_id if person else None,
            approver_id,
            till.journal.store.slip_language,
            body,
        ),
        jobs,
    )


def record_alone(
    till: Till, body: Body, person: Session | None, at: datetime, *, shift_id: str | None = None
) -> chain.Recorded:
    """Append a fact in a transaction of its own."""
    with till.journal.writing() as rows:
        return append(till, rows, body, person, at, shift_id=shift_id)


def _context(
    till: Till, fact: Fact, person: Session | None, member: Member | None, company: CompanyCard | None
) -> SlipContext:
    approver = till.journal.catalogue.staff.get(fact.approver_id or "")
    return SlipContext(
        store=till.journal.store,
        terminal_code=till.journal.terminal_code,
        cashier_name=person.staff_name if person else "",
        member_name=mask_name(member.name) if member and member.name else None,
        member_phone=mask_phone(member.phone) if member and member.phone else None,
        language=fact.language,
        training=till.journal.training,
        company_name=company.company_name if company else None,
        company_card=mask_card_no(company.card_no) if company else None,
        approver_name=approver.name if approver else None,
    )


def _jobs(till: Till, fact: Fact, fact_hash: str, context: SlipContext, kicks_drawer: bool) -> list[NewJob]:
    if not getattr(fact.body, "slips", ()):
        return []
    kicks_drawer = kicks_drawer and not till.journal.training  # real money lies in it
    documents = slip_documents(fact, fact_hash, context)
    last = len(documents) - 1
    return [
        NewJob(document.number, document.kind, chain.encode_document(document), kicks_drawer and index == last)
        for index, document in enumerate(documents)
    ]
