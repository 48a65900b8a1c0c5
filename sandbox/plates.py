"""Plates by GA 36: their form, and serials that no other city gives out."""

from __future__ import annotations

import random
import re

from sandbox.errors import CityError

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# Letters I and O are not used in serial numbers. GA 36-2018: five places with at most two letters on ordinary plates;
# on new-energy plates six places, a type letter first (small) or last (large).
_ORDINARY = re.compile(rf"[{PROVINCES}][A-HJ-Z](?!(?:.*[A-Z]){{3}})[A-HJ-NP-Z0-9]{{5}}")
_NEW_ENERGY = re.compile(
    rf"[{PROVINCES}][A-HJ-Z](?:[A-HJK][A-HJ-NP-Z0-9][0-9]{{4}}|[0-9]{{5}}[A-HJK])",
)
_SPECIAL = re.compile(rf"[{PROVINCES}][A-HJ-Z][A-HJ-NP-Z0-9]{{4}}[学警港澳挂]")

LETTERS = "BCEGHJKLMNPQRSTUVWXYZ"
"""The letters that ordinary serials here begin with; D begins those of new-energy vehicles."""
_MODULUS = 1009
"""A prime greater than the difference of any two codes of a prefecture: its county-level cities share its letters."""


def is_plate(text: str) -> bool:
    """Whether a text is a plate in the normal form of GA 36: upper case, no dot, no blank."""
    return any(form.fullmatch(text) for form in (_ORDINARY, _NEW_ENERGY, _SPECIAL))


def require_plate(text: str) -> str:
    """The plate, if it is one.

    Raises:
        CityError: 422 invalid_plate_number.
    """
    if not is_plate(text):
        raise CityError(422, "invalid_plate_number", "车牌号格式不正确")
    return text


def make_plates(
    rng: random.Random, prefix: str, city: str, ordinary: int, electric: int
) -> tuple[list[str], list[str]]:
    """Plates of a city: ordinary ones with one letter, and new-energy ones.

    Cities that share a prefix get no plate in common: a serial's remainder is its city's.

    Args:
        rng: the city's chance.
        prefix: 浙A.
        city: its code.
        ordinary: how many ordinary ones.
        electric: how many new-energy ones.
    """
    rest = int(city[2:]) % _MODULUS
    plain = _serials(rng, len(LETTERS) * 10_000, rest, ordinary)
    new = _serials(rng, 100_000, rest, electric)
    return (
        [f"{prefix}{LETTERS[serial // 10_000]}{serial % 10_000:04d}" for serial in plain],
        [f"{prefix}D{serial:05d}" for serial in new],
    )


def _serials(rng: random.Random, below: int, rest: int, count: int) -> list[int]:
    """So many different numbers with that remainder."""
    return rng.sample(range(rest, below, _MODULUS), count)
