-- What tills say of the reservations they held (sync.md rung 2): facts are never refused, and their order is the chain's.

-- A reservation that is not this terminal's, or has ended, gives nothing back; that it was given up is recorded all the same.
CREATE FUNCTION app.close_by_fact(p_by app.acting, p_effect jsonb) RETURNS jsonb
    LANGUAGE plpgsql
    AS $$
DECLARE
    v_reservation app.reservations := app.lock_reservation(
        p_by.ledger_id, (p_effect ->> 'reservation_id')::uuid, p_by.terminal_id);
BEGIN
    IF app.check_open(v_reservation) IS NOT NULL THEN
        RETURN '{}';
    END IF;
    RETURN app.return_rest(p_by, v_reservation, p_effect ->> 'reason');
END $$;
COMMENT ON FUNCTION app.close_by_fact IS 'Its till has given a reservation up: what it has not used goes back';
