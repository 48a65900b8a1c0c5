"""The city's API and the payment provider, as seen from here: typed answers, errors with a name, bounded time."""

from actions.city.cities import Cities
from actions.city.connection import CityConnection, payment
from actions.city.deadline import turn, turn_deadline
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
    TooOften,
    Unavailable,
)
from actions.city.party import Party
from actions.city.provider import PaymentProvider

__all__ = [
    "Cities",
    "CityConnection",
    "CityError",
    "Conflict",
    "IdentityMismatch",
    "InMaintenance",
    "Invalid",
    "NotConnected",
    "NotFound",
    "Party",
    "PaymentProvider",
    "Refused",
    "TooOften",
    "TooManyTries",
    "Unavailable",
    "payment",
    "turn",
    "turn_deadline",
]
