-- Stored value and what surrounds it (domain.md "Cards"). A card's money and points are balances of guarded accounts whose
-- owner is the card; the views app.personal_cards and app.enterprise_cards show both. Cards, and what members hold, are
-- the operator's: they belong to no merchant.

CREATE TABLE app.cards (
    ledger_id      smallint NOT NULL,
    card_id        uuid NOT NULL,
    card_type      app.card_type NOT NULL,
    card_no        text NOT NULL CHECK (length(card_no) BETWEEN 1 AND 40),
    card_ref       text NOT NULL CHECK (card_ref ~ '^[0-9A-Z.$%]{8}$'),
    member_id      uuid REFERENCES app.members,
    company_name   text CHECK (length(company_name) BETWEEN 1 AND 200),
    fixed_discount numeric(4, 3) CHECK (fixed_discount > 0 AND fixed_discount <= 1),
    currency       text CHECK (currency ~ '^[A-Z]{3}$'),
    status         text NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'frozen', 'expired', 'closed')),
    expires_at     timestamptz,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, card_id),
    UNIQUE (ledger_id, card_no),
    UNIQUE (ledger_id, card_ref),
    UNIQUE (ledger_id, member_id),
    CHECK ((card_type = 'personal') = (member_id IS NOT NULL)),
    CHECK ((card_type = 'enterprise') = (company_name IS NOT NULL)),
    CHECK ((card_type = 'enterprise') = (fixed_discount IS NOT NULL))
) WITH (fillfactor = 80);
COMMENT ON COLUMN app.cards.currency IS 'Set by the first money that comes in, and kept: a card has one currency';
CREATE INDEX cards_by_expiry ON app.cards (expires_at) WHERE expires_at IS NOT NULL AND status = 'active';

-- Every member has a personal card from the first moment (R028, R068).
CREATE FUNCTION app.after_insert_member_create_card() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    AS $$
BEGIN
    INSERT INTO app.cards (ledger_id, card_id, card_type, card_no, card_ref, member_id, created_at)
    VALUES (1, app.new_id(), 'personal', 'P' || NEW.member_no, NEW.card_ref, NEW.member_id, app.now_utc());
    RETURN NULL;
END $$;
CREATE TRIGGER after_insert_member_create_card AFTER INSERT ON app.members
    FOR EACH ROW EXECUTE FUNCTION app.after_insert_member_create_card();

CREATE TABLE app.enterprise_card_bindings (
    ledger_id          smallint NOT NULL,
    enterprise_card_id uuid NOT NULL,
    member_id          uuid NOT NULL REFERENCES app.members,
    role               text NOT NULL CHECK (role IN ('admin', 'member')),
    bound_at           timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, enterprise_card_id, member_id),
    FOREIGN KEY (ledger_id, enterprise_card_id) REFERENCES app.cards (ledger_id, card_id)
);
CREATE INDEX bindings_by_member ON app.enterprise_card_bindings (member_id);

CREATE TABLE sec.card_passwords (
    ledger_id     smallint NOT NULL,
    card_id       uuid NOT NULL,
    password_hash text NOT NULL,
    wrong_tries   integer NOT NULL DEFAULT 0,
    locked_until  timestamptz,
    PRIMARY KEY (ledger_id, card_id),
    FOREIGN KEY (ledger_id, card_id) REFERENCES app.cards
);

-- The newest short code of a card (30_card_codes.sql): of its secret a bcrypt hash, nothing else.
CREATE TABLE sec.card_codes (
    ledger_id    smallint NOT NULL,
    card_ref     text NOT NULL,
    secret_hash  text NOT NULL,
    issued_at    timestamptz NOT NULL,
    used_at      timestamptz,
    wrong_tries  integer NOT NULL DEFAULT 0,
    locked_until timestamptz,
    PRIMARY KEY (ledger_id, card_ref),
    FOREIGN KEY (ledger_id, card_ref) REFERENCES app.cards (ledger_id, card_ref)
) WITH (fillfactor = 70);

-- Who works for a merchant, as source 001 knows it: the people that auth.uid() may be at its doors.
CREATE TABLE app.merchant_users (
    merchant_id uuid NOT NULL REFERENCES app.merchants,
    user_id     uuid NOT NULL,
    role        text NOT NULL CHECK (role IN ('owner', 'manager', 'cashier')),
    added_at    timestamptz NOT NULL DEFAULT app.now_utc(),
    PRIMARY KEY (merchant_id, user_id)
);
CREATE INDEX merchant_users_by_user ON app.merchant_users (user_id);

-- Points give a level, a level gives a discount. A merchant's own bands rule at its stores; the operator's (merchant
-- NULL) where it has none. app.put_membership_levels alone writes them, and refuses an overlap.
CREATE TABLE app.membership_levels (
    merchant_id uuid REFERENCES app.merchants,
    level       integer NOT NULL CHECK (level >= 0),
    min_points  bigint NOT NULL CHECK (min_points >= 0),
    max_points  bigint CHECK (max_points >= min_points),
    discount    numeric(4, 3) NOT NULL CHECK (discount > 0 AND discount <= 1),
    UNIQUE NULLS NOT DISTINCT (merchant_id, level),
    UNIQUE NULLS NOT DISTINCT (merchant_id, min_points)
);

-- What a top-up brings besides. A rule is never changed, only ended: a slip printed offline cites it.
CREATE TABLE app.bonus_rules (
    rule_id          uuid PRIMARY KEY,
    merchant_id      uuid NOT NULL REFERENCES app.merchants,
    currency         text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    min_amount_minor bigint NOT NULL CHECK (min_amount_minor > 0),
    bonus_minor      bigint NOT NULL CHECK (bonus_minor >= 0),
    bonus_rate       numeric(5, 4) NOT NULL DEFAULT 0 CHECK (bonus_rate BETWEEN 0 AND 9.9999),
    starts_at        timestamptz NOT NULL,
    ends_at          timestamptz CHECK (ends_at > starts_at)
);
CREATE INDEX bonus_rules_by_merchant ON app.bonus_rules (merchant_id, currency, min_amount_minor);

-- Money of a card by where it came from: spent bonus first, then principal, oldest lot first; refunded lot by lot.
CREATE TABLE app.card_lots (
    ledger_id         smallint NOT NULL,
    lot_id            uuid NOT NULL,
    card_id           uuid NOT NULL,
    origin            text NOT NULL,
    tx_no             text NOT NULL,
    merchant_id       uuid,
    principal_granted bigint NOT NULL,
    bonus_granted     bigint NOT NULL,
    principal_left    bigint NOT NULL,
    bonus_left        bigint NOT NULL,
    refunded_minor    bigint NOT NULL DEFAULT 0,
    clawed_minor      bigint NOT NULL DEFAULT 0,
    uncollected_minor bigint NOT NULL DEFAULT 0,
    opened_at         timestamptz NOT NULL,
    spent             boolean GENERATED ALWAYS AS (principal_left = 0 AND bonus_left = 0) STORED,
    PRIMARY KEY (ledger_id, lot_id),
    FOREIGN KEY (ledger_id, card_id) REFERENCES app.cards,
    -- One, because every charge pays for each.
    CHECK (origin IN ('top_up', 'opening', 'refund', 'adjustment') AND bonus_granted >= 0 AND principal_left >= 0
           AND bonus_left >= 0 AND refunded_minor BETWEEN 0 AND principal_granted AND clawed_minor >= 0
           AND uncollected_minor >= 0)
) WITH (fillfactor = 80);
COMMENT ON COLUMN app.card_lots.clawed_minor IS 'Bonus that was collected from principal when the top-up was refunded, less what came back since';
COMMENT ON COLUMN app.card_lots.spent IS 'In the index instead of the amounts: a lot that only gets smaller stays where it is (HOT)';
CREATE INDEX card_lots_open ON app.card_lots (card_id, opened_at, lot_id) WHERE NOT spent;
CREATE INDEX card_lots_by_tx ON app.card_lots (tx_no);

-- Top-ups of cards: `pending` until the payment confirms; the lot is the top-up's own.
CREATE TABLE app.card_top_ups (
    ledger_id     smallint NOT NULL,
    top_up_id     uuid NOT NULL,
    card_id       uuid NOT NULL,
    merchant_id   uuid,
    store_id      uuid,
    terminal_id   uuid,
    amount_minor  bigint NOT NULL CHECK (amount_minor > 0),
    bonus_minor   bigint NOT NULL CHECK (bonus_minor >= 0),
    bonus_rule_id uuid REFERENCES app.bonus_rules,
    currency      text NOT NULL,
    method        text NOT NULL,
    status        text NOT NULL CHECK (status IN ('pending', 'paid', 'cancelled')),
    payment_ref   text,
    requested_by  uuid NOT NULL,
    confirmed_by  uuid,
    tx_id         uuid NOT NULL,
    tx_no         text NOT NULL,
    happened_at   timestamptz NOT NULL,
    paid_at       timestamptz,
    PRIMARY KEY (ledger_id, top_up_id),
    UNIQUE (ledger_id, tx_no),
    CHECK ((status = 'paid') = (paid_at IS NOT NULL)),
    CHECK (status <> 'paid' OR terminal_id IS NOT NULL OR payment_ref IS NOT NULL AND confirmed_by IS NOT NULL),
    FOREIGN KEY (ledger_id, card_id) REFERENCES app.cards
);
CREATE UNIQUE INDEX top_up_of_payment ON app.card_top_ups (ledger_id, payment_ref) WHERE payment_ref IS NOT NULL;
CREATE INDEX card_top_ups_by_card ON app.card_top_ups (card_id, happened_at DESC);

-- Payments that came and could not be credited: the money must go back to its payer. The sealed audit has the alarm.
CREATE TABLE app.unmatched_payments (
    ledger_id    smallint NOT NULL,
    payment_ref  text NOT NULL,
    tx_no        text NOT NULL,
    merchant_id  uuid,
    amount_minor bigint,
    currency     text,
    code         text NOT NULL,
    recorded_at  timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, payment_ref, tx_no)
);

-- Charges and refunds as acts; their money stands in the entries, their basis in the registry.
CREATE TABLE app.card_charges (
    ledger_id     smallint NOT NULL,
    charge_id     uuid NOT NULL,
    card_id       uuid NOT NULL,
    merchant_id   uuid NOT NULL,
    store_id      uuid,
    terminal_id   uuid,
    raw_minor     bigint NOT NULL,
    final_minor   bigint NOT NULL,
    discount      numeric(4, 3) NOT NULL,
    points        bigint NOT NULL,
    currency      text NOT NULL,
    request_id    text,
    fact_id       uuid,
    effect_hash   bytea,
    cashier_id    uuid,
    tx_id         uuid NOT NULL,
    tx_no         text NOT NULL,
    reversed_by   uuid,
    happened_at   timestamptz NOT NULL,
    recorded_at   timestamptz NOT NULL,
    reservation_id uuid,
    PRIMARY KEY (ledger_id, charge_id),
    CHECK (raw_minor > 0 AND final_minor BETWEEN 1 AND raw_minor AND points >= 0 AND octet_length(effect_hash) = 32)
);
COMMENT ON COLUMN app.card_charges.reservation_id IS 'Paid by what was set aside for its till, and not from the card''s balance';
CREATE UNIQUE INDEX charge_of_request ON app.card_charges (ledger_id, terminal_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX card_charges_by_card ON app.card_charges (card_id, recorded_at DESC);
CREATE INDEX card_charges_by_store ON app.card_charges (store_id, happened_at DESC);

CREATE TABLE app.card_refunds (
    ledger_id           smallint NOT NULL,
    refund_id           uuid NOT NULL,
    kind                text NOT NULL CHECK (kind IN ('charge', 'top_up')),
    original_tx_no      text NOT NULL,
    card_id             uuid NOT NULL,
    merchant_id         uuid,
    store_id            uuid,
    terminal_id         uuid,
    amount_minor        bigint NOT NULL CHECK (amount_minor > 0),
    bonus_minor         bigint NOT NULL CHECK (bonus_minor >= 0),
    principal_minor     bigint NOT NULL CHECK (principal_minor >= 0),
    cash_minor          bigint NOT NULL CHECK (cash_minor >= 0),
    uncollected_minor   bigint NOT NULL DEFAULT 0 CHECK (uncollected_minor >= 0),
    points_taken_back   bigint NOT NULL DEFAULT 0 CHECK (points_taken_back >= 0),
    points_short        bigint NOT NULL DEFAULT 0 CHECK (points_short >= 0),
    tender              text,
    reason              text,
    request_id          text,
    fact_id             uuid,
    effect_hash         bytea CHECK (octet_length(effect_hash) = 32),
    cashier_id          uuid,
    tx_id               uuid NOT NULL,
    tx_no               text NOT NULL,
    reversed_by         uuid,
    happened_at         timestamptz NOT NULL,
    recorded_at         timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, refund_id)
);
CREATE UNIQUE INDEX refund_of_request ON app.card_refunds (ledger_id, terminal_id, request_id) WHERE request_id IS NOT NULL;
CREATE INDEX card_refunds_by_original ON app.card_refunds (original_tx_no);
COMMENT ON COLUMN app.card_refunds.points_short IS 'Points that should have gone back and were spent already (points never fall below zero)';

-- Units set aside for one terminal: they can be spent there with every network down (sync.md rung 2).
CREATE TABLE app.reservations (
    ledger_id      smallint NOT NULL,
    reservation_id uuid NOT NULL,
    fencing_no     bigint NOT NULL CHECK (fencing_no > 0),
    merchant_id    uuid NOT NULL,
    terminal_id    uuid NOT NULL,
    source_kind    text NOT NULL CHECK (source_kind IN ('pass', 'card')),
    source_id      uuid NOT NULL,
    unit           text NOT NULL,
    amount         bigint NOT NULL CHECK (amount > 0),
    used           bigint NOT NULL DEFAULT 0 CHECK (used BETWEEN 0 AND amount),
    returned       bigint NOT NULL DEFAULT 0 CHECK (returned BETWEEN 0 AND amount),
    parts          jsonb,
    status         text NOT NULL CHECK (status IN ('open', 'closed')),
    expires_at     timestamptz NOT NULL,
    tx_id          uuid NOT NULL,
    opened_at      timestamptz NOT NULL,
    closed_at      timestamptz,
    start_no       integer,
    forfeited      bigint NOT NULL DEFAULT 0 CHECK (forfeited BETWEEN 0 AND returned),
    discount       numeric(4, 3),
    origin         text NOT NULL CHECK (origin IN ('lease', 'member', 'hq')),
    asked_by       uuid,
    token          text,
    recalled_at    timestamptz,
    recalled_by    text CHECK (recalled_by IN ('hq', 'member', 'wanted_elsewhere')),
    confirmed      bigint NOT NULL DEFAULT 0,
    given_up_at    timestamptz,
    at_risk        bigint NOT NULL DEFAULT 0 CHECK (at_risk BETWEEN 0 AND returned - forfeited),
    PRIMARY KEY (ledger_id, reservation_id),
    CHECK ((recalled_at IS NULL) = (recalled_by IS NULL)),
    CHECK (confirmed BETWEEN 0 AND amount - used),
    CHECK (used + returned <= amount),
    CHECK ((status = 'closed') = (closed_at IS NOT NULL)),
    CHECK (status = 'open' OR used + returned = amount)
) WITH (fillfactor = 80);
COMMENT ON COLUMN app.reservations.returned IS 'Left unused when it ended, and back where it came from but for what is `forfeited`';
COMMENT ON COLUMN app.reservations.forfeited IS
    'Returned after the pass had begun anew: forfeited with what had been left on it then';
COMMENT ON COLUMN app.reservations.discount IS 'Of a card: the rate that its till charges by, as it stood when the money was set aside';
COMMENT ON COLUMN app.reservations.token IS 'The signed code by which the till knows it (models.tokens); what has none is told to no till';
COMMENT ON COLUMN app.reservations.recalled_at IS 'The till shall give up what it has not used; it does so by a fact';
COMMENT ON COLUMN app.reservations.confirmed IS
    'What its till counts as used of it, and a late online grant has paid, or a person decided otherwise: it goes back with the rest';
COMMENT ON COLUMN app.reservations.given_up_at IS
    'Its till has said that it spends no more of it; still open: uses of it are held, and wait for a person';
COMMENT ON COLUMN app.reservations.at_risk IS
    'Freed by HQ at its own risk, and not claimed by its till since: no more of what is free pays for what the till spends of it';
COMMENT ON COLUMN app.reservations.start_no IS 'Of a pass: which beginning the uses were taken from';
COMMENT ON COLUMN app.reservations.parts IS 'Of a card: which lots the money was taken from, in the order of spending';
CREATE INDEX reservations_open ON app.reservations (terminal_id, expires_at) WHERE status = 'open';
CREATE INDEX reservations_of_source ON app.reservations (source_id) WHERE status = 'open';
CREATE INDEX reservations_of_asker ON app.reservations (asked_by) WHERE status = 'open';

-- A correction that one person proposes and another decides.
CREATE TABLE app.adjustments (
    ledger_id     smallint NOT NULL,
    adjustment_id uuid NOT NULL,
    merchant_id   uuid,
    owner_kind    text NOT NULL CHECK (owner_kind IN ('card', 'member', 'pass')),
    owner_id      uuid NOT NULL,
    bucket        text NOT NULL,
    unit          text NOT NULL,
    delta         bigint NOT NULL CHECK (delta <> 0),
    reason        text NOT NULL CHECK (length(reason) BETWEEN 3 AND 200),
    status        text NOT NULL CHECK (status IN ('proposed', 'approved', 'rejected')),
    proposed_by   uuid NOT NULL,
    proposed_at   timestamptz NOT NULL,
    decided_by    uuid,
    decided_at    timestamptz,
    tx_id         uuid,
    PRIMARY KEY (ledger_id, adjustment_id),
    CHECK (decided_by <> proposed_by),
    CHECK ((status = 'proposed') = (decided_by IS NULL)),
    CHECK ((status = 'approved') = (tx_id IS NOT NULL))
);
