"""The letters that stand for entities where the classifier is not to see what they are: 户号A查L.

Numbers that services declare share one letter, so that what was learnt of one holds for the next service's; names have one
a gazetteer. Texts are in lower case, so a capital is never the resident's own.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.nlu.declared import Declared

NUMBER, PLATE = "A", "C"
"""Of a long number, and of a plate; also of one that is written too badly to be an entity."""

_COMMON = {
    "amount": "B",
    "id_number": "E",
    "phone": "F",
    "date": "G",
    "period": "H",
    "city": "I",
    "person_name": "J",
    "ordinal": "K",
}
_BY_READER = {"number": NUMBER, "plate": PLATE, "pattern": "D"}
_NAMES = "LMNOPQRSTUVWXYZ"


@dataclass(frozen=True)
class Masks:
    """Letters by entity.

    Args:
        always: numbers, days, people, places: what they are never tells what is wanted.
        all: those and the services' names.
        owed: the entities that say what a service is to see to (水费, 电费); their values are features of their own.
    """

    always: dict[str, str]
    all: dict[str, str]
    owed: frozenset[str]

    @classmethod
    def of(cls, declared: Declared) -> Masks:
        """Give each declared entity its letter."""
        always = {
            **_COMMON,
            **{one.entity: _BY_READER[one.reader] for one in declared.entities if one.reader in _BY_READER},
        }
        names = [one.entity for one in declared.read_by("gazetteer")]
        letters = {name: _NAMES[min(place, len(_NAMES) - 1)] for place, name in enumerate(names)}
        return cls(always, {**always, **letters}, declared.choosing())
