"""The journal's tables as SQLAlchemy Core knows them; `migrations` makes them.

Rule: instants are texts of `models.times`, so they sort; values of other rooms are their `models.codec` texts. A
fact without bytes is compacted (`retention`).
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, MetaData, Table, Text, UniqueConstraint, text

METADATA = MetaData()

STATE = Table("state", METADATA, Column("key", Text, primary_key=True), Column("value", Text, nullable=False))

FACTS = Table(
    "facts",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("fact_id", Text, nullable=False, unique=True),
    Column("kind", Text, nullable=False),
    Column("happened_at", Text, nullable=False),
    Column("prev", Text, nullable=False),
    Column("hash", Text, nullable=False),
    Column("bytes", LargeBinary, nullable=False),
    Index("facts_kind", "kind", "seq"),
    Index("facts_happened_at", "happened_at"),
)
COMPACTED = b""
"""What stands in place of a compacted fact's bytes (`retention`)."""

OUTBOX = Table(
    "outbox",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("state", Text, nullable=False),
    Column("reason", Text),
    Column("tx_no", Text),
    Column("acknowledged_at", Text),
    Column("heard", Integer, nullable=False, server_default="0"),
    Index("outbox_state", "state", "seq"),
    Index("outbox_tx_no", "tx_no", sqlite_where=text("tx_no IS NOT NULL")),
)

REQUESTS = Table(
    "requests",
    METADATA,
    Column("request_id", Text, primary_key=True),
    Column("kind", Text, nullable=False, server_default="redeem"),
    Column("bytes", LargeBinary, nullable=False),
    Column("asked_at", Text, nullable=False),
    Column("cashier_id", Text),
    Column("shift_id", Text),
    Column("state", Text, nullable=False),
    Column("code", Text),
    Column("settled_at", Text),
    Column("effect_id", Text),
    Column("answer", Text),
    Column("told", Integer, nullable=False, server_default="1"),
    Column("approver_id", Text),
    Index("requests_state", "state"),
    Index("requests_told", "told", sqlite_where=text("told = 0")),
)

PRINT_JOBS = Table(
    "print_jobs",
    METADATA,
    Column("job_id", Integer, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("slip", Text, nullable=False),
    Column("copy", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("kicks_drawer", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("fault", Text),
    Column("changed_at", Text, nullable=False),
    Column("reported", Integer, nullable=False),
    UniqueConstraint("slip", "copy"),
    Index("print_jobs_state", "state", "job_id"),
    Index("print_jobs_seq", "seq"),
    Index("print_jobs_reported", "reported"),
    sqlite_autoincrement=True,
)

SERIES = Table("series", METADATA, Column("name", Text, primary_key=True), Column("last", Integer, nullable=False))

MIRROR = Table(
    "mirror",
    METADATA,
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("epoch", Text, nullable=False),
)

MEMBERS = Table(
    "members",
    METADATA,
    Column("member_id", Text, primary_key=True),
    Column("card_ref_index", LargeBinary, nullable=False),
    Column("phone_index", LargeBinary, nullable=False),
    Column("tail_index", LargeBinary, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("epoch", Text, nullable=False),
    Column("number_index", LargeBinary),
    Index("members_card_ref", "card_ref_index"),
    Index("members_number", "number_index"),
    Index("members_phone", "phone_index"),
    Index("members_tail", "tail_index"),
)

COMPANY_CARDS = Table(
    "company_cards",
    METADATA,
    Column("card_ref_index", LargeBinary, primary_key=True),
    Column("member_id", Text, primary_key=True),
    Index("company_cards_member", "member_id"),
)

COMPANIONS = Table(
    "companions",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("fact_id", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Index("companions_member", "member_id"),
)

MEMBER_ALIASES = Table(
    "member_aliases",
    METADATA,
    Column("alias_id", Text, primary_key=True),
    Column("member_id", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Index("member_aliases_member", "member_id"),
)

PASSES = Table(
    "passes",
    METADATA,
    Column("pass_id", Text, primary_key=True),
    Column("member_id", Text, nullable=False),
    Column("value", Text, nullable=False),
    Column("epoch", Text, nullable=False),
    Index("passes_member", "member_id"),
)

PASS_EFFECTS = Table(
    "pass_effects",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("pass_id", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Index("pass_effects_pass", "pass_id"),
    Index("pass_effects_member", "member_id"),
)

SPENDING = Table(
    "spending",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("pass_id", Text, nullable=False),
    Column("member_id", Text, nullable=False),
    Column("business_day", Text, nullable=False),
    Column("happened_at", Text, nullable=False),
    Column("rung", Text, nullable=False),
    Column("uses", Integer, nullable=False),
    Index("spending_pass", "pass_id", "happened_at"),
    Index("spending_member_day", "member_id", "business_day"),
    Index("spending_at_risk", "seq", sqlite_where=text("rung = 'at_risk'")),
)

SHIFTS = Table(
    "shifts",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("shift_id", Text, nullable=False, unique=True),
    Column("opened_at", Text, nullable=False),
    Column("opened_by", Text),
)

SHIFT_ENDS = Table(
    "shift_ends",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("shift_id", Text, nullable=False, unique=True),
    Column("closed_at", Text, nullable=False),
)

MARKS = Table(
    "marks",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("mark", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Index("marks_value", "mark", "value", "seq"),
)

CARTS = Table(
    "carts",
    METADATA,
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("value", Text, nullable=False),
)

RESERVATIONS = Table(
    "reservations",
    METADATA,
    Column("reservation_id", Text, primary_key=True),
    Column("member_id", Text, nullable=False),
    Column("source_kind", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Column("expires_at", Text, nullable=False),
    Column("token", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("told", Integer, nullable=False),
    Column("told_used", Integer, nullable=False),
    Column("epoch", Text, nullable=False),
    Index("reservations_source", "source_id"),
    Index("reservations_member", "member_id"),
    Index("reservations_state", "state"),
)

RESERVED_USES = Table(
    "reserved_uses",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("reservation_id", Text, nullable=False),
    Column("amount", Integer, nullable=False),
    Index("reserved_uses_reservation", "reservation_id"),
)

RESERVATION_ENDS = Table(
    "reservation_ends",
    METADATA,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("reservation_id", Text, nullable=False, unique=True),
    Column("reason", Text, nullable=False),
)
