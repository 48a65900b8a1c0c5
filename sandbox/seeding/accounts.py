"""Account numbers in the form that a city's file says, different in every city wherever there is room for its code."""

from __future__ import annotations

from sandbox.seeding.growth import Growth

USUAL_DIGITS = 10
"""Where the file does not say."""
LEAST_FREE = 4
"""So many digits of chance at least; a code that leaves fewer is not put before them."""


def make_account_numbers(growth: Growth, count: int) -> list[str]:
    """So many different account numbers with one biller, such as another seed hardly gives again.

    They begin with the city's code where there is room: with four digits of it in a prefecture, with all six in a county.

    Args:
        growth: the city service's growing.
        count: how many.
    """
    form = growth.city.says.account_numbers.get(growth.service)
    fewest, most = form.digits if form is not None else (USUAL_DIGITS, USUAL_DIGITS)
    length = min(most, max(fewest, USUAL_DIGITS))
    code = growth.city.code
    prefix = code[:4] if code.endswith("00") else code
    if length - len(prefix) < LEAST_FREE:
        prefix = ""
    rng = growth.stream("account numbers")
    numbers: dict[str, None] = {}
    while len(numbers) < count:
        number = prefix + "".join(rng.choices("0123456789", k=length - len(prefix)))
        # A county's numbers begin with a code that begins like its prefecture's. A 0 at the beginning is easily lost.
        if not number.startswith(growth.register.land.neighbours) and number[0] != "0":
            numbers[number] = None
    return list(numbers)
