"""The road from end to end without a window: real server, real Postgres, real journal, real paper."""
