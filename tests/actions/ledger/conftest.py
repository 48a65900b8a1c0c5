"""Fixtures of the ledger's tests."""

from tests.actions.ledger.databases import fresh_database_url, ledger

__all__ = ["fresh_database_url", "ledger"]
