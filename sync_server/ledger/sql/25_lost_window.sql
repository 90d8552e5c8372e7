-- What a restore forgot: acts that this server had granted online, and then lost. The tills' facts tell of them
-- (docs/decisions/0014-retention.md). They are posted anew from the fact where that can be done whole, else held for a
-- person; HQ sees the list of both.

CREATE TABLE app.lost_requests (
    ledger_id   smallint NOT NULL,
    terminal_id uuid NOT NULL,
    request_id  text NOT NULL,
    merchant_id uuid NOT NULL,
    store_id    uuid NOT NULL,
    epoch       text NOT NULL,
    fact_id     uuid NOT NULL,
    kind        text NOT NULL,
    tx_id       uuid,
    tx_no       text,
    reason      text,
    happened_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    PRIMARY KEY (ledger_id, terminal_id, request_id),
    CHECK ((tx_id IS NULL) = (reason IS NOT NULL))
);
COMMENT ON TABLE app.lost_requests IS 'Requests that were granted in a window of time which a restore lost, and what their facts brought back';
COMMENT ON COLUMN app.lost_requests.reason IS 'Why the fact is held instead of posted';
CREATE INDEX lost_requests_by_merchant ON app.lost_requests (merchant_id, recorded_at DESC);

CREATE FUNCTION app.lost_windows(p_at timestamptz) RETURNS SETOF app.epochs
    LANGUAGE sql STABLE
    BEGIN ATOMIC
        SELECT e.* FROM app.epochs AS e
         WHERE p_at >= e.lost_from - app.clock_skew() AND p_at < e.started_at + app.clock_skew();
    END;
COMMENT ON FUNCTION app.lost_windows IS 'The epochs that began with the loss of a database which was there at this time';

CREATE FUNCTION app.in_lost_window(p_at timestamptz) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN EXISTS (SELECT FROM app.lost_windows(p_at));
COMMENT ON FUNCTION app.in_lost_window IS 'Did this happen when the database that was there then has been lost since?';

CREATE FUNCTION app.redeem_lost(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_pass app.member_passes%ROWTYPE;
    v_left bigint;
BEGIN
    SELECT * INTO v_pass FROM app.member_passes AS p
     WHERE p.ledger_id = p_by.ledger_id
       AND p.pass_id = app.resolve_pass(p_by.ledger_id, (p_effect ->> 'pass_id')::uuid) FOR UPDATE;
    v_left := app.balance_of(p_by.ledger_id, v_pass.pass_id);
    -- It was granted, so its limits held; what must be there is what it moves.
    RETURN CASE
        WHEN v_pass.pass_id IS NULL
        THEN app.refuse('pass_unknown', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN v_pass.merchant_id <> p_by.merchant_id
        THEN app.refuse('pass_other_merchant', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN v_pass.member_id <> (p_effect ->> 'member_id')::uuid
        THEN app.refuse('pass_other_member', jsonb_build_object('pass_id', p_effect -> 'pass_id'))
        WHEN p_effect ->> 'currency' <> p_by.currency OR v_pass.currency <> p_by.currency
        THEN app.refuse('currency_mismatch', jsonb_build_object('currency', v_pass.currency))
        WHEN v_pass.status = 'revoked' THEN app.refuse('pass_revoked', jsonb_build_object('status', v_pass.status))
        WHEN EXISTS (SELECT FROM app.pass_redemption_batches AS b
                      WHERE b.ledger_id = p_by.ledger_id AND b.redemption_id = (p_effect ->> 'redemption_id')::uuid)
        THEN app.refuse('content_differs', jsonb_build_object('redemption_id', p_effect -> 'redemption_id'))
        WHEN (p_effect ->> 'uses')::integer > v_left
        THEN app.refuse('uses_exhausted', jsonb_build_object('uses_left', v_left, 'uses', p_effect -> 'uses'))
        ELSE app.post_use(p_by, p_effect, v_pass, v_left) END;
END $$;

CREATE FUNCTION app.refund_lost(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_result jsonb;
BEGIN
    v_result := app.refund_tx(p_by, p_effect);
    IF (v_result ->> 'cash_minor')::bigint <> (p_effect ->> 'cash_minor')::bigint THEN
        RAISE EXCEPTION 'not what was handed out' USING ERRCODE = 'TK001'; -- undoes the posting, and no more
    END IF;
    RETURN v_result;
EXCEPTION WHEN SQLSTATE 'TK001' THEN
    RETURN app.refuse('original_lost', jsonb_build_object('tx_no', p_effect -> 'original_tx_no'));
END $$;

-- Who is believed: a till that the restored copy knew as paired, whose chain has one history, about what any restore lost,
-- also one before the last. Its time never runs backwards (app.terminal_heads), so once its head went on after that restore,
-- it has nothing more to tell of it.
CREATE FUNCTION app.check_lost(p_by app.acting) RETURNS jsonb
    LANGUAGE plpgsql STABLE
    AS $$
BEGIN
    RETURN CASE
        WHEN NOT EXISTS (SELECT FROM app.lost_windows(p_by.happened_at) AS w
                           JOIN app.terminals AS t ON t.terminal_id = p_by.terminal_id AND t.paired_at < w.started_at)
        THEN app.refuse('request_unknown')
        WHEN EXISTS (SELECT FROM app.terminal_heads AS h WHERE h.ledger_id = p_by.ledger_id
                        AND h.terminal_id = p_by.terminal_id AND h.forked_at IS NOT NULL)
        THEN app.refuse('terminal_forked') END;
END $$;
COMMENT ON FUNCTION app.check_lost IS 'May this till be believed that something had been granted to it then? NULL: yes';

CREATE FUNCTION app.post_lost(p_by app.acting, p_kind text, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_request text := p_effect ->> 'request_id';
    v_whole jsonb := p_effect || coalesce(p_effect -> 'lost', '{}') || jsonb_build_object('request_id', v_request);
    v_result jsonb;
BEGIN
    v_result := app.check_lost(p_by);
    IF v_result IS NULL THEN
        v_result := CASE p_kind
            WHEN 'PassRedeemed' THEN app.redeem_lost(p_by, v_whole)
            WHEN 'CardCharged' THEN app.charge_decided(p_by, v_whole)
            ELSE app.refund_lost(p_by, v_whole) END;
    END IF;
    IF NOT v_result ? 'code' THEN
        PERFORM app.keep_outcome(
            p_by, v_request, NULL, decode(p_effect ->> 'effect_hash', 'hex'),
            app.outcome_of(CASE p_kind WHEN 'PassRedeemed' THEN v_result ELSE app.answer_data(v_result) END));
    END IF;
    INSERT INTO app.lost_requests (ledger_id, terminal_id, request_id, merchant_id, store_id, epoch, fact_id, kind, tx_id,
                                   tx_no, reason, happened_at, recorded_at)
    VALUES (p_by.ledger_id, p_by.terminal_id, v_request, p_by.merchant_id, p_by.store_id, app.current_epoch(), p_by.fact_id,
            p_kind, (v_result ->> 'tx_id')::uuid, v_result ->> 'tx_no', v_result ->> 'code', p_by.happened_at,
            app.now_utc())
    ON CONFLICT DO NOTHING;
    PERFORM app.note_event(p_by.ledger_id, 'lost_request', 'info', p_by.terminal_id, p_by.merchant_id, NULL, v_request,
                           jsonb_build_object('kind', p_kind, 'tx_no', v_result -> 'tx_no', 'reason', v_result -> 'code'));
    RETURN v_result;
END $$;
COMMENT ON FUNCTION app.post_lost IS
    'What was granted online and lost by a restore, from the fact that cites it: posted when it can be whole, else a refusal';
