"""How an action gets at its collaborators: the city, the payments, the ledger and the settings of this process."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from actions.city import Cities
from actions.city.often import HowOften
from actions.ledger import Ledger
from actions.payments import PaymentService
from actions.settings import Settings


@dataclass(frozen=True)
class Services:
    """What an action may use."""

    cities: Cities
    payments: PaymentService
    ledger: Ledger
    settings: Settings
    how_often: HowOften | None = None


class _Holder:
    services: Services | None = None


def current() -> Services:
    """The services of this process.

    Raises:
        RuntimeError: the action server has not started and no test has set them.
    """
    if _Holder.services is None:
        raise RuntimeError("no services: the action server sets them at its start, a test with actions.context.use()")
    return _Holder.services


def set_current(services: Services | None) -> None:
    """Set the services of this process, or take them away with None."""
    _Holder.services = services


@contextmanager
def use(services: Services) -> Iterator[Services]:
    """Set the services for a block and put the former ones back: for tests."""
    former = _Holder.services
    _Holder.services = services
    try:
        yield services
    finally:
        _Holder.services = former
