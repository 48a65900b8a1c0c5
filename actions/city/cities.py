"""All cities that are served: a connection for each (city, service), and what is offered where."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import httpx
import structlog

from actions.city.connection import CityConnection
from actions.city.deadline import Clock
from actions.city.errors import CityError, InMaintenance, NotConnected, NotFound, Unavailable
from actions.city.often import HowOften
from actions.city.party import Party
from actions.city.tokens import Credentials
from actions.settings import Settings
from city_api.directory import CityServices, IdentityVerification
from manifests import Places, places
from manifests.city import ApiManifest

log = structlog.stdlib.get_logger(__name__)

CITY_TIME = ZoneInfo("Asia/Shanghai")
DIRECTORY = "directory"
"""What every city has beside its services: the list of them, and the check of a name against an ID number."""

KNOWN_SECONDS = 10.0
"""How long an answer about maintenance is believed."""
UNKNOWN_SECONDS = 5.0
"""How long a city that did not say is not asked again."""
ASKING_SECONDS = 0.8
"""What asking may cost a turn: who waits for an answer about maintenance has not been served yet."""


@dataclass(frozen=True)
class _Known:
    services: CityServices | None
    until: float


class Cities:
    """The way to every service of every city. A connection is made when it is first needed.

    Args:
        settings: where a city answers unless its file says otherwise, time limits, circuits.
        known: the cities; the project's own unless a test gives others.
        transport: in place of the network, for tests.
        environ: where the variables that city files name are looked up.
        clock: monotonic seconds.
        how_often: counts who asks after whom; None counts nothing.
    """

    def __init__(
        self,
        settings: Settings,
        known: Places | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        environ: Mapping[str, str] = os.environ,
        clock: Clock = time.monotonic,
        how_often: HowOften | None = None,
    ) -> None:
        self.how_often = how_often
        self.places = known or places()
        self._settings = settings
        self._transport = transport
        self._environ = environ
        self._clock = clock
        # A context costs 20 ms and a megabyte; hundreds of cities share one, their connections apart all the same.
        self._tls = ssl.create_default_context()
        self._connections: dict[tuple[str, str], CityConnection] = {}
        self._known: dict[str, _Known] = {}
        self._asking: dict[str, asyncio.Task[None]] = {}

    def at(self, city: str, service: str) -> CityConnection:
        """The connection of one service of one city.

        Args:
            city: GB/T 2260 code.
            service: a code of the manifests' `city_services`.
        """
        if (city, service) not in self._connections:
            self._connections[city, service] = self._connect(city, service)
        return self._connections[city, service]

    async def offered(self, city: str, service: str) -> None:
        """Return where a service can be used now; a city that does not say is believed to be well.

        Args:
            city: GB/T 2260 code.
            service: its code.

        Raises:
            NotConnected: the city's file does not offer it by today, or the city itself does not know it.
            InMaintenance: the city says so.
        """
        manifest = self.places.city(city)
        if manifest is None or not manifest.offers(service, dt.datetime.now(CITY_TIME).date()):
            raise NotConnected()
        services = await self._services(city)
        if services is None:
            return
        found = next((one for one in services.services if one.code == service), None)
        if found is None:
            raise NotConnected()
        if found.status == "maintenance":
            raise InMaintenance(found.until)

    async def verify_identity(self, city: str, name: str, id_number: str) -> bool:
        """Whether name and ID number belong together.

        Raises:
            CityError: the city could not say.
        """
        answer = await self.at(city, DIRECTORY).search(
            "verify_identity", "identity", "verification", answer=IdentityVerification, name=name, id_number=id_number
        )
        return answer.matched

    async def close(self) -> None:
        """Close all connections."""
        for task in self._asking.values():
            task.cancel()
        await asyncio.gather(*(one.party.close() for one in self._connections.values()))

    async def _services(self, city: str) -> CityServices | None:
        known = self._known.get(city)
        if known is None or known.until <= self._clock():
            # One question at a time for each city; it goes on where a turn cannot wait for it any longer.
            task = self._asking.get(city)
            if task is None or task.done():
                task = self._asking[city] = asyncio.create_task(self._ask(city))
            await asyncio.wait({task}, timeout=ASKING_SECONDS)
            known = self._known.get(city)
        return known.services if known is not None else None

    async def _ask(self, city: str) -> None:
        try:
            answer: CityServices | None = await self.at(city, DIRECTORY).get(
                "services", "services", answer=CityServices
            )
        except (NotConnected, NotFound):
            answer = CityServices(services=[])
        except CityError:
            answer = None
        seconds = UNKNOWN_SECONDS if answer is None else KNOWN_SECONDS
        self._known[city] = _Known(answer, self._clock() + seconds)

    def _connect(self, city: str, service: str) -> CityConnection:
        settings, manifest = self._settings, self.places.city(city)
        api = manifest.api(service) if manifest is not None else ApiManifest()
        url = self._environ.get(api.url_from) if api.url_from else None
        who = api.credentials_from
        own = [self._environ.get(f"{who}_{half}") if who else None for half in ("CLIENT_ID", "CLIENT_SECRET")]
        if any(own) and not all(own):
            # Half of ours with half of theirs opens nothing, and ours would be told to somebody else.
            log.error("credentials_incomplete", city=manifest.name if manifest else "", service=service, variable=who)
            raise Unavailable("not_configured", repeatable=False, counts=False)
        client_id, secret = own if all(own) else (settings.city_client_id, settings.city_client_secret)
        credentials = Credentials(str(client_id), str(secret))
        party = Party(
            # By name: six digits in a log line would be masked as somebody's number.
            f"{manifest.name if manifest is not None else 'unknown'}/{service}",
            url or settings.city_api_url,
            credentials=credentials,
            budget=settings.turn_seconds,
            circuit_failures=settings.circuit_failures,
            circuit_seconds=settings.circuit_seconds,
            transport=self._transport,
            tls=self._tls,
        )
        return CityConnection(party, city, self.how_often)
