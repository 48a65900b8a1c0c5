"""Cases: what a resident reports to the city, and what has become of it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer

CaseState = Literal["accepted", "processing", "answered", "withdrawn"]


class CaseKind(Answer):
    """A kind of case that the city takes: its code, its name, and in how many working days it is answered."""

    code: str
    title: str
    working_days: int


class CaseKinds(Answer):
    """The kinds, the most frequent first."""

    kinds: list[CaseKind]


class CaseStep(Answer):
    """Something that has happened with a case."""

    at: dt.datetime
    text: str


class Case(Answer):
    """A case as its number tells it: what it is about and how far it is, and nothing of who reported it.

    `answer` is what the city has said to it, None before; `history` the oldest first.
    """

    case_number: str
    kind: str
    title: str
    state: CaseState
    opened_at: dt.datetime
    promised_on: dt.date
    answer: str | None = None
    history: list[CaseStep] = []
