"""Bus cards: what is left on one."""

from __future__ import annotations

from city_api.base import Answer, Yuan


class BusCard(Answer):
    """A card, what is left on it, and who takes the money for more."""

    biller_code: str
    payee: str
    card_number: str
    balance: Yuan
