"""Tests of actions/city."""
