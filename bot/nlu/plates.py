"""Number plates by GA 36: seven characters, eight for new-energy vehicles, as people type and say them."""

import re
from collections.abc import Iterator

from bot.nlu.found import Found
from bot.nlu.numerals import SPOKEN

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新"
"""The first character of a plate: the provincial abbreviations."""

_SUFFIXES = "挂学警港澳试超领使"
_SEPARATOR = r"[ ·.\-_*'、]{0,2}"
_SERIAL = f"[a-z0-9{''.join(SPOKEN)}{_SUFFIXES}]"
_CANDIDATE = re.compile(rf"[{PROVINCES}]{_SEPARATOR}(?:牌)?[a-z](?:{_SEPARATOR}{_SERIAL}){{4,7}}")
# GA 36-2018: no I and no O in a serial. Small new-energy cars carry D or F (later A–K) first, large ones last.
_ORDINARY = re.compile(rf"[{PROVINCES}][A-Z](?:[A-HJ-NP-Z0-9]{{5}}|[A-HJ-NP-Z0-9]{{4}}[{_SUFFIXES}])")
_NEW_ENERGY = re.compile(rf"[{PROVINCES}][A-Z](?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])")


def is_plate(value: str) -> bool:
    """Tell whether `value` (upper case, no separators) is a plate by GA 36, ordinary or new-energy."""
    return bool(_ORDINARY.fullmatch(value) or _NEW_ENERGY.fullmatch(value))


def find_plates(text: str, entity: str = "") -> Iterator[Found]:
    """Find plates in normalised text; the value is upper case without dots or blanks.

    Spoken digits (浙A幺二三四五) are read, and O and I, which no serial has, are taken for 0 and 1.

    Args:
        text: the message.
        entity: what a plate is called, where that matters.
    """
    for match in _CANDIDATE.finditer(text):
        plate = _longest_plate(text, match.start(), match.end(), entity)
        if plate:
            yield plate


def _longest_plate(text: str, start: int, end: int, entity: str) -> Found | None:
    kept: list[tuple[str, int]] = []  # the plate's characters, each with the offset after it
    for offset in range(start, end):
        char = text[offset]
        if char in SPOKEN:
            kept.append((SPOKEN[char], offset + 1))
        elif char.isascii() and char.isalnum() or char in PROVINCES + _SUFFIXES:
            kept.append((char.upper(), offset + 1))
    for length in (8, 7):
        if len(kept) < length:
            continue
        stop = kept[length - 1][1]
        if stop < len(text) and text[stop].isascii() and text[stop].isalnum():
            continue  # cut out of something longer
        value = "".join(char for char, _ in kept[:length])
        value = value[:2] + value[2:].replace("O", "0").replace("I", "1")
        if is_plate(value):
            return Found(start, stop, entity, value)
    return None
