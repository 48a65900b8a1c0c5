"""Account numbers in the form that a city's file says, different in every city wherever there is room for its code."""

from __future__ import annotations

from sandbox.seeding.growth import Growth

USUAL_DIGITS = 10
"""Where the file does not say."""
LEAST_FREE = 4
"""So many digits of chance at least; a code that leaves fewer is not put before them."""
KINDS = 11


def account_numbers(growth: Growth, count: int, kind: int) -> list[str]:
    """So many different account numbers with one biller.

    They begin with the city's code where the file allows ten digits or more, with four digits of it where it allows eight.

    Args:
        growth: the city service's growing.
        count: how many.
        kind: 0 to 10; city services of different kinds have no number in common.
    """
    form = growth.city.says.account_numbers.get(growth.service)
    fewest, most = form.digits if form is not None else (USUAL_DIGITS, USUAL_DIGITS)
    length = min(most, max(fewest, USUAL_DIGITS))
    code = growth.city.code
    prefix = next((part for part in (code, code[:4]) if length - len(part) >= LEAST_FREE), "")
    free = length - len(prefix)
    # What has no code before it does not begin with 0: people leave that out.
    first = 0 if prefix else -(-(10 ** (free - 1)) // KINDS) * KINDS
    chosen = growth.stream("numbers").sample(range(first + kind, 10**free, KINDS), count)
    return [f"{prefix}{number:0{free}d}" for number in chosen]
