"""Social insurance: for how many months a person has paid, by kind, and what was paid last."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan

Kind = Literal["pension", "medical", "unemployment", "work_injury", "maternity"]


class SocialInsurance(Answer):
    """A record as of a day; `last_period` is the month paid last, `YYYY-MM`. Who has no employer pays alone."""

    state: Literal["paying", "stopped"]
    employer: str | None = None
    as_of: dt.date
    months: dict[Kind, int]
    last_period: str
    last_own: Yuan
    last_by_employer: Yuan | None = None
