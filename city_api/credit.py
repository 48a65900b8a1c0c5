"""The city credit score, and what moved it."""

from __future__ import annotations

import datetime as dt

from city_api.base import Answer


class CreditFactor(Answer):
    """What moved the score, and by how much."""

    name: str
    effect: int
    reason: str


class CreditScore(Answer):
    """The city credit score."""

    score: int
    grade: str
    grade_name: str
    as_of: dt.date
    factors: list[CreditFactor]
