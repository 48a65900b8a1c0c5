"""How often a conversation may ask after people and their numbers: who guesses is to wait.

A name and an ID number that do not belong together are counted by conversation and by number, at the one place that all
questions with an ID number go through, so that no handler can forget it. What else is asked after, a manifest limits
(`at_most` of an entity): how many different ones a conversation may ask after.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from limits import RateLimitItem

from actions.city.errors import TooOften
from serving.counting import Counter, read

_asking: ContextVar[str] = ContextVar("asking", default="")


@contextmanager
def asking(conversation_id: str) -> Iterator[None]:
    """Run a block for a conversation; outside of one, as in the background, nothing is counted."""
    token = _asking.set(conversation_id)
    try:
        yield
    finally:
        _asking.reset(token)


@dataclass(frozen=True)
class HowOften:
    """Counts what is asked of the cities.

    Args:
        counter: of all processes together, where there is Redis.
        failures: names and ID numbers that may be wrong, in one conversation and of one number; None is without limit.
        by_manifest: whether the manifests' limits hold.
    """

    counter: Counter
    failures: RateLimitItem | None = None
    by_manifest: bool = True

    async def before_person(self, name: str, id_number: str) -> None:
        """See whether it may be asked whether they belong together; what was right in this conversation always may.

        Raises:
            TooOften: too many were wrong.
        """
        who = _asking.get()
        if self.failures is None or not who:
            return
        waits = [
            await self.counter.wait(self.failures, "wrong-in-conversation", who),
            await self.counter.wait(self.failures, "wrong-of-number", id_number),
        ]
        seconds = max((one for one in waits if one is not None), default=None)
        if seconds is None or await self.counter.wait(self._once(), "right", _pair(who, name, id_number)) is not None:
            return
        raise TooOften(seconds)

    async def wrong(self, id_number: str) -> None:
        """Count that a name and this ID number did not belong together."""
        if who := _asking.get():
            await self.counter.count(self.failures, "wrong-in-conversation", who)
            await self.counter.count(self.failures, "wrong-of-number", id_number)

    async def right(self, name: str, id_number: str) -> None:
        """Remember that they do: who has told the right ones is not held up by another's wrong ones."""
        if self.failures is not None and (who := _asking.get()):
            await self.counter.count(self._once(), "right", _pair(who, name, id_number))

    async def look_up(self, at_most: str | None, entity: str, title: str, value: str) -> None:
        """Count that something is looked up by a value; the same one again is free.

        Args:
            at_most: the manifest's limit.
            entity: what the value is.
            title: as residents call it.
            value: the value.

        Raises:
            TooOften: it is one too many of different ones.
        """
        allowed = read(at_most) if at_most and self.by_manifest else None
        who = _asking.get()
        seconds = await self.counter.count_different(allowed, entity, who, value) if who else None
        if seconds is not None:
            raise TooOften(seconds, title)

    def _once(self) -> RateLimitItem | None:
        return type(self.failures)(1, self.failures.multiples) if self.failures is not None else None


def _pair(who: str, name: str, id_number: str) -> str:
    return "\0".join((who, name, id_number))
