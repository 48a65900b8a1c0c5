"""Whether the data may be trained: the verdict of `bot check`, remembered for the files it was given on.

The check, the training and `bot run` ask here, so none accepts what another refuses.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from bot.runtime.models import TRAINED_ON, fingerprint
from manifests.places import folder_of_cities

if TYPE_CHECKING:
    from bot.checks import Checker
    from bot.checks.reading.finding import Finding

JUDGED = (
    *TRAINED_ON,
    "actions",
    "bot/checks",
    "city_api",
    "connectors",
    "sandbox/services",
    "tests/conversations",
    "tests/stories",
)
"""What a verdict depends on; the cities' folder may be another (manifests.places)."""

REMEMBERED = "var/checked"
"""The file with the hash of the tree that was last found clean."""


def is_clean(root: Path) -> bool:
    """Whether the tree, as it stands, has been checked and nothing was wrong; it is not checked here."""
    file = root / REMEMBERED
    return file.is_file() and file.read_text(encoding="utf-8") == _hash(root)


def findings(root: Path, checker: Checker | None = None) -> list[Finding]:
    """Check a tree: everything that is wrong. A clean one is remembered.

    Args:
        root: the tree's folder.
        checker: one that knows most of the files already.
    """
    from bot.checks import Checker

    before = _hash(root)
    found = (checker or Checker()).check(root)
    if not found:
        file = root / REMEMBERED
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(before, encoding="utf-8")
    return found


def _hash(root: Path) -> str:
    cities = folder_of_cities(root)
    elsewhere = "" if cities.is_relative_to(root) else fingerprint([""], cities)
    return json.dumps([fingerprint(JUDGED, root), elsewhere])
