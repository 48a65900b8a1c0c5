"""What the services' manifests declare to understanding: entities, topics, tasks; as a model stores it, and as it is asked.

No service, task or entity of a service is named in this room: whatever is particular to one comes from here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from manifests import Services

MONEY = "amount"
"""A service that has this cue takes money: what is paid goes into one of its numbers."""


@dataclass(frozen=True)
class DeclaredEntity:
    """A value that residents say to a service.

    Args:
        entity: its name.
        service: whose it is.
        reader: how it is found: plate, number, gazetteer, pattern.
        form: a regular expression of the whole value in normal form.
        said_beside: for numbers, words that tell it is this one.
        digits: for numbers, fewest and most digits beside such a word.
        bare_digits: for numbers, fewest and most with no word beside; None where there has to be one.
        file: for names, the gazetteer.
        takes_money: whether money is paid into it: 充到 4471.
        chosen_by: whether it says which of several things its service is to see to: 水费, 电费.
    """

    entity: str
    service: str
    reader: str
    form: str
    said_beside: tuple[str, ...] = ()
    digits: tuple[int, int] | None = None
    bare_digits: tuple[int, int] | None = None
    file: str | None = None
    takes_money: bool = False
    chosen_by: bool = False


def declarations(services: Services) -> dict[str, Any]:
    """Take from the manifests what understanding needs, as plain lists and mappings that a model can hold.

    Wording, menu and what is asked are not among it: who edits those need not train anew.

    Args:
        services: all of them.
    """
    return {
        "entities": [
            {
                "entity": name,
                "service": one.name,
                "reader": entity.reader,
                "form": entity.form,
                "said_beside": list(entity.said_beside),
                "digits": list(entity.digits) if entity.digits else None,
                "bare_digits": list(entity.bare_digits) if entity.bare_digits else None,
                "file": entity.file,
                "takes_money": MONEY in one.cues,
                "chosen_by": name == one.city_service_by,
            }
            for one in services
            for name, entity in one.entities.items()
        ],
        "services": [
            {
                "service": one.name,
                "tasks": list(one.tasks),
                "then": [[first, second] for first, task in one.tasks.items() for second in task.then],
                "topics": list(one.topics),
                "entities": sorted(services.spoken_of_by(one.name)),
            }
            for one in services
        ],
    }


class Declared:
    """The declarations, as they are asked.

    Args:
        stored: as `declarations` returns it, or as a model stored it.
    """

    def __init__(self, stored: Mapping[str, Any]) -> None:
        self.entities = tuple(_entity(row) for row in stored["entities"])
        rows = stored["services"]
        self.service_of: dict[str, str] = {intent: row["service"] for row in rows for intent in row["tasks"]}
        self.then = frozenset((first, second) for row in rows for first, second in row["then"])
        self.topics_of = {row["service"]: frozenset(row["topics"]) for row in rows}
        self.entities_of = {row["service"]: frozenset(row["entities"]) for row in rows}

    def read_by(self, reader: str) -> tuple[DeclaredEntity, ...]:
        """The entities that a reader finds, in the order of the manifests."""
        return tuple(one for one in self.entities if one.reader == reader)

    def choosing(self) -> frozenset[str]:
        """The entities that say which of several things a service is to see to."""
        return frozenset(one.entity for one in self.entities if one.chosen_by)

    def are_two(self, first: str, second: str) -> bool:
        """Whether two intents in one message are two requests: of two services, or one task after another of its own."""
        return self.service_of[first] != self.service_of[second] or (first, second) in self.then


def _entity(row: Mapping[str, Any]) -> DeclaredEntity:
    ranges = {name: tuple(row[name]) if row[name] else None for name in ("digits", "bare_digits")}
    return DeclaredEntity(**{**row, **ranges, "said_beside": tuple(row["said_beside"])})
