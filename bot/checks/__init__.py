"""What `python -m bot check` looks at: one check a module, each with `validate(project) -> list[Finding]`.

A check reads what it needs from the project (bot/checks/reading) and reports all that it finds; none stops another.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from bot.checks.reading.finding import Finding
from bot.checks.reading.kept import Kept
from bot.checks.reading.placing import placed
from bot.checks.reading.project import Project


class Checker:
    """Checks trees of files, the project or a candidate for it, and keeps what their files have in common.

    A process that stays makes one and asks it after each edit; only what is made of the edited file is read again.
    """

    def __init__(self) -> None:
        self._kept = Kept()

    def check(self, root: Path) -> list[Finding]:
        """Everything that is wrong in a tree, by file and line.

        Args:
            root: the tree's folder, laid out like the project; it need not be the project this code stands in.
        """
        try:
            return run(Project(root, self._kept))
        finally:
            self._kept.forget()


def checks() -> Iterator[ModuleType]:
    """The modules that are checks, by name."""
    for module in sorted(pkgutil.iter_modules(__path__), key=lambda module: module.name):
        if not module.ispkg:
            yield importlib.import_module(f"{__name__}.{module.name}")


def run(project: Project) -> list[Finding]:
    """Everything that all checks find, each finding once, by file and line.

    Args:
        project: what is checked.
    """
    return placed(project, (finding for check in checks() for finding in check.validate(project)))


def about(findings: list[Finding], service: str | None = None, city: str | None = None) -> list[Finding]:
    """The findings that concern one service or one city.

    Args:
        findings: all of them.
        service: a service's name; its files bear it.
        city: a city's code; its file and its province's.
    """
    if service is not None:
        findings = [one for one in findings if one.is_in({service, f"test_{service}"})]
    if city is not None:
        findings = [one for one in findings if one.is_in({city, f"{city[:2]}0000"})]
    return findings
