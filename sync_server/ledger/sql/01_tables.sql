-- The ledger's tables (ledger.md). `ledger_id` (the cell) leads every key and is never updated; plain indexes do without
-- it, so that on a fresh install no index looks good for its first column alone. Foreign keys point to
-- reference tables that are not hot, or stay inside the ledger; none points to an account, so that a busy store's
-- open accounts are never locked. Nothing here takes its identity from the database, and nothing uses a sequence.
--
-- A CHECK is read from the catalogue and prepared anew by every statement that writes the table: on the tables that every
-- posting writes there is one, the floor. What the others would say is asked by `sync-server verify`.

CREATE TYPE app.card_type AS ENUM ('personal', 'enterprise');
CREATE TYPE app.pay_method AS ENUM ('wechat', 'alipay', 'cash', 'bank_card', 'bizum', 'platform');

-- Who holds what. Guarded: what members and passes hold; balance, version and floor stand in the row, which is locked.
-- Open: takings, issue, losses; no balance row to fight for, the total is the sum of the entries.
CREATE TABLE app.accounts (
    ledger_id   smallint NOT NULL,
    account_id  uuid NOT NULL,
    merchant_id uuid,
    owner_kind  text NOT NULL,
    owner_id    uuid NOT NULL,
    bucket      text NOT NULL,
    unit        text NOT NULL,
    guarded     boolean NOT NULL,
    balance     bigint,
    version     bigint,
    floor       bigint,
    PRIMARY KEY (ledger_id, account_id),
    UNIQUE (ledger_id, owner_kind, owner_id, bucket, unit),
    CONSTRAINT not_below_floor CHECK (balance >= floor)
) WITH (fillfactor = 70);

-- The business header. Partitioned by month on `created_at` (03_partitions.sql makes the partitions, with their unique
-- keys and indexes: a key that does not hold `created_at` can only stand in each partition by itself, and the registries
-- below make it unique across them). `pending` awaits its payment and has no entries yet.
CREATE TABLE app.transactions (
    ledger_id         smallint NOT NULL,
    tx_id             uuid NOT NULL,
    tx_no             text NOT NULL,
    kind              text NOT NULL,
    status            text NOT NULL,
    merchant_id       uuid,
    store_id          uuid,
    terminal_id       uuid,
    member_id         uuid,
    card_id           uuid,
    principal_id      uuid NOT NULL,
    idempotency_key   text,
    external_order_id text,
    amount_minor      bigint NOT NULL,
    currency          text,
    reverses          uuid,
    reason            text,
    tag               jsonb,
    happened_at       timestamptz NOT NULL,
    created_at        timestamptz NOT NULL
) PARTITION BY RANGE (created_at);
COMMENT ON COLUMN app.transactions.merchant_id IS 'Where it was done; NULL: the operator''s own business, such as a member''s top-up from a phone';

CREATE TABLE app.entries (
    ledger_id     smallint NOT NULL,
    line_no       smallint NOT NULL,
    tx_id         uuid NOT NULL,
    account_id    uuid NOT NULL,
    merchant_id   uuid,
    delta         bigint NOT NULL,
    balance_after bigint,
    version       bigint,
    created_at    timestamptz NOT NULL
) PARTITION BY RANGE (created_at);

-- Numbers people read: kind, a series' digits, and a counter of that series. An issuer (a terminal, a merchant, the
-- operator) has one series; whoever finds it taken at this moment uses the next, so nobody ever waits for a shared row.
-- A rolled back posting gives its number back: no series has gaps. A restore closes every series (app.begin_epoch): what
-- it lost of them nobody knows, so they are continued by none, and no number is ever given twice.
CREATE TABLE app.number_issuers (
    ledger_id   smallint NOT NULL,
    issuer_no   bigint NOT NULL CHECK (issuer_no > 0),
    issuer_id   uuid NOT NULL,
    series      smallint NOT NULL CHECK (series > 0),
    merchant_id uuid,
    closed      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (ledger_id, issuer_no)
);
CREATE UNIQUE INDEX number_issuers_open ON app.number_issuers (ledger_id, issuer_id, series) WHERE NOT closed;
CREATE TABLE app.number_counters (
    ledger_id   smallint NOT NULL,
    issuer_id   uuid NOT NULL,
    kind        text NOT NULL,
    series      smallint NOT NULL,
    issuer_no   bigint NOT NULL,
    merchant_id uuid,
    last_no     bigint NOT NULL,
    closed      boolean NOT NULL DEFAULT false,
    PRIMARY KEY (ledger_id, issuer_id, kind, series, issuer_no)
) WITH (fillfactor = 50);

-- Global registries: unique across every partition, and what a refund needs when the partition has been archived.
CREATE TABLE app.tx_registry (
    ledger_id      smallint NOT NULL,
    tx_no          text NOT NULL,
    tx_id          uuid NOT NULL,
    merchant_id    uuid,
    kind           text NOT NULL,
    amount_minor   bigint NOT NULL,
    currency       text,
    created_at     timestamptz NOT NULL,
    reversed_by    uuid,
    refunded_minor bigint NOT NULL DEFAULT 0,
    basis          jsonb,
    PRIMARY KEY (ledger_id, tx_no)
);
COMMENT ON COLUMN app.tx_registry.basis IS 'What a refund is computed from: card, lots and buckets used, points; what each part had back so far';

CREATE TABLE app.merchant_order_registry (
    ledger_id         smallint NOT NULL,
    merchant_id       uuid NOT NULL,
    external_order_id text NOT NULL,
    tx_id             uuid NOT NULL,
    tx_no             text NOT NULL,
    created_at        timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, merchant_id, external_order_id)
);

-- Requests: principal + key -> what it asked for, and the one answer it will ever get (app.stored_outcome: `tx_id` stands
-- in its column alone). A fact that cites a request claims its key too: then `content_hash` is NULL until the request
-- itself turns up.
CREATE TABLE app.idempotency_registry (
    ledger_id    smallint NOT NULL,
    principal_id uuid NOT NULL,
    key          text NOT NULL,
    content_hash bytea,
    effect_hash  bytea,
    outcome      jsonb NOT NULL,
    tx_id        uuid,
    created_at   timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, principal_id, key)
);

-- Passes (domain.md "Passes"). Uses left are the balance of the guarded account whose id is the pass's id; the view
-- app.passes_held shows both.
CREATE TABLE app.member_passes (
    ledger_id    smallint NOT NULL,
    pass_id      uuid NOT NULL,
    merchant_id  uuid NOT NULL,
    member_id    uuid NOT NULL REFERENCES app.members,
    plan_id      uuid NOT NULL,
    status       text NOT NULL CHECK (status IN ('active', 'suspended', 'revoked', 'expired')),
    uses_bought  integer NOT NULL CHECK (uses_bought >= 0),
    uses_opening integer NOT NULL DEFAULT 0 CHECK (uses_opening >= 0),
    amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
    currency     text NOT NULL,
    expires_at   timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    start_no     integer NOT NULL DEFAULT 1 CHECK (start_no > 0),
    PRIMARY KEY (ledger_id, pass_id),
    FOREIGN KEY (merchant_id, plan_id) REFERENCES app.pass_plans (merchant_id, plan_id)
) WITH (fillfactor = 80);
COMMENT ON COLUMN app.member_passes.uses_opening IS 'Uses taken before an opening import; they have no redemption here';
COMMENT ON COLUMN app.member_passes.start_no IS
    'How often it has begun: once, and again with each purchase after it had expired. Whatever took uses notes the number: '
    'what it gives back after a later beginning was forfeited then';
CREATE UNIQUE INDEX one_pass_per_plan ON app.member_passes (ledger_id, member_id, plan_id) WHERE status <> 'revoked';

-- Two tills first-sold one plan to one member: the later id leads to the pass that was there.
CREATE TABLE app.pass_aliases (
    ledger_id   smallint NOT NULL,
    alias_id    uuid NOT NULL,
    pass_id     uuid NOT NULL,
    merchant_id uuid NOT NULL,
    PRIMARY KEY (ledger_id, alias_id),
    FOREIGN KEY (ledger_id, pass_id) REFERENCES app.member_passes
);

-- Pass purchases, first and stacked; `review` is for HQ.
CREATE TABLE app.topup_orders (
    ledger_id      smallint NOT NULL,
    topup_order_id uuid NOT NULL,
    merchant_id    uuid NOT NULL,
    store_id       uuid NOT NULL,
    terminal_id    uuid NOT NULL,
    pass_id        uuid NOT NULL,
    member_id      uuid NOT NULL,
    plan_id        uuid NOT NULL,
    kind           text NOT NULL CHECK (kind IN ('first', 'stacked')),
    starts         boolean NOT NULL,
    uses           integer NOT NULL CHECK (uses > 0),
    uses_forfeited integer NOT NULL DEFAULT 0 CHECK (uses_forfeited >= 0),
    amount_minor   bigint NOT NULL CHECK (amount_minor >= 0),
    currency       text NOT NULL,
    review         text NOT NULL CHECK (review IN ('not_needed', 'pending', 'approved', 'rejected')),
    cashier_id     uuid,
    tx_id          uuid NOT NULL,
    happened_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    start_no       integer NOT NULL,
    PRIMARY KEY (ledger_id, topup_order_id),
    FOREIGN KEY (ledger_id, pass_id) REFERENCES app.member_passes
);
COMMENT ON COLUMN app.topup_orders.starts IS 'The pass began with it: a first purchase, or one on an expired pass';
CREATE INDEX topup_orders_by_pass ON app.topup_orders (pass_id);
CREATE INDEX topup_orders_by_store ON app.topup_orders (store_id, happened_at DESC);

CREATE TABLE app.orders (
    ledger_id     smallint NOT NULL,
    order_id      uuid NOT NULL,
    merchant_id   uuid NOT NULL,
    store_id      uuid NOT NULL,
    terminal_id   uuid NOT NULL,
    channel       text NOT NULL CHECK (channel IN ('till')),
    member_id     uuid,
    redemption_id uuid,
    total_minor   bigint NOT NULL CHECK (total_minor >= 0),
    currency      text NOT NULL,
    status        text NOT NULL CHECK (status IN ('paid', 'reversed')),
    pickup_no     text,
    cashier_id    uuid,
    tx_id         uuid NOT NULL,
    tx_no         text NOT NULL,
    happened_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, order_id)
);
CREATE INDEX orders_by_store ON app.orders (store_id, happened_at DESC);

CREATE TABLE app.order_items (
    ledger_id     smallint NOT NULL,
    order_item_id uuid NOT NULL,
    order_id      uuid NOT NULL,
    merchant_id   uuid NOT NULL,
    line_no       smallint NOT NULL,
    product_id    text NOT NULL,
    name          text NOT NULL,
    base_minor    bigint NOT NULL CHECK (base_minor >= 0),
    vat_rate      text NOT NULL,
    add_ons       jsonb NOT NULL,
    total_minor   bigint NOT NULL CHECK (total_minor >= 0),
    refund_id     uuid,
    PRIMARY KEY (ledger_id, order_item_id),
    UNIQUE (ledger_id, order_id, line_no),
    FOREIGN KEY (ledger_id, order_id) REFERENCES app.orders
);

COMMENT ON COLUMN app.order_items.refund_id IS 'The refund that gave it back, one of app.order_refunds; a line comes back whole, once';

-- Money that came or went, line by line. Without merchant: the operator's own business.
CREATE TABLE app.payments (
    ledger_id      smallint NOT NULL,
    tx_id          uuid NOT NULL,
    line_no        smallint NOT NULL,
    merchant_id    uuid,
    kind           text NOT NULL,
    amount_minor   bigint NOT NULL CHECK (amount_minor <> 0),
    received_minor bigint NOT NULL,
    PRIMARY KEY (ledger_id, tx_id, line_no)
);

-- Redemptions: a batch per act, a line per cup. A free one has no order at all (R087, R088).
CREATE TABLE app.pass_redemption_batches (
    ledger_id         smallint NOT NULL,
    redemption_id     uuid NOT NULL,
    merchant_id       uuid NOT NULL,
    store_id          uuid NOT NULL,
    terminal_id       uuid NOT NULL,
    pass_id           uuid NOT NULL,
    member_id         uuid NOT NULL,
    business_day      date NOT NULL,
    uses              integer NOT NULL CHECK (uses > 0),
    loss_uses         integer NOT NULL DEFAULT 0 CHECK (loss_uses BETWEEN 0 AND uses),
    reserved_uses     integer NOT NULL DEFAULT 0 CHECK (reserved_uses BETWEEN 0 AND uses - loss_uses),
    reservation_id    uuid,
    extra_total_minor bigint NOT NULL CHECK (extra_total_minor >= 0),
    currency          text NOT NULL,
    order_id          uuid,
    request_id        text,
    fact_id           uuid,
    rung              text NOT NULL CHECK (rung IN ('online', 'reserved', 'at_risk', 'own_sale', 'decided')),
    policy_version    integer,
    effect_hash       bytea NOT NULL CHECK (octet_length(effect_hash) = 32),
    cashier_id        uuid,
    tx_id             uuid NOT NULL,
    reversed_by       uuid,
    happened_at       timestamptz NOT NULL,
    recorded_at       timestamptz NOT NULL,
    start_no          integer NOT NULL,
    forfeited_uses    integer NOT NULL DEFAULT 0,
    heard             boolean NOT NULL DEFAULT false,
    PRIMARY KEY (ledger_id, redemption_id),
    FOREIGN KEY (ledger_id, pass_id) REFERENCES app.member_passes,
    CHECK ((order_id IS NULL) = (extra_total_minor = 0)),
    CHECK (loss_uses = 0 OR rung IN ('at_risk', 'reserved', 'decided')),
    CHECK (reserved_uses = 0 OR reservation_id IS NOT NULL AND reversed_by IS NULL),
    CHECK (forfeited_uses = 0 OR forfeited_uses = uses - loss_uses AND reversed_by IS NOT NULL)
);
COMMENT ON COLUMN app.pass_redemption_batches.reserved_uses IS
    'Paid by what was set aside for its till; the rest is off the pass, or lost';
COMMENT ON COLUMN app.pass_redemption_batches.forfeited_uses IS
    'Taken back after the pass had begun anew: forfeited with what had been left then';
COMMENT ON COLUMN app.pass_redemption_batches.heard IS
    'Handed in before, in an epoch that a restore has ended: it was no longer unsettled when what followed happened';
COMMENT ON COLUMN app.pass_redemption_batches.rung IS 'What it rested on (sync.md); decided: a person at HQ accepted what was held';
CREATE INDEX redemptions_by_pass_day ON app.pass_redemption_batches (pass_id, business_day);
CREATE UNIQUE INDEX redemption_of_request ON app.pass_redemption_batches (ledger_id, terminal_id, request_id)
    WHERE request_id IS NOT NULL;
CREATE INDEX redemptions_by_store ON app.pass_redemption_batches (store_id, happened_at DESC);
CREATE INDEX redemptions_at_risk ON app.pass_redemption_batches (terminal_id, recorded_at)
    WHERE rung = 'at_risk';
CREATE INDEX redemptions_at_risk_of_member ON app.pass_redemption_batches (member_id, business_day)
    WHERE rung = 'at_risk';

CREATE TABLE app.pass_redemptions (
    ledger_id     smallint NOT NULL,
    redemption_id uuid NOT NULL,
    line_no       smallint NOT NULL,
    merchant_id   uuid NOT NULL,
    pass_id       uuid NOT NULL,
    use_no        integer CHECK (use_no > 0),
    product_id    text NOT NULL,
    name          text NOT NULL,
    add_ons       jsonb NOT NULL,
    order_id      uuid,
    order_item_id uuid,
    PRIMARY KEY (ledger_id, redemption_id, line_no),
    UNIQUE (ledger_id, pass_id, use_no),
    FOREIGN KEY (ledger_id, redemption_id) REFERENCES app.pass_redemption_batches,
    FOREIGN KEY (ledger_id, order_item_id) REFERENCES app.order_items
);
COMMENT ON COLUMN app.pass_redemptions.use_no IS 'Counts the uses a pass ever gave, never used again; NULL for a use that was not there (offline loss)';

-- What tills said, byte for byte, whatever became of it. `in_chain` false: another history of the same terminal.
CREATE TABLE app.facts (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    hash        bytea NOT NULL CHECK (octet_length(hash) = 32),
    seq         bigint NOT NULL CHECK (seq > 0),
    prev        bytea NOT NULL,
    in_chain    boolean NOT NULL,
    chained_as  bytea CHECK (octet_length(chained_as) = 32 AND chained_as <> hash),
    fact_id     uuid,
    id_taken    boolean NOT NULL DEFAULT false,
    kind        text,
    bytes       bytea NOT NULL,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    outcome     text NOT NULL CHECK (outcome IN ('accepted', 'held')),
    reason      text,
    data        jsonb,
    tx_id       uuid,
    tx_no       text,
    happened_at timestamptz,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id, hash),
    CHECK ((outcome = 'held') = (reason IS NOT NULL)),
    CHECK (outcome = 'accepted' OR tx_id IS NULL)
);
COMMENT ON COLUMN app.facts.id_taken IS 'An earlier fact of the chain has this id and another content, or it may not be its own: this one is kept aside';
COMMENT ON COLUMN app.facts.chained_as IS 'The hash by which the till''s chain knows this place, where these bytes are not what it chained';
CREATE UNIQUE INDEX facts_in_chain ON app.facts (ledger_id, terminal_id, seq) WHERE in_chain;
CREATE UNIQUE INDEX facts_by_id ON app.facts (fact_id, terminal_id, ledger_id)
    WHERE in_chain AND NOT id_taken;
CREATE INDEX facts_by_tx ON app.facts (tx_id) WHERE tx_id IS NOT NULL;
CREATE INDEX facts_shifts ON app.facts (happened_at DESC) WHERE kind = 'ShiftClosed';
CREATE INDEX facts_held ON app.facts (merchant_id, recorded_at) WHERE outcome = 'held';

CREATE TABLE app.terminal_heads (
    ledger_id        smallint NOT NULL,
    terminal_id      uuid NOT NULL,
    merchant_id      uuid NOT NULL,
    seq              bigint NOT NULL,
    hash             bytea NOT NULL CHECK (octet_length(hash) = 32),
    happened_at      timestamptz NOT NULL,
    signed_seq       bigint,
    signature        bytea,
    countersignature bytea,
    key_id           text,
    epoch            text,
    forked_at        timestamptz,
    vouched_seal_no  bigint,
    vouched_epoch    text,
    vouched_hash     bytea CHECK (octet_length(vouched_hash) = 32),
    heard_seq        bigint,
    heard_hash       bytea CHECK (octet_length(heard_hash) = 32),
    backed_up_seq    bigint NOT NULL DEFAULT 0,
    late_facts       bigint NOT NULL DEFAULT 0,
    late_bytes       bigint NOT NULL DEFAULT 0,
    updated_at       timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id),
    CHECK ((signed_seq IS NULL) = (signature IS NULL)),
    CHECK ((vouched_seal_no IS NULL) = (vouched_hash IS NULL) AND (vouched_seal_no IS NULL) = (vouched_epoch IS NULL))
) WITH (fillfactor = 50);
COMMENT ON COLUMN app.terminal_heads.happened_at IS 'Latest time judged so far: time never runs backwards along a chain';
COMMENT ON COLUMN app.terminal_heads.vouched_seal_no IS 'The last audit seal the till showed us; one that our chain lacks stays here';
COMMENT ON COLUMN app.terminal_heads.heard_seq IS 'Acknowledged in an earlier epoch, as the till has proved, and not here again yet';
COMMENT ON COLUMN app.terminal_heads.late_facts IS 'How many facts came since the terminal was revoked, second histories too; late_bytes: how long they are';
COMMENT ON COLUMN app.terminal_heads.backed_up_seq IS 'All up to it is in a backup that was noted (65_backups); the till may compact it';
COMMENT ON COLUMN app.terminal_heads.forked_at IS 'Two histories were seen: nothing of this terminal is taken on risk any more';

-- Slips by number, so that every screen finds a transaction by its paper and the other way round.
CREATE TABLE app.slips (
    ledger_id   smallint NOT NULL,
    slip_no     text NOT NULL,
    merchant_id uuid NOT NULL,
    terminal_id uuid NOT NULL,
    fact_hash   bytea NOT NULL,
    kind        text NOT NULL CHECK (kind IN ('VR', 'TP', 'CM', 'ZR')),
    counter     integer NOT NULL CHECK (counter > 0),
    tx_id       uuid,
    PRIMARY KEY (ledger_id, slip_no)
);
CREATE INDEX slips_by_terminal ON app.slips (terminal_id, kind, counter);
CREATE INDEX slips_by_tx ON app.slips (tx_id) WHERE tx_id IS NOT NULL;

CREATE TABLE app.print_reports (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    slip_no     text NOT NULL,
    copy        integer NOT NULL CHECK (copy >= 0),
    merchant_id uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('queued', 'sending', 'printed', 'not_printed', 'unknown', 'handed_over')),
    changed_at  timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id, slip_no, copy)
);
CREATE INDEX print_reports_by_slip ON app.print_reports (slip_no);

-- One row per effect, written with it; refusals, held facts and alarms too. The row of a transaction has its id. `xid`
-- orders the rows for sealing (50_sealing.sql): no row that commits late is skipped. `life` counts what the database has
-- lived through: app.begin_epoch raises its default, because transaction numbers may begin anew after a restore.
CREATE TABLE audit.event_log (
    ledger_id    smallint NOT NULL,
    life         smallint NOT NULL DEFAULT 1,
    xid          xid8 NOT NULL DEFAULT pg_current_xact_id(),
    event_id     uuid NOT NULL,
    recorded_at  timestamptz NOT NULL,
    event        text NOT NULL,
    severity     text NOT NULL,
    principal_id uuid,
    merchant_id  uuid,
    tx_id        uuid,
    subject      text,
    data         jsonb NOT NULL,
    PRIMARY KEY (ledger_id, life, xid, event_id)
);
CREATE INDEX alarms ON audit.event_log (recorded_at) WHERE severity = 'alarm';
