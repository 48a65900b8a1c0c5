"""What a bare answer says that holds no entity: a number, a name, a place in a list."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from pathlib import Path

import yaml

from actions.conversation.normal_forms import fits
from actions.conversation.turn import Turn
from manifests import services

NUMBERS_OF_ALL = ("phone", "amount")
"""Number entities that no manifest declares. An ID number is not among them: it is nobody's account."""
SURNAMES = Path(__file__).resolve().parents[2] / "data" / "gazetteers" / "surnames.yml"

# Eighteen digits with a birthday where GB 11643 has it, or seventeen and an X.
_LIKE_AN_ID_NUMBER = re.compile(r"[1-8]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3,4}")
_X_AFTER = re.compile(r"[xX](?![0-9A-Za-z])")
_LETTERS_AND_DIGITS = re.compile(r"[0-9A-Z]+")
_WITHIN = re.compile(r"(?<=[0-9A-Z])[ -]+(?=[0-9A-Z])")
_DIGITS = re.compile(r"\d[\d\s-]{4,22}\d")
_NAME = re.compile(r"[\u4e00-\u9fa5]{2,4}(?:·[\u4e00-\u9fa5]{1,10})?")
_NO_NAME = re.compile(r"医生|大夫|主任|教授|专家|护士|老师|[查挂退交缴约号费票钱不没吗呢吧了是的]")
_PLACE = re.compile(r"[选要就第]{0,4}([一二两三四五六七八九十]|\d{1,2})[个条笔号项位]?[吧的。]?")
_HANZI = {hanzi: str(number) for number, hanzi in enumerate("一二三四五六七八九十", start=1)} | {"两": "2"}


def number_said(turn: Turn, entity: str) -> str | None:
    """The digits of the latest message, when it says one number: what was asked for decides what it is.

    Args:
        turn: what was said.
        entity: what was asked for.

    Returns:
        The digits; None where the entity is no number, where none or several were said, or an ID number, which must not
        go to a biller, right or mistyped.
    """
    declared = services().entities()
    if entity not in declared or declared[entity].digits is None or turn.value("id_number") is not None:
        return None
    entities = [name for name, one in declared.items() if one.reader == "number"]
    numbers = {turn.value(name) for name in (*entities, *NUMBERS_OF_ALL)} - {None}
    if len(numbers) == 1:
        digits = re.sub(r"\D", "", str(numbers.pop()))
        return digits if fits(entity, digits) and not _LIKE_AN_ID_NUMBER.fullmatch(digits) else None
    match = _DIGITS.search(turn.text)
    if match is None or numbers:
        return None
    digits = re.sub(r"\D", "", match.group())
    is_id_number = _LIKE_AN_ID_NUMBER.fullmatch(digits) or _X_AFTER.match(turn.text, match.end())
    return digits if fits(entity, digits) and not is_id_number else None


def form_said(turn: Turn, entity: str) -> str | None:
    """The value that the latest message holds of an entity that is known by its form alone, when it holds just one.

    Args:
        turn: what was said.
        entity: what was asked for.

    Returns:
        The value in normal form, blanks and hyphens in it left out; None where the entity is none of that kind, where none
        or several were said, or where it is a telephone, an ID number or a plate.
    """
    declared = services().entities()
    if entity not in declared or declared[entity].reader != "pattern" or turn.is_button:
        return None
    plates = [name for name, one in declared.items() if one.reader == "plate"]
    if any(turn.value(other) is not None or turn.readings(other) for other in (*plates, "phone", "id_number")):
        return None
    written = _WITHIN.sub("", unicodedata.normalize("NFKC", turn.text).upper())
    values = {one for one in _LETTERS_AND_DIGITS.findall(written) if fits(entity, one)}
    return values.pop() if len(values) == 1 else None


def name_said(turn: Turn) -> str | None:
    """The name that the latest message is, when it is one: a family name first, nothing in it that no name holds."""
    words = turn.text.strip().rstrip("。.，, ")
    if turn.entities or not _NAME.fullmatch(words) or _NO_NAME.search(words):
        return None
    return words if words[0] in surnames() or words[:2] in surnames() else None


def place_said(turn: Turn) -> str | None:
    """The place in a list that the latest message names: "2" for 第二条, 2 or 二; "-1" for the last."""
    told = turn.value("ordinal")
    if told is not None:
        return told
    match = _PLACE.fullmatch(turn.text.strip())
    if match is None:
        return None
    number = _HANZI.get(match.group(1), match.group(1))
    return number if number != "0" else None


@lru_cache(maxsize=1)
def surnames() -> frozenset[str]:
    """The family names, of one or two characters."""
    lists = yaml.safe_load(SURNAMES.read_text(encoding="utf-8"))
    return frozenset(f"{lists['double']} {lists['single']}".split())
