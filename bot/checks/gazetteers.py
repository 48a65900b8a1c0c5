"""The word lists can be read, no word in them means two things or is covered by another, and values fit their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.nlu.check import ambiguous_aliases, lost_aliases
from bot.nlu.gazetteer_files import GazetteerError, Gazetteers, read_gazetteers

FOLDER = "data/gazetteers"


def validate(project: Project) -> list[Finding]:
    """Report what `bot.nlu.check` finds in the word lists, and values that the manifest's form refuses.

    The lists are read as the manifests say, so nothing is said of them while one of those cannot be used.
    """
    if project.manifest_findings:
        return []
    try:
        gazetteers = read_gazetteers(*(project.root / folder for folder in (FOLDER, "data/cities", "data/services")))
    except GazetteerError as error:
        return [Finding(FOLDER, None, "", f"词表读不了：{error}")]
    problems = [*ambiguous_aliases(gazetteers["phrases"]), *lost_aliases(gazetteers)]
    return [
        *(Finding(FOLDER, None, "", problem.removeprefix("词表：")) for problem in problems),
        *_misfits(project, gazetteers),
    ]


def _misfits(project: Project, gazetteers: Gazetteers) -> Iterator[Finding]:
    forms = {name: entity for service in project.services for name, entity in service.entities.items()}
    for entity, value in sorted({(row["entity"], row["value"]) for row in gazetteers["phrases"]}):
        declared = forms.get(entity)
        if declared is not None and not re.fullmatch(declared.form, value):
            file = f"{FOLDER}/{Path(declared.file or entity).name}.yml"
            yield Finding(file, None, value, f"不合 {entity} 的写法 {declared.form}", "居民说了也不会当真")
