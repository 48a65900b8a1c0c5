"""One other party over HTTP: its connections, its token, its circuit breaker, and the time a call may take."""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, TypeVar

import httpx
import stamina
import structlog
from circuitbreaker import CircuitBreaker
from pydantic import BaseModel

from actions.city.deadline import Clock, deadline_of_call
from actions.city.errors import CityError, Unavailable
from actions.city.reading import error_of, read
from actions.city.tokens import BearerTokens, Credentials
from actions.settings import Settings

CONNECT_SECONDS = 1.0
READ_SECONDS = 2.0
ATTEMPTS = 3
LONGEST_WAIT_SECONDS = 0.2
SHORTEST_ATTEMPT_SECONDS = 0.3
# Asked to wait longer than this, we do not ask again at all: a resident is waiting too.
LONGEST_RETRY_AFTER_SECONDS = 0.5
USER_AGENT = "bianmin/0.1"

T = TypeVar("T", bound=BaseModel)
R = TypeVar("R")
log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class Request:
    """What to ask. `operation` is the name it has in logs, where the path may not stand: paths hold account numbers."""

    operation: str
    method: str
    path: str
    params: Mapping[str, str] | None = None
    body: Mapping[str, Any] | None = None
    idempotency_key: str | None = None
    is_search: bool = False

    @property
    def is_repeatable(self) -> bool:
        """Whether asking twice does no more than asking once."""
        return self.method == "GET" or self.is_search or self.idempotency_key is not None


class Circuit(CircuitBreaker):
    """The library's breaker, which takes no side when a call says nothing about the party's health.

    As it comes, every exit that is no failure closes the circuit: a cancelled call would pass for a success.
    """

    def __init__(self, name: str, failures: int, seconds: float) -> None:
        super().__init__(
            failure_threshold=failures, recovery_timeout=seconds, expected_exception=_speaks_against_party, name=name
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> Literal[False]:
        """Count failures, reset on an answer, and leave the state alone on anything else."""
        has_answered = kind is None or (isinstance(error, CityError) and not isinstance(error, Unavailable))
        if has_answered or _speaks_against_party(kind, error):
            super().__exit__(kind, error, trace)
        return False


class Party:
    """The city, or the payment provider.

    Args:
        name: in logs and of the circuit.
        base_url: where it answers.
        credentials: for its bearer token; None for a party that wants none.
        budget: seconds a call outside any turn may take altogether.
        circuit_failures, circuit_seconds: failures in a row that open the circuit, and how long it stays open.
        transport: in place of the network, for tests.
        tls: the certificates to believe, shared between parties; httpx makes one for each otherwise.
        clock: monotonic seconds.
    """

    def __init__(
        self,
        name: str,
        base_url: str,
        *,
        credentials: Credentials | None = None,
        budget: float = 2.5,
        circuit_failures: int = 5,
        circuit_seconds: float = 5.0,
        transport: httpx.AsyncBaseTransport | None = None,
        tls: ssl.SSLContext | None = None,
        clock: Clock = time.monotonic,
    ) -> None:
        # httpx logs every request with its URL, and ours hold account numbers and plates.
        for noisy in ("httpx", "httpcore"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        self.name = name
        self.circuit = Circuit(name, circuit_failures, circuit_seconds)
        self._budget = budget
        self.clock = clock
        self._client = httpx.AsyncClient(
            base_url=base_url,
            headers={"User-Agent": USER_AGENT, "Accept": "application/json"},
            limits=httpx.Limits(max_connections=200, max_keepalive_connections=20),
            transport=transport,
            verify=tls or True,
            trust_env=not _is_loopback(base_url),
        )
        self._tokens = BearerTokens(self._client, credentials, clock) if credentials else None

    @classmethod
    def from_settings(
        cls, name: str, url: str, settings: Settings, transport: httpx.AsyncBaseTransport | None = None
    ) -> Party:
        """The party at `url`, with the credentials, time limits and circuit of the settings.

        Args:
            name: in errors and log lines.
            url: where it answers.
            settings: the process's settings.
            transport: in place of the network, for tests.
        """
        return cls(
            name,
            url,
            credentials=Credentials(settings.city_client_id, settings.city_client_secret),
            budget=settings.turn_seconds,
            circuit_failures=settings.circuit_failures,
            circuit_seconds=settings.circuit_seconds,
            transport=transport,
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def call(self, request: Request, answer: type[T]) -> T:
        """Ask, again where that can do no harm and may help, and give the answer in its type.

        Args:
            request: what to ask.
            answer: the model of what is expected.

        Raises:
            CityError: by name what went wrong, always before the turn's deadline.
        """
        return await self._ask(request, lambda response: read(response, answer))

    async def text(self, request: Request) -> str:
        """Ask for something that is no JSON.

        Raises:
            CityError: as `call`.
        """
        return await self._ask(request, _plain_text)

    async def _ask(self, request: Request, reader: Callable[[httpx.Response], R]) -> R:
        deadline = deadline_of_call(self._budget, self.clock)

        def worth_repeating(error: Exception) -> bool | float:
            if not isinstance(error, Unavailable) or not error.repeatable:
                return False
            wait = error.retry_after or 0.0
            if wait > LONGEST_RETRY_AFTER_SECONDS:
                return False
            if self.clock() + max(wait, LONGEST_WAIT_SECONDS) + SHORTEST_ATTEMPT_SECONDS > deadline:
                return False
            return wait or True

        try:
            async for attempt in stamina.retry_context(
                on=worth_repeating,
                attempts=ATTEMPTS if request.is_repeatable else 1,
                timeout=None,
                wait_initial=LONGEST_WAIT_SECONDS / 4,
                wait_max=LONGEST_WAIT_SECONDS,
                wait_jitter=LONGEST_WAIT_SECONDS / 2,
            ):
                with attempt:
                    return await self._attempt(request, reader, deadline)
        except Unavailable as error:
            log.warning("party_unavailable", party=self.name, operation=request.operation, code=error.code)
            raise
        raise AssertionError("stamina ends with a result or an error")

    async def _attempt(self, request: Request, reader: Callable[[httpx.Response], R], deadline: float) -> R:
        left = deadline - self.clock()
        if left <= 0:
            raise Unavailable("deadline", repeatable=False, counts=False)
        if self.circuit.opened:
            raise Unavailable("circuit_open", repeatable=False, counts=False)
        with self.circuit:
            try:
                # httpx bounds each read, not the whole: a body that drips would outlive any of its timeouts.
                return reader(await asyncio.wait_for(self._send(request, left), left))
            except (asyncio.TimeoutError, httpx.TimeoutException):
                # A call that had hardly any time left says nothing about the other party.
                raise Unavailable("timeout", counts=left >= self._budget / 2) from None
            except httpx.HTTPError:
                raise Unavailable("unreachable") from None

    async def _send(self, request: Request, left: float) -> httpx.Response:
        connect, read_ = min(CONNECT_SECONDS, left), min(READ_SECONDS, left)
        timeout = httpx.Timeout(connect=connect, read=read_, write=read_, pool=connect)
        headers = {"Idempotency-Key": request.idempotency_key} if request.idempotency_key else {}
        token = await self._tokens.token(timeout) if self._tokens else ""
        response = await self._send_as(request, headers, token, timeout)
        if response.status_code == 401 and self._tokens:
            # Nothing was done under a refused token, so this once even a write may be sent again.
            self._tokens.forget(token)
            response = await self._send_as(request, headers, await self._tokens.token(timeout), timeout)
        return response

    async def _send_as(
        self, request: Request, headers: dict[str, str], token: str, timeout: httpx.Timeout
    ) -> httpx.Response:
        if token:
            headers = {**headers, "Authorization": f"Bearer {token}"}
        return await self._client.request(
            request.method, request.path, params=request.params, json=request.body, headers=headers, timeout=timeout
        )


def _plain_text(response: httpx.Response) -> str:
    if response.status_code >= 300:
        raise error_of(response)
    return response.text


def _speaks_against_party(_kind: type[BaseException] | None, error: BaseException | None) -> bool:
    return isinstance(error, Unavailable) and error.counts


def _is_loopback(url: str) -> bool:
    """Whether a proxy of the environment has no business there."""
    host = httpx.URL(url).host
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
