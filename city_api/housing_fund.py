"""The housing fund: a person's account, its last deposits, and a loan from it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan


class Deposit(Answer):
    """A month's deposit, employer's and employee's part together; `period` is `YYYY-MM`."""

    period: str
    amount: Yuan


class Loan(Answer):
    """A loan from the fund that is being paid back."""

    balance: Yuan
    monthly: Yuan
    next_due_on: dt.date


class HousingFund(Answer):
    """An account as of a day, its deposits the newest first."""

    state: Literal["active", "sealed"]
    employer: str
    balance: Yuan
    monthly: Yuan
    as_of: dt.date
    deposits: list[Deposit]
    loan: Loan | None = None
