"""What a city has connected, and whether a name and an ID number belong together."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer


class CityService(Answer):
    """A service that the city has connected."""

    code: str
    name: str
    status: Literal["available", "maintenance"]
    until: dt.datetime | None = None


class CityServices(Answer):
    """What the city has connected."""

    services: list[CityService]


class IdentityVerification(Answer):
    """Whether name and ID number belong together."""

    matched: bool
