"""Tests of actions/ledger."""
