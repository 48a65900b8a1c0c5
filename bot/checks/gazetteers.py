"""The word lists can be read, no word in them means two things or is covered by another, and values fit their form."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.checks.reading.finding import Finding
from bot.checks.reading.located import Where
from bot.checks.reading.project import SERVICES, Project
from bot.dialogue.mistakes import nearest
from bot.nlu.check import ambiguous_aliases, lost_aliases
from bot.nlu.gazetteer_files import GazetteerError, Gazetteers, read_gazetteers
from bot.nlu.normalise import normalise
from manifests.places import REGISTRY

FOLDER = "data/gazetteers"
FILES = f"{FOLDER}/*.yml"

_FULL_WIDTH = re.compile(r"[，、；]")


def validate(project: Project) -> list[Finding]:
    """Report what `bot.nlu.check` finds in the word lists, values that the manifest's form refuses, and words run together.

    The lists are read as the manifests say, so no more is said of them while one of those cannot be used.
    """
    run_together = list(_run_together(project))
    if not project.is_whole(SERVICES, FILES) or run_together:
        return run_together
    try:
        gazetteers = read(project)
    except GazetteerError as error:
        return [_unreadable(project, str(error))]
    return [*_problems(project, gazetteers), *_misfits(project, gazetteers)]


def _run_together(project: Project) -> Iterator[Finding]:
    for located in (located for pattern in (FILES, SERVICES) for located in project.located(pattern)):
        for where, text in _listed(located.content, ()):
            mark = _FULL_WIDTH.search(text)
            if mark is not None:
                kind = "逗号" if mark[0] == "，" else "顿号" if mark[0] == "、" else "分号"
                what = f"{kind}是全角的，前后成了一个词"
                to_do = f"换成半角的逗号加空格：{', '.join(_FULL_WIDTH.split(text))}"
                yield Finding(located.file, located.line(*where), f"「{text}」", what, to_do)


def _listed(content: Any, where: Where) -> Iterator[tuple[Where, str]]:
    """Every text in a list, and where it is."""
    entries = content.items() if isinstance(content, dict) else enumerate(content) if isinstance(content, list) else ()
    for key, entry in entries:
        if isinstance(entry, str) and isinstance(content, list):
            yield (*where, key), entry
        elif not isinstance(entry, str):
            yield from _listed(entry, (*where, key))


def _digest(project: Project) -> str:
    return project.digest(FILES, SERVICES, f"data/cities/{REGISTRY}")


def read(project: Project) -> Gazetteers:
    """What the word lists say.

    Raises:
        GazetteerError: one of them cannot be used.
    """
    folders = (project.root / FOLDER, project.cities_folder, project.root / "data/services")
    return project.kept.of(("gazetteers", _digest(project)), lambda: read_gazetteers(*folders))


def _unreadable(project: Project, told: str) -> Finding:
    """`bill_types.yml：…`, or a part that is missing in one of the lists."""
    file, _, what = told.partition("：")
    known = next((path for path in project.files(FILES) if path.endswith(f"/{file}")), None)
    if known is not None:
        return Finding(known, None, "", what, is_last_resort=True)
    part = re.search(r"KeyError\('(\w+)'\)", told)
    lacking = next((path for path in project.files(FILES) if part and Path(path).stem == part[1]), None)
    what = f"词表读不了：少了 {part[1]} 这一段，或者名字写错了" if part else "词表读不了：有一段的写法和别的不一样"
    return Finding(lacking or project.files(FILES)[0], None, "", what, "照别的词表核对每一段的名字和写法")


def _problems(project: Project, gazetteers: Gazetteers) -> Iterator[Finding]:
    def find() -> list[str]:
        return [*ambiguous_aliases(gazetteers["phrases"]), *lost_aliases(gazetteers)]

    for problem in project.kept.of(("aliases", _digest(project)), find):
        told = problem.removeprefix("词表：")
        words = re.findall(r"「([^」]+)」", told)
        file, line = _place(project, words[0] if words else "")
        yield Finding(file, line, "", told, "" if "只能留" in told else "两处去掉一处")


def _place(project: Project, word: str) -> tuple[str, int | None]:
    """The last place where a word stands in a list: it was the later that came in the way."""
    found = [
        (located.file, located.line(*where))
        for located in project.located(FILES)
        for where, text in _listed(located.content, ())
        if normalise(text) == word
    ]
    return found[-1] if found else (project.files(FILES)[0], None)


def _misfits(project: Project, gazetteers: Gazetteers) -> Iterator[Finding]:
    forms = {name: entity for service in project.services for name, entity in service.entities.items()}
    for entity, value in sorted({(row["entity"], row["value"]) for row in gazetteers["phrases"]}):
        declared = forms.get(entity)
        if declared is not None and not re.fullmatch(declared.form, value):
            file = f"{FOLDER}/{Path(declared.file or entity).name}.yml"
            values = declared.form.split("|") if re.fullmatch(r"[\w|]+", declared.form) else []
            what = f"没有 {value} 这个 {entity}{nearest(value, values)}"
            to_do = f"要写 {'、'.join(values) or declared.form}，不然居民说了也不当真"
            yield Finding(file, _line_of(project, file, value), value, what, to_do)


def _line_of(project: Project, file: str, value: str) -> int | None:
    for located in project.located(file):
        rows = located.section(Path(file).stem)
        for index, row in enumerate(rows if isinstance(rows, list) else ()):
            if isinstance(row, dict) and row.get("value") == value:
                return located.line(Path(file).stem, index, "value")
    return None
