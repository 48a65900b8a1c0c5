"""A city's API on the wire, whose answers each test scripts; two tries follow each other without a wait."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import respx
import stamina

URL = "http://city.test"


@pytest.fixture
def no_waits() -> Iterator[None]:
    with stamina.set_testing(True, attempts=3, cap=True):
        yield


@pytest.fixture
def api(no_waits: None) -> Iterator[respx.MockRouter]:
    """The city's API; a token is given to whoever asks."""
    with respx.mock(base_url=URL, assert_all_called=False) as router:
        router.post("/oauth/token", name="token").respond(json={"access_token": "first", "expires_in": 3600})
        yield router
