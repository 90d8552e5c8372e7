"""The doors for Supabase clients: /rest/v1 as PostgREST answers, /auth/v1 as GoTrue does (docs/supabase.md).

Rule: no rule of business is decided here. A verified token becomes claims of one transaction; row level security and
the ledger's functions say the rest.
"""
