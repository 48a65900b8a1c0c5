"""A city whose answers each test scripts, and a connection to one of its services."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from actions.city import CityConnection, Party
from actions.city.tokens import Credentials
from tests.actions.city.scripted_city import URL, api, no_waits

__all__ = ["api", "no_waits"]

CITY = "330100"


@pytest.fixture(autouse=True)
def _no_waits(no_waits: None) -> None:
    pass


@pytest.fixture
async def party() -> AsyncIterator[Party]:
    party = Party("city", URL, credentials=Credentials("bianmin", "secret"))
    yield party
    await party.close()


@pytest.fixture
def city(party: Party) -> CityConnection:
    return CityConnection(party, CITY)
