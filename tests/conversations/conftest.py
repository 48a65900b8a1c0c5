"""Conversation tests see the house together with its city and its ledger."""

import pytest

from tests.conversations.town import Town


@pytest.fixture
def house(house):
    """The running house with a look into the city and the ledger."""
    return Town(house)
