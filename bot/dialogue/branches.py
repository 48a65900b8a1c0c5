"""The values of the facts that rules and stories branch on, where nobody need list them.

A slot tells situations apart only where its values are listed. Tasks and city services are those of the manifests; of
cities and channels only those matter that some rule or story names: all others are alike to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from manifests import Services
from manifests.files import read

TASKS = "last_task_done"
CITY_SERVICES = ("asked_city_service", "last_city_service")
NAMED = ("city", "city_code", "channel")


def derived_values(services: Services, files: Iterable[Path]) -> dict[str, list[str]]:
    """Give the values of each derived fact, by slot.

    Args:
        services: the manifests.
        files: those with rules and stories.

    Raises:
        ManifestError: a file cannot be read.
    """
    named = list(dict.fromkeys(entry for file in files for entry in slots_named(read(file))))
    return {
        TASKS: [intent for intent, _, _ in services.tasks()],
        **{slot: list(services.city_services()) for slot in CITY_SERVICES},
        **{slot: [str(value) for name, value in named if name == slot and value is not None] for slot in NAMED},
    }


def with_values(slots: Mapping[str, Any], derived: Mapping[str, list[str]]) -> dict[str, Any]:
    """The slots of a domain, those of `derived` that are declared `categorical` with their values."""
    return {
        name: {**slot, "values": derived[name]} if name in derived and slot.get("type") == "categorical" else slot
        for name, slot in slots.items()
    }


def slots_named(content: Any) -> Iterator[tuple[str, Any]]:
    """Every slot that a file of rules and stories names, with the value; a slot named without one is left out.

    Args:
        content: the file as plain values.
    """
    if isinstance(content, list):
        for entry in content:
            yield from slots_named(entry)
    elif isinstance(content, dict):
        for key, below in content.items():
            if key == "slot_was_set":
                entries = below if isinstance(below, list) else [below]
                yield from (
                    (str(name), value) for entry in entries if isinstance(entry, dict) for name, value in entry.items()
                )
            else:
                yield from slots_named(below)
