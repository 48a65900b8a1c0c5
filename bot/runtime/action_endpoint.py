"""The way to the action server: one connection kept open, an end to waiting, and the domain only once.

Rasa opens a new HTTP session for every action (`rasa.utils.endpoints.EndpointConfig.session`) and waits 300 seconds
for an answer (`rasa.core.actions.action.RemoteAction.run`), five times longer than its lock on the conversation
lives. The actions bound their own calls to 3 seconds, so an action that takes ACTION_SECONDS is stuck.

Rasa sends the whole domain with each call, or never (`enable_selective_domain`). It is sent until our action server says
that it has kept it, and again when it does not know it (`actions.domains`); another server is sent it always, as by Rasa.

Where the address is a plain one, as it is by default, the request goes without aiohttp (`bot.runtime.kept_connection`).
"""

import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.runtime.kept_connection import KeptConnections

ACTION_SECONDS = 15
"""Seconds one action may take; well below the 60 seconds a conversation stays locked."""

CONNECT_SECONDS = 2

IDLE_SECONDS = 2
"""Seconds an unused connection is kept; below the 5 after which rasa_sdk's own server closes it, lest a request meets the closing."""

AS_RASA_ASKS = {"method": "post", "compress": False}
"""What `RemoteAction.run` asks for, besides a body and a timeout: nothing that plain HTTP has not."""

UNKNOWN_DOMAIN = 449
"""The status of an answer that asks for the domain; nothing has been run."""

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ActionEndpoint(EndpointConfig):
    """Rasa's endpoint, with connections that live as long as the process."""

    _connections: KeptConnections | None = None
    _session: aiohttp.ClientSession | None = None
    _domain: Any = None
    _digest: str = ""
    _kept: str | None = None

    @classmethod
    def like(cls, endpoint: EndpointConfig) -> "ActionEndpoint":
        """Take over the settings that endpoints.yml gave."""
        made = cls.__new__(cls)
        made.__dict__.update(endpoint.__dict__)
        if not (made.params or made.token or made.cafile):
            with suppress(ValueError):
                made._connections = KeptConnections(str(made.url), made._headers(), IDLE_SECONDS)
        return made

    @asynccontextmanager
    async def session(self) -> AsyncIterator[aiohttp.ClientSession]:  # type: ignore[override]
        """Lend the session; it stays open (basic auth as in endpoints.yml: `username`, `password`)."""
        if self._session is None or self._session.closed:
            connector = aiohttp.TCPConnector(keepalive_timeout=IDLE_SECONDS)
            self._session = aiohttp.ClientSession(headers=self._headers(), connector=connector)
        yield self._session

    def _headers(self) -> dict[str, str]:
        if not self.basic_auth:
            return dict(self.headers)
        credentials = aiohttp.encode_basic_auth(self.basic_auth["username"], self.basic_auth["password"])
        return {**self.headers, "Authorization": credentials}

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        """Send one request, waiting at most ACTION_SECONDS whatever the caller would wait.

        Raises:
            asyncio.TimeoutError: no answer in time.
            aiohttp.ClientError: the server cannot be reached or refuses.
        """
        body = kwargs.get("json") or {}
        if "domain" not in body:
            return await self._send(*args, **kwargs)
        body = {**body, "domain_digest": self._digest_of(body["domain"])}
        domain = body.pop("domain")
        if self._kept == self._digest:
            try:
                return await self._send(*args, **{**kwargs, "json": body})
            except ClientResponseError as error:
                if error.status != UNKNOWN_DOMAIN:
                    raise
        answer = await self._send(*args, **{**kwargs, "json": {**body, "domain": domain}})
        self._kept = answer.get("domain_kept") if isinstance(answer, dict) else None
        return answer

    async def _send(self, *args: Any, **kwargs: Any) -> Any:
        json_body, asked = kwargs.get("json"), {k: v for k, v in kwargs.items() if k not in ("json", "timeout")}
        if self._connections is None or args or {**AS_RASA_ASKS, **asked} != AS_RASA_ASKS:
            kwargs["timeout"] = aiohttp.ClientTimeout(total=ACTION_SECONDS, connect=CONNECT_SECONDS)
            return await super().request(*args, **kwargs)
        # JSON is read back with the same leniency by `json.loads`.
        body = _encode(json_body).encode("utf-8", "surrogatepass")
        answer = await self._connections.post(body, ACTION_SECONDS, CONNECT_SECONDS)
        if answer.status >= 400:
            raise ClientResponseError(answer.status, answer.reason, bytes(answer.body))
        if answer.content_type != "application/json":
            return None
        return json.loads(answer.body.decode("utf-8", "surrogatepass"))

    def _digest_of(self, domain: Any) -> str:
        """Name a domain by its content; a model's domain is one and the same object at every call."""
        if domain is not self._domain:
            written = json.dumps(domain, sort_keys=True, default=repr)
            self._domain, self._digest = domain, hashlib.sha256(written.encode()).hexdigest()
        return self._digest

    async def close(self) -> None:
        """Close the connections, at the end of the process."""
        if self._connections is not None:
            self._connections.close()
        if self._session is not None:
            await self._session.close()
