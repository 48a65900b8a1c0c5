"""Tests of actions/payments."""
