"""What a traffic offence costs at a moment, and how that grows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

from sandbox.clock import local_date
from sandbox.money import CENT
from sandbox.services.traffic.tables import Decision, Violation

GRACE_DAYS = 15
LATE_RATE = Decimal("0.03")
ZERO = Decimal(0)


@dataclass(frozen=True)
class Penalty:
    """What an offence costs at a moment, in yuan, and how that grows.

    Attributes:
        fine, late_fee: what is owed by then.
        late_from: the first day that adds a late fee; None while nothing is decided, and once it is paid.
        per_day: what each day from then on adds, and after today each further day; nothing once the most is reached.
    """

    fine: Decimal
    late_fee: Decimal
    late_from: date | None = None
    per_day: Decimal = ZERO

    @property
    def total(self) -> Decimal:
        """Fine and late fee together."""
        return self.fine + self.late_fee

    def added_by(self, day: date) -> Decimal:
        """What a day after today adds."""
        return self.per_day if self.late_from is not None and day >= self.late_from else ZERO


def penalty(violation: Violation, decision: Decision | None, now: datetime) -> Penalty:
    """What an offence costs: from the 16th day after its decision on three in a hundred of the fine a day more, the fine
    itself at most (行政处罚法 2021, articles 67 and 72). What is not decided has only its fine; a paid one costs what was paid.
    """
    fine: Decimal = violation.fine
    if decision is None:
        return Penalty(fine, ZERO)
    if decision.paid_amount is not None:
        return Penalty(fine, decision.paid_amount - fine)
    late_from = local_date(decision.decided_at) + timedelta(days=GRACE_DAYS + 1)
    days = max(0, (local_date(now) - late_from).days + 1)
    late_fee = min(fine, fine * LATE_RATE * days).quantize(CENT, ROUND_HALF_UP)
    per_day = min(fine * LATE_RATE, fine - late_fee).quantize(CENT, ROUND_HALF_UP)
    return Penalty(fine, late_fee, late_from, per_day)
