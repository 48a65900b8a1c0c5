"""What a request handler needs of the running sandbox, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, cast

from fastapi import Depends
from starlette.requests import Request

from manifests import Places
from sandbox.clock import Clock, local_date
from sandbox.database import Database
from sandbox.faults import FaultRegistry
from sandbox.registry import Found
from sandbox.settings import Settings

if TYPE_CHECKING:
    from sandbox.oauth import TokenStore
    from sandbox.provider.notices import NoticeCourier
    from sandbox.seeding.grower import Grower


@dataclass
class Sandbox:
    """The running sandbox's parts.

    Args:
        settings: how it was started.
        clock: what time it is.
        database: where it keeps everything.
        places: the cities' files.
        services: what can be offered.
        grower: grows the cities.
        faults: what is to go wrong.
        tokens: who may ask.
        courier: who carries payment notices.
    """

    settings: Settings
    clock: Clock
    database: Database
    places: Places
    services: tuple[Found, ...]
    grower: Grower
    faults: FaultRegistry
    tokens: TokenStore
    courier: NoticeCourier

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.clock()

    def today(self) -> date:
        """The calendar day in the city."""
        return local_date(self.clock())


async def sandbox_of(request: Request) -> Sandbox:
    """The sandbox that serves a request."""
    return cast(Sandbox, request.app.state.sandbox)


InSandbox = Annotated[Sandbox, Depends(sandbox_of)]
"""A request handler's parameter that is given the sandbox."""
