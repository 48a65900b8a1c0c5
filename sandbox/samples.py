"""Believable things to say to a city, read from the database as it stands now: each service gives its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session

from sandbox.registry import Found


def collect_samples(session: Session, services: Iterable[Found], city: str) -> dict[str, Any]:
    """The samples of a city. What does not exist (any more) is null.

    Args:
        session: an open session.
        services: who gives samples.
        city: GB/T 2260 code.
    """
    collected: dict[str, Any] = {"city": city}
    for one in services:
        _merge(collected, one.service.samples(session, city))
    return collected


def _merge(into: dict[str, Any], more: dict[str, Any]) -> None:
    for name, value in more.items():
        if isinstance(value, dict) and isinstance(into.get(name), dict):
            _merge(into[name], value)
        else:
            into[name] = value
