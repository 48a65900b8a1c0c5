"""Writes the numbers of a text as speech recognition hears them: 3301 → 三三零幺, 200 块 → 二百块."""

import re
from collections.abc import Sequence
from functools import lru_cache

import cn2an

from bot.evaluation.reading import Span
from manifests import services

READ_OUT = ("number", "plate")
"""Readers of manifests' entities that are read out digit by digit, with 幺 for 1, as ID numbers and telephones are."""

LONG = 5
"""Digits from which on any number is read out digit by digit."""

LONG_ALONE = 3
"""The same for a number that is no amount and no day: 886."""

_NUMBER = re.compile(
    r"(?P<hours>(?<!\d)\d{1,2})[:：](?P<minutes>\d{2})(?!\d)"
    r"|(?P<year>\d{4})(?=年)"
    r"|(?<![A-Za-z\d])(?P<plain>\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![A-Za-z\d])"
)
_SAID = dict(zip("0123456789", "零幺二三四五六七八九", strict=True))
_SAID_OF_YEARS = {**_SAID, "1": "一"}


def spoken(text: str, spans: Sequence[Span]) -> str:
    """Return `text` with its numbers in Chinese characters; one that touches a Latin letter (3q) stays.

    Args:
        text: as in the development set.
        spans: its entities; they decide how a number is read out.
    """
    parts, position = [], 0
    read_out = [span for span in spans if span.entity in digit_by_digit()]
    counted = {place for span in spans if span not in read_out for place in range(span.start, span.end)}
    for match in _NUMBER.finditer(text):
        if not any(span.start < match.end() and match.start() < span.end for span in read_out):
            parts += [(position, match.start(), ""), (match.start(), match.end(), _said(match, counted))]
            position = match.end()
    parts.append((position, len(text), ""))
    digits = {place for span in read_out for place in range(span.start, span.end)}
    return "".join(said or _each(text, start, end, digits) for start, end, said in parts)


@lru_cache(maxsize=1)
def digit_by_digit() -> frozenset[str]:
    """The entities that are read out digit by digit."""
    declared = (name for name, entity in services().entities().items() if entity.reader in READ_OUT)
    return frozenset(("id_number", "phone", *declared))


def _said(match: re.Match[str], counted: set[int]) -> str:
    if match["hours"]:
        return _clock(int(match["hours"]), int(match["minutes"]))
    if match["year"]:
        return _digits(match["year"], _SAID_OF_YEARS)
    plain = re.sub("[,，]", "", match["plain"])
    longest = LONG if match.start() in counted else LONG_ALONE
    if plain.isdecimal() and (len(plain) >= longest or (len(plain) > 1 and int(plain[0]) == 0)):
        return _digits(plain, _SAID)
    return _chinese(plain)


def _clock(hours: int, minutes: int) -> str:
    said = {0: "", 30: "半"}.get(minutes, ("零" if minutes < 10 else "") + _chinese(str(minutes)) + "分")
    return f"{_chinese(str(hours))}点{said}"


def _chinese(number: str) -> str:
    said: str = cn2an.an2cn("".join(char if char == "." else str(int(char)) for char in number))
    return said


def _each(text: str, start: int, end: int, digits: set[int]) -> str:
    return "".join(
        _digits(char, _SAID) if place in digits else char for place, char in enumerate(text[start:end], start)
    )


def _digits(text: str, said: dict[str, str]) -> str:
    return "".join(said[str(int(char))] if char.isdecimal() else char for char in text)
