"""The bearer token of the client-credentials grant (RFC 6749, 4.4): fetched once, kept, renewed."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field

import httpx
from pydantic import BaseModel, ValidationError

from actions.city.deadline import Clock
from actions.city.errors import Unavailable

RENEW_BEFORE_SECONDS = 30.0


@dataclass(frozen=True)
class Credentials:
    """Who we are at another party."""

    client_id: str
    client_secret: str = field(repr=False)


class _TokenAnswer(BaseModel):
    access_token: str
    expires_in: float


class BearerTokens:
    """One token for all calls of the process to one party."""

    def __init__(self, client: httpx.AsyncClient, credentials: Credentials, clock: Clock = time.monotonic) -> None:
        self._client = client
        self._credentials = credentials
        self._clock = clock
        self._token = ""
        self._good_until = 0.0
        self._lock = asyncio.Lock()

    async def token(self, timeout: httpx.Timeout) -> str:
        """The token, asked for when there is none or it is about to end; callers that come together ask once.

        Args:
            timeout: of the request for a new one.

        Raises:
            Unavailable: the party gave none; `invalid_client` when it refused our credentials.
            httpx.HTTPError: it could not be reached.
        """
        async with self._lock:
            if not self._token or self._clock() >= self._good_until:
                await self._renew(timeout)
            return self._token

    def forget(self, token: str) -> None:
        """Drop a token the party no longer takes, unless a newer one has come meanwhile."""
        if self._token == token:
            self._token = ""

    async def _renew(self, timeout: httpx.Timeout) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._credentials.client_id,
            "client_secret": self._credentials.client_secret,
        }
        response = await self._client.post("/oauth/token", data=form, timeout=timeout)
        if response.status_code in (400, 401, 403):
            raise Unavailable("invalid_client", repeatable=False)
        if response.status_code != 200:
            raise Unavailable("unavailable")
        try:
            answer = _TokenAnswer.parse_raw(response.content)
        except ValidationError:
            raise Unavailable("unexpected_answer") from None
        self._token = answer.access_token
        # A short-lived token is used for at least half its life, so that a low expires_in costs no extra call each time.
        life = max(answer.expires_in - RENEW_BEFORE_SECONDS, answer.expires_in / 2)
        self._good_until = self._clock() + life
