"""The handlers over the wire: a city whose API each test scripts, and the services that a handler finds."""

from __future__ import annotations

from collections.abc import AsyncIterator
from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import AsyncMock, MagicMock

import pytest
import respx

from actions import context
from actions.city import Cities
from actions.context import Services
from actions.settings import Settings
from manifests import services
from tests.actions.city.scripted_city import URL, api, no_waits
from tests.actions.conversation.trackers import quote_key

__all__ = ["api", "no_waits", "quote_key"]

EVERYTHING = [{"code": code, "name": code, "status": "available"} for code in services().city_services()]


@pytest.fixture
async def cities(api: respx.MockRouter) -> AsyncIterator[Cities]:
    """All cities, at the scripted API; what each offers stands in its file, and all of it works."""
    api.get(path__regex=r"^/cities/\d{6}/services$").respond(json={"services": EVERYTHING})
    cities = Cities(Settings(database_url="", ledger_key="", city_api_url=URL), environ={})
    payments = cast(Any, SimpleNamespace(open_payment=AsyncMock()))
    settings = cast(Any, SimpleNamespace(default_city="", likely_cities=(), conversation_days=30))
    with context.use(Services(cities=cities, payments=payments, ledger=MagicMock(), settings=settings)):
        yield cities
    await cities.close()
