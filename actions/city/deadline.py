"""How long this turn of a conversation may still wait for other parties."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Clock = Callable[[], float]

turn_deadline: ContextVar[float | None] = ContextVar("turn_deadline", default=None)
"""The moment, on the monotonic clock, by which every call of this turn has been answered; None outside a turn."""


def deadline_of_call(budget: float, clock: Clock = time.monotonic) -> float:
    """The turn's deadline, or for a call outside any turn one of its own.

    Args:
        budget: seconds a call outside any turn may take.
        clock: monotonic seconds.
    """
    deadline = turn_deadline.get()
    return clock() + budget if deadline is None else deadline


@contextmanager
def turn(deadline: float | None) -> Iterator[None]:
    """Run a block under this deadline; None for work in the background, whose calls have a budget each."""
    token = turn_deadline.set(deadline)
    try:
        yield
    finally:
        turn_deadline.reset(token)


class TurnClock:
    """Gives all actions of one turn one deadline: Rasa runs a turn's actions in a request each.

    Args:
        seconds: a turn may wait for other parties.
        clock: monotonic seconds.
        remembered: turns kept in mind.
    """

    def __init__(self, seconds: float, clock: Clock = time.monotonic, remembered: int = 4096) -> None:
        self._seconds = seconds
        self._clock = clock
        self._remembered = remembered
        self._deadlines: OrderedDict[tuple[str, str], float] = OrderedDict()

    def deadline(self, conversation_id: str, message_id: str | None) -> float:
        """The deadline of the turn that this message began; without a message, of a turn that begins now.

        Args:
            conversation_id: whose turn.
            message_id: of the resident's latest message.
        """
        fresh = self._clock() + self._seconds
        if not message_id:
            return fresh
        deadline = self._deadlines.setdefault((conversation_id, message_id), fresh)
        while len(self._deadlines) > self._remembered:
            self._deadlines.popitem(last=False)
        return deadline
