"""The first schema: facts, outbox, intents, paper, mirror, and what is derived from facts."""

STATEMENTS = (
    """CREATE TABLE state (
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY ("key")
    )""",
    """CREATE TABLE facts (
        seq INTEGER NOT NULL,
        fact_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        happened_at TEXT NOT NULL,
        prev TEXT NOT NULL,
        hash TEXT NOT NULL,
        bytes BLOB NOT NULL,
        PRIMARY KEY (seq),
        UNIQUE (fact_id)
    )""",
    """CREATE TABLE outbox (
        seq INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT,
        tx_no TEXT,
        acknowledged_at TEXT,
        PRIMARY KEY (seq)
    )""",
    "CREATE INDEX outbox_state ON outbox (state, seq)",
    """CREATE TABLE requests (
        request_id TEXT NOT NULL,
        bytes BLOB NOT NULL,
        asked_at TEXT NOT NULL,
        state TEXT NOT NULL,
        code TEXT,
        settled_at TEXT,
        redemption_id TEXT,
        PRIMARY KEY (request_id)
    )""",
    "CREATE INDEX requests_state ON requests (state)",
    """CREATE TABLE print_jobs (
        job_id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        seq INTEGER NOT NULL,
        slip TEXT NOT NULL,
        copy INTEGER NOT NULL,
        kind TEXT NOT NULL,
        document TEXT NOT NULL,
        kicks_drawer INTEGER NOT NULL,
        state TEXT NOT NULL,
        fault TEXT,
        changed_at TEXT NOT NULL,
        reported INTEGER NOT NULL,
        UNIQUE (slip, copy)
    )""",
    "CREATE INDEX print_jobs_reported ON print_jobs (reported)",
    "CREATE INDEX print_jobs_seq ON print_jobs (seq)",
    "CREATE INDEX print_jobs_state ON print_jobs (state, job_id)",
    """CREATE TABLE series (
        name TEXT NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (name)
    )""",
    """CREATE TABLE mirror (
        kind TEXT NOT NULL,
        "key" TEXT NOT NULL,
        value TEXT NOT NULL,
        epoch TEXT NOT NULL,
        PRIMARY KEY (kind, "key")
    )""",
    """CREATE TABLE members (
        member_id TEXT NOT NULL,
        card_ref_index BLOB NOT NULL,
        phone_index BLOB NOT NULL,
        tail_index BLOB NOT NULL,
        sealed BLOB NOT NULL,
        epoch TEXT NOT NULL,
        PRIMARY KEY (member_id)
    )""",
    "CREATE INDEX members_card_ref ON members (card_ref_index)",
    "CREATE INDEX members_phone ON members (phone_index)",
    "CREATE INDEX members_tail ON members (tail_index)",
    """CREATE TABLE passes (
        pass_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        value TEXT NOT NULL,
        epoch TEXT NOT NULL,
        PRIMARY KEY (pass_id)
    )""",
    "CREATE INDEX passes_member ON passes (member_id)",
    """CREATE TABLE pass_effects (
        seq INTEGER NOT NULL,
        pass_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        PRIMARY KEY (seq)
    )""",
    "CREATE INDEX pass_effects_member ON pass_effects (member_id)",
    "CREATE INDEX pass_effects_pass ON pass_effects (pass_id)",
    """CREATE TABLE spending (
        seq INTEGER NOT NULL,
        pass_id TEXT NOT NULL,
        member_id TEXT NOT NULL,
        business_day TEXT NOT NULL,
        happened_at TEXT NOT NULL,
        rung TEXT NOT NULL,
        uses INTEGER NOT NULL,
        PRIMARY KEY (seq)
    )""",
    "CREATE INDEX spending_member_day ON spending (member_id, business_day)",
    "CREATE INDEX spending_pass ON spending (pass_id, happened_at)",
    """CREATE TABLE shifts (
        seq INTEGER NOT NULL,
        shift_id TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        opened_by TEXT,
        PRIMARY KEY (seq),
        UNIQUE (shift_id)
    )""",
)
