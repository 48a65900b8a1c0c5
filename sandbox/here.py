"""The city that a request is for: a route's parameter, and the check that it offers what is asked."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

from fastapi import Depends
from fastapi.concurrency import run_in_threadpool
from sqlalchemy.orm import Session

from manifests import CityManifest
from sandbox.context import InSandbox, Sandbox
from sandbox.errors import CityError


@dataclass(frozen=True)
class Here:
    """A served city, as a request finds it.

    Attributes:
        sandbox: what serves it.
        city: what its file says.
    """

    sandbox: Sandbox
    city: CityManifest

    @property
    def code(self) -> str:
        """GB/T 2260."""
        return self.city.code

    def now(self) -> datetime:
        """The present moment, in UTC."""
        return self.sandbox.now()

    def today(self) -> date:
        """The calendar day in the city."""
        return self.sandbox.today()

    def read(self) -> AbstractContextManager[Session]:
        """A session for looking things up. A write has one from `Once`."""
        return self.sandbox.database.read()

    def write(self) -> AbstractContextManager[Session]:
        """A session that may note something beside a look-up, such as a proof that was none. What is asked for under an
        Idempotency-Key has one from `Once`.
        """
        return self.sandbox.database.write()

    def offers(self, service: str) -> bool:
        """Whether a city service is offered by now."""
        return self.city.offers(service, self.today())

    def payee(self, service: str) -> str:
        """Who is owed for a city service: what the city's file says, or a name for it."""
        return payee(self.city, service)

    def require(self, service: str) -> None:
        """See that a city service is offered by now.

        Raises:
            CityError: 404 service_not_connected.
        """
        if not self.offers(service):
            raise not_connected()


def payee(city: CityManifest, service: str) -> str:
    """Who is owed for a city service: what the city's file says, or a name for it."""
    return city.biller(service) or f"{city.full_name}缴费中心"


def not_connected() -> CityError:
    """404 service_not_connected."""
    return CityError(404, "service_not_connected", "该城市尚未开通此项服务")


def served(sandbox: Sandbox, city: str) -> CityManifest:
    """The file of a city.

    Raises:
        CityError: 404 service_not_connected: it has none.
    """
    found = sandbox.places.city(city) if sandbox.places.is_served(city) else None
    if found is None:
        raise not_connected()
    return found


async def in_city(city: str, sandbox: InSandbox) -> Here:
    """The served city of a request's path.

    Raises:
        CityError: 404 service_not_connected.
    """
    return Here(sandbox, served(sandbox, city))


InCity = Annotated[Here, Depends(in_city)]
"""A request handler's parameter that is given the city of the path."""


def grown(codes: tuple[str, ...]) -> Callable[[Here], Awaitable[None]]:
    """A dependency that grows city services where they are first asked for.

    Args:
        codes: the city services; the request is refused where none of them is offered. With none at all it is the city's
            register alone that is grown.
    """

    async def grow(here: InCity) -> None:
        offered = [code for code in codes if here.offers(code)]
        if codes and not offered:
            raise not_connected()
        if not here.sandbox.grower.has(here.code, offered):
            await run_in_threadpool(here.sandbox.grower.grow, here.city, offered)

    return grow
