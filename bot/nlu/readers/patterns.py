"""Values that a manifest describes by their form alone: a pattern in normal form, with nothing of its kind beside it."""

import re
from collections.abc import Iterable, Iterator

from bot.nlu.declared import DeclaredEntity
from bot.nlu.normalise import normalise
from bot.nlu.readers.found import Found

_BEFORE, _AFTER = 12, 8
"""How near a telling word is, in characters."""


class FormFinder:
    """Finds the values whose manifest says `reader: pattern`.

    Args:
        entities: in the order of the manifests.
    """

    def __init__(self, entities: Iterable[DeclaredEntity]) -> None:
        self._forms = [
            (one.entity, re.compile(one.form, re.IGNORECASE), re.compile(one.form), _any_of(one.said_beside))
            for one in entities
        ]

    def find(self, text: str) -> Iterator[Found]:
        """Find them in normalised text, which is in lower case; the value is as the form has it."""
        for entity, anywhere, form, words in self._forms:
            for match in anywhere.finditer(text):
                if words is not None and not words.search(_beside(text, match)):
                    continue
                said = match.group()
                value = next((one for one in (said, said.upper()) if form.fullmatch(one)), None)
                if value and not _cut_out(text, match.start(), match.end()):
                    yield Found(match.start(), match.end(), entity, value)


def _any_of(words: Iterable[str]) -> re.Pattern[str] | None:
    """What one of these words is found by; None where there are none to be found."""
    return re.compile("|".join(re.escape(normalise(word)) for word in words)) if words else None


def _beside(text: str, match: re.Match[str]) -> str:
    """What stands near a match, without it: the words that tell what it is mostly come before."""
    return f"{text[max(0, match.start() - _BEFORE) : match.start()]} {text[match.end() : match.end() + _AFTER]}"


def _cut_out(text: str, start: int, end: int) -> bool:
    """Whether a letter, digit or Hanzi stands beside one of its own kind: AB12 in AB123."""
    return (start > 0 and _same_kind(text[start - 1], text[start])) or (
        end < len(text) and _same_kind(text[end - 1], text[end])
    )


def _same_kind(one: str, other: str) -> bool:
    return _kind(one) is not None and _kind(one) == _kind(other)


def _kind(char: str) -> str | None:
    if char.isdecimal():
        return "digit"
    if char.isascii() and char.isalpha():
        return "letter"
    return "hanzi" if "\u4e00" <= char <= "\u9fff" else None
