"""What a traffic penalty decision costs at a moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sandbox.clock import local_date
from sandbox.money import CENT
from sandbox.services.traffic.tables import Decision, Violation

GRACE_DAYS = 15
LATE_RATE = Decimal("0.03")


@dataclass(frozen=True)
class Penalty:
    """What a decision costs at a moment, in yuan."""

    fine: Decimal
    late_fee: Decimal

    @property
    def total(self) -> Decimal:
        """Fine and late fee together."""
        return self.fine + self.late_fee


def penalty(violation: Violation, decision: Decision, now: datetime) -> Penalty:
    """What a decision costs: from the 16th day on three in a hundred a day more, the fine itself at most
    (行政处罚法 2021, articles 67 and 72). A paid one costs what was paid.
    """
    fine: Decimal = violation.fine
    if decision.paid_amount is not None:
        return Penalty(fine, decision.paid_amount - fine)
    days = max(0, (local_date(now) - local_date(decision.decided_at)).days - GRACE_DAYS)
    return Penalty(fine, min(fine, fine * LATE_RATE * days).quantize(CENT, ROUND_HALF_UP))
