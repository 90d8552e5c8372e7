"""The doors for Supabase clients."""
