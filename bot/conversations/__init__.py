"""Conversations that last: the tracker store and the lock store of endpoints.yml, on SQLite or PostgreSQL, and Redis."""
