"""The OAuth2 client-credentials grant (RFC 6749, section 4.4) and the check of bearer tokens."""

from __future__ import annotations

import hmac
import secrets
import threading
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from pydantic import BaseModel

from sandbox.clock import Clock
from sandbox.context import InSandbox
from sandbox.errors import CityError

router = APIRouter(tags=["oauth"])


class AccessToken(BaseModel):
    """An issued token."""

    access_token: str
    token_type: str = "bearer"  # noqa: S105  # a kind of token, not one
    expires_in: int


class TokenStore:
    """Random tokens, kept in memory: a restarted city knows none, as a real one may not.

    Args:
        clock: tells when a token is over.
        seconds: a token's life.
    """

    def __init__(self, clock: Clock, seconds: int) -> None:
        self.seconds = seconds
        self._clock = clock
        self._tokens: dict[str, tuple[str, datetime]] = {}
        self._lock = threading.Lock()

    def issue(self, client_id: str) -> str:
        """A new token for a client."""
        now = self._clock()
        token = secrets.token_urlsafe(32)
        with self._lock:
            self._tokens = {old: held for old, held in self._tokens.items() if held[1] > now}
            self._tokens[token] = (client_id, now + timedelta(seconds=self.seconds))
        return token

    def client_of(self, token: str) -> str | None:
        """The client that holds a token; None when it is unknown or over."""
        with self._lock:
            client_id, ends_at = self._tokens.get(token, ("", None))
        return client_id if ends_at is not None and ends_at > self._clock() else None


@router.post("/oauth/token", response_model=AccessToken)
def issue_token(
    sandbox: InSandbox,
    grant_type: str = Form(""),
    client_id: str = Form(""),
    client_secret: str = Form(""),
) -> AccessToken:
    """Give a client its token.

    Raises:
        CityError: 400 unsupported_grant_type; 401 invalid_client.
    """
    if grant_type != "client_credentials":
        raise CityError(400, "unsupported_grant_type", "不支持的授权方式")
    settings = sandbox.settings
    known = hmac.compare_digest(client_id.encode(), settings.client_id.encode())
    if not (known & hmac.compare_digest(client_secret.encode(), settings.client_secret.encode())):
        raise CityError(401, "invalid_client", "应用标识或密钥不正确")
    return AccessToken(access_token=sandbox.tokens.issue(client_id), expires_in=sandbox.tokens.seconds)


async def require_client(request: Request, sandbox: InSandbox) -> str:
    """The client that sends a request, by its bearer token.

    Raises:
        CityError: 401 invalid_token.
    """
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    client_id = sandbox.tokens.client_of(token.strip()) if scheme.lower() == "bearer" else None
    if client_id is None:
        headers = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
        raise CityError(401, "invalid_token", "访问令牌无效或已过期", headers=headers)
    return client_id


ClientId = Annotated[str, Depends(require_client)]
"""A request handler's parameter that is given the client and turns strangers away."""
