"""From an HTTP response to a typed answer or a named error."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel, ValidationError

from actions.city.errors import (
    CityError,
    Conflict,
    IdentityMismatch,
    InMaintenance,
    Invalid,
    NotConnected,
    NotFound,
    Refused,
    TooManyTries,
    Unavailable,
)

T = TypeVar("T", bound=BaseModel)
OUR_LIMIT = ("", "too_many_requests")
"""Codes of a 429 that is meant for us, because all residents together ask too often; any other is about this one's tries."""


def read(response: httpx.Response, answer: type[T]) -> T:
    """The answer in its type.

    Args:
        response: as it came.
        answer: the model of the answer expected.

    Raises:
        CityError: the one that says what was wrong; `Unavailable("unexpected_answer")` for JSON that is broken or
            of another shape. Never chained to the parser's error, which quotes what it read.
    """
    if response.status_code >= 300:
        raise error_of(response)
    try:
        # Amounts come as strings; should one come as a JSON number, it must not pass through a float.
        return answer.parse_obj(json.loads(response.content, parse_float=Decimal))
    except (ValueError, ValidationError):
        raise Unavailable("unexpected_answer") from None


def error_of(response: httpx.Response) -> CityError:
    """The named error of a response that is not a success."""
    body = _body(response)
    status, code = response.status_code, str(body.get("code") or "")
    if status == 503 and code == "maintenance":
        return InMaintenance(_moment(body.get("until")))
    if status == 404 and code:
        return NotConnected(code) if code == "service_not_connected" else NotFound(code)
    if status == 403 and code:
        return Refused(code)
    if status == 409:
        return Conflict(
            code or "conflict",
            trade_number=_text(body.get("trade_number")),
            receipt_number=_text(body.get("receipt_number")),
            paid_at=_moment(body.get("paid_at")),
        )
    if status in (400, 422):
        return IdentityMismatch() if code == "identity_mismatch" else Invalid(code or "invalid_request")
    retry_after = _seconds(response.headers.get("Retry-After"))
    if status == 429 and code not in OUR_LIMIT:
        return TooManyTries(code, retry_after)
    if status == 429:
        return Unavailable(code or "too_many_requests", retry_after=retry_after, counts=False)
    if status >= 500:
        return Unavailable(code or "unavailable", retry_after=retry_after)
    # 401 after a new token, a 403 or 404 that is no answer of this API: asking again now changes nothing.
    return Unavailable(code or "unexpected_answer", repeatable=False)


def _body(response: httpx.Response) -> dict[str, Any]:
    try:
        body = json.loads(response.content)
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _moment(text: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _seconds(text: str | None) -> float | None:
    """Retry-After in seconds; its other form, a date, is taken as not said."""
    return float(text) if text and text.isdecimal() else None
