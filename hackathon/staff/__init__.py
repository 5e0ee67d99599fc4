"""Who runs events: accounts and signing in."""
