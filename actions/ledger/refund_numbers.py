"""The numbers refunds are asked for under: T…R, and T…R2, T…R3 for those that failed before: one is never used again."""

from __future__ import annotations

MARK = "R"
"""Behind the trade number; the first refund has no more."""


def following(number: str) -> str:
    """The number after one whose refund has failed."""
    head, _, tail = number.rpartition(MARK)
    return f"{head}{MARK}{int(tail or '1') + 1}"


def is_of(number: str, trade_number: str) -> bool:
    """Whether a refund number is one of a trade's."""
    return number.startswith(trade_number + MARK)
