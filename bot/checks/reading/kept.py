"""What was made of files, kept as long as their content stays the same: between two edits nearly all of it does."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any, TypeVar, cast

T = TypeVar("T")

GENERATIONS = 3
"""Checks for which a thing is kept that none of them asked for: a candidate and the live tree may be checked in turns."""


class Kept:
    """A memory of values by what they were made of."""

    def __init__(self) -> None:
        self._values: dict[Hashable, Any] = {}
        self._asked: dict[Hashable, int] = {}
        self._generation = 0

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of a key, made where there is none. Whoever gets it must not change it.

        Args:
            key: what the value is made of, and which kind of value it is.
            make: makes it; what it raises is not kept.
        """
        if key not in self._values:
            self._values[key] = make()
        self._asked[key] = self._generation
        return cast(T, self._values[key])

    def forget(self) -> None:
        """End a check: forget what the last ones did not ask for."""
        for key in [key for key, asked in self._asked.items() if asked <= self._generation - GENERATIONS]:
            del self._values[key], self._asked[key]
        self._generation += 1
