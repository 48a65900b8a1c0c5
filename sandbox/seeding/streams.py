"""Random numbers that depend on the seed and a name alone: a new kind of record shifts none of the others."""

from __future__ import annotations

import random


def stream(seed: int, *names: object) -> random.Random:
    """A stream of random numbers of one's own.

    Args:
        seed: the city's seed.
        names: what the numbers are for, for instance "people", "330100".
    """
    return random.Random(":".join(str(part) for part in (seed, *names)))  # noqa: S311  # believable, not secret


def unused_digits(rng: random.Random, taken: set[str], prefix: str, count: int) -> str:
    """A number not in `taken`, which it then joins: the prefix and so many digits."""
    while True:
        number = prefix + "".join(rng.choices("0123456789", k=count))
        if number not in taken:
            taken.add(number)
            return number
