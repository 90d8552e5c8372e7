"""People who work at tills: PINs and permissions."""
