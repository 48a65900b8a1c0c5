"""Reads a development set: utterances with the intent and the entity values that a person wrote beside them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.runtime import settings

DEVELOPMENT_SET = settings.ROOT / "tests" / "understanding" / "development.yml"
"""The set that rules and features may be mended by, and that is never trained on."""

OTHER_HAND_SET = DEVELOPMENT_SET.with_name("other_hand.yml")
"""A second set by another hand, who saw neither the first nor the training data when writing it."""

Pair = tuple[str, str]
"""An entity's name and its value in normal form."""


class DevelopmentSetError(ValueError):
    """A development set cannot be read; the message says which utterance and why."""


@dataclass(frozen=True)
class Utterance:
    """One sentence and what is to be understood of it.

    Args:
        text: as a resident typed it.
        intent: the intent's public name.
        entities: entity names with values in normal form.
    """

    text: str
    intent: str
    entities: frozenset[Pair] = frozenset()


@dataclass(frozen=True)
class DevelopmentSet:
    """Utterances, and the day on which 明天 and 下周三 are to be read.

    Args:
        today: in Asia/Shanghai.
        utterances: in the file's order.
    """

    today: date
    utterances: tuple[Utterance, ...]


def read_development_set(path: Path = DEVELOPMENT_SET) -> DevelopmentSet:
    """Read a development set from its file.

    Raises:
        DevelopmentSetError: it is not of the form `today: …`, `utterances: [{text, intent, entities?}]`.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(content, dict) or not isinstance(content.get("today"), date):
        raise DevelopmentSetError(f"{path.name}: `today` is not a date")
    rows = content.get("utterances")
    if not isinstance(rows, list) or not rows:
        raise DevelopmentSetError(f"{path.name}: there are no `utterances`")
    return DevelopmentSet(content["today"], tuple(_utterance(row, number) for number, row in enumerate(rows, start=1)))


def _utterance(row: Any, number: int) -> Utterance:
    if not isinstance(row, dict) or not isinstance(row.get("text"), str) or not isinstance(row.get("intent"), str):
        raise DevelopmentSetError(f"utterance {number}: `text` and `intent` have to be text")
    entities = row.get("entities") or {}
    if not isinstance(entities, dict):
        raise DevelopmentSetError(f"utterance {number}: `entities` is not a mapping")
    return Utterance(row["text"], row["intent"], pairs(entities, number))


def pairs(entities: Mapping[str, Any], number: int = 0) -> frozenset[Pair]:
    """Turn `{"bill_type": ["water", "gas"], "amount": "3.00"}` into pairs of name and value.

    Args:
        entities: entity name → its value, or a list of values.
        number: of the utterance, for the error.

    Raises:
        DevelopmentSetError: a value is not text (YAML reads an unquoted 3.50 as a number, and a date as a date).
    """
    found = set()
    for name, given in entities.items():
        for value in given if isinstance(given, list) else [given]:
            if not isinstance(value, str):
                raise DevelopmentSetError(f"utterance {number}: the value of `{name}` has to be quoted text")
            found.add((name, value))
    return frozenset(found)
