"""What an entity finder returns, and how finders share one text without overlapping."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Found:
    """One entity in a message.

    Args:
        start: offset of its first character in the message.
        end: offset after its last character.
        entity: the public entity name.
        value: the value in its normal form.
        role: of a city, whether the request is about it or it is said in passing; else nothing.
        candidates: every value that may be meant, the likeliest first, where there are several; else nothing.
    """

    start: int
    end: int
    entity: str
    value: str
    role: str = ""
    candidates: tuple[str, ...] = ()

    def overlaps(self, other: "Found") -> bool:
        """Tell whether the two share a character."""
        return self.start < other.end and other.start < self.end


def take_free(taken: list[Found], more: Iterable[Found], shut: Iterable[Found] = ()) -> None:
    """Add to `taken` those of `more` that overlap nothing taken before and nothing that is shut, longer ones first."""
    longest_first = sorted(more, key=lambda f: (f.start - f.end, f.start))
    covered = covered_by([*taken, *shut]) if longest_first else set()
    for found in longest_first:
        if covered.isdisjoint(range(found.start, found.end)):
            taken.append(found)
            covered.update(range(found.start, found.end))


def covered_by(found: Iterable[Found]) -> set[int]:
    """The offsets of all characters that lie in one of `found`."""
    return {place for one in found for place in range(one.start, one.end)}


def reaches_into_a_word(text: str, found: Found, words: Collection[str], longest: int = 6) -> bool:
    """Tell whether a word that begins within `found` goes on after it: 三角 in 三角形.

    Args:
        text: where it was found.
        found: what was found.
        words: those that count.
        longest: characters of a word that is looked for.
    """
    return any(
        text[begin:end] in words
        for begin in range(found.start, found.end)
        for end in range(found.end + 1, min(len(text), begin + longest) + 1)
    )
