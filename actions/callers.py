"""Who may have actions run: the assistant, which shows a secret. Any program and any browser of the machine reaches the port."""

from __future__ import annotations

import hmac
from collections.abc import Collection
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from sanic.request import Request

SCHEME = "bearer "


@dataclass(frozen=True)
class Refusal:
    """Why a call is not answered: an HTTP status, and a code that gives nothing away."""

    status: HTTPStatus
    code: str


WRONG_HOST = Refusal(HTTPStatus.FORBIDDEN, "forbidden")
"""A page elsewhere whose name was pointed to this machine (DNS rebinding) calls us by that name."""

UNKNOWN = Refusal(HTTPStatus.UNAUTHORIZED, "unauthorized")

NO_JSON = Refusal(HTTPStatus.BAD_REQUEST, "bad_request")
"""What a page elsewhere may send without asking first (CORS) is no JSON by its own word."""


def refusal(request: Request, token: str, hosts: Collection[str]) -> Refusal | None:
    """Say why a call is refused, by its headers alone; None where it is not.

    Args:
        request: the call.
        token: the secret; without one everybody is refused.
        hosts: the names that we may be called by, in lower case.
    """
    if _name(request.headers.get("Host") or "") not in hosts:
        return WRONG_HOST
    if not token or not _shows(token, request.headers.get("Authorization") or ""):
        return UNKNOWN
    kind = (request.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
    return None if kind == "application/json" else NO_JSON


def _name(host: str) -> str:
    """The name in a `Host` header, without its port; empty where it is none."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _shows(token: str, authorization: str) -> bool:
    """Compare in a time that tells nothing of the secret."""
    scheme, shown = authorization[: len(SCHEME)].lower(), authorization[len(SCHEME) :].strip()
    return scheme == SCHEME and hmac.compare_digest(token.encode(), shown.encode("utf-8", "surrogateescape"))
