"""Medical insurance: the balance of a person's account, and what the insurance paid last."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan


class Settlement(Answer):
    """A bill at a hospital or pharmacy; what neither the fund nor the account paid, the person did."""

    settled_on: dt.date
    place: str
    total: Yuan
    by_fund: Yuan
    by_account: Yuan


class MedicalInsurance(Answer):
    """An insurance as of a day, its settlements the newest first. Residents who are no employees have no account."""

    kind: Literal["employee", "resident"]
    state: Literal["active", "suspended"]
    balance: Yuan | None = None
    as_of: dt.date
    settlements: list[Settlement]
