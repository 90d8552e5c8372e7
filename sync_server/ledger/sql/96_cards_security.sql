-- Cards: who may call what (30 to 33), after everything is closed (95).

GRANT EXECUTE ON FUNCTION app.put_card_code, app.card_code_hash, app.note_wrong_card_code TO tillkeeper_app;
