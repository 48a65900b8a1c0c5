"""A city whose answers each test scripts, and a client of it that does not wait between two tries."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import respx
import stamina

from actions.city.client import CityClient
from actions.city.party import Party
from actions.city.tokens import Credentials

URL = "http://city.test"


@pytest.fixture(autouse=True)
def _no_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def api() -> Iterator[respx.MockRouter]:
    """The city's API; a token is given to whoever asks."""
    with respx.mock(base_url=URL, assert_all_called=False) as router:
        router.post("/oauth/token", name="token").respond(json={"access_token": "first", "expires_in": 3600})
        yield router


@pytest.fixture
async def party() -> AsyncIterator[Party]:
    party = Party("city", URL, credentials=Credentials("bianmin", "secret"))
    yield party
    await party.close()


@pytest.fixture
def client(party: Party) -> CityClient:
    return CityClient(party)
