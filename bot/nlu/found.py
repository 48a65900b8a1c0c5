"""What an entity finder returns, and how finders share one text without overlapping."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Found:
    """One entity in a message.

    Args:
        start: offset of its first character in the message.
        end: offset after its last character.
        entity: the public entity name.
        value: the value in its normal form.
    """

    start: int
    end: int
    entity: str
    value: str

    def overlaps(self, other: "Found") -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


def take_free(taken: list[Found], more: Iterable[Found]) -> None:
    """Add to `taken` those of `more` that overlap nothing taken before, longer ones first."""
    for found in sorted(more, key=lambda f: (f.start - f.end, f.start)):
        if not any(found.overlaps(other) for other in taken):
            taken.append(found)
