"""Puts findings in their places: the file by its whole path, the line where it can be known, each slip once."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project

_ALIKE = ("没有收进去", "UTF-8")
"""What several checks notice of one line, each in its own words."""

_LINE = re.compile(r"第 (\d+) 行：?")


def placed(project: Project, findings: Iterable[Finding]) -> list[Finding]:
    """The findings by file and line; of those that say the same of one place, the one that says most.

    Args:
        project: whose files they are about.
        findings: of all checks.
    """
    best: dict[tuple[str, int | None, str], Finding] = {}
    for one in (_with_line(project, _with_path(project, found)) for found in findings):
        key = (one.file, one.line, next((kind for kind in _ALIKE if kind in one.what), one.what[:6]))
        known = best.get(key)
        if known is None or len(str(one)) > len(str(known)):
            best[key] = one
    said = {one.file for one in best.values() if not one.is_last_resort}
    left = [one for one in best.values() if not (one.is_last_resort and one.file in said)]
    return sorted(left, key=lambda one: (one.file, one.line or 0, one.item, one.what))


def _with_path(project: Project, found: Finding) -> Finding:
    """An error that was raised while reading names its file without the folder."""
    if "/" in found.file or (project.root / found.file).is_file():
        return found
    paths = project.files(f"data/cities/{found.file}") or project.files(f"data/**/{found.file}")
    return replace(found, file=paths[0]) if len(paths) == 1 else found


def _with_line(project: Project, found: Finding) -> Finding:
    if found.line is not None:
        return found
    told = _LINE.match(found.what) or _LINE.match(found.item)
    if told is not None:
        rest = _LINE.sub("", found.what, count=1) if found.what.startswith("第") else found.what
        return replace(found, line=int(told[1]), item="" if found.item.startswith("第") else found.item, what=rest)
    where = tuple(int(part) if part.isdigit() else part for part in found.item.split(".")) if found.item else ()
    located = next(project.located(found.file), None) if found.file.endswith(".yml") else None
    line = located.line(*where) if located is not None and where else None
    if line is None and project.path(found.file).is_file():
        line = 1
    return replace(found, line=line) if line is not None else found
