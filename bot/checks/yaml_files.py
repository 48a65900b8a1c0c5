"""Every YAML file can be read, and no line in it is mistyped so that it means something else."""

from __future__ import annotations

from collections.abc import Iterator

import yaml

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from manifests.files import unreadable
from manifests.yaml_lines import slips

FILES = ("*.yml", "data/**/*.yml", "tests/stories/*.yml")


def validate(project: Project) -> list[Finding]:
    """Report what is no YAML, names written twice, and slips of the keyboard."""
    return [finding for pattern in FILES for file in project.files(pattern) for finding in _of(project, file)]


def _of(project: Project, file: str) -> Iterator[Finding]:
    try:
        text = (project.root / file).read_text(encoding="utf-8")
    except UnicodeDecodeError:
        yield Finding(file, None, "", "不是 UTF-8 编码", "另存为 UTF-8")
        return
    mistyped = list(slips(text))
    for line, what in mistyped:
        yield Finding(file, line, "", what)
    try:
        for located in project.located(file):
            for name, line, first in located.repeated:
                yield Finding(file, line, name, f"第 {first} 行已经写过", "两处只有一处算数，留一处")
        if not mistyped:
            yaml.compose(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = unreadable(text, mark).removeprefix(f"第 {mark.line + 1} 行" if mark is not None else "某一行")
        yield Finding(file, mark.line + 1 if mark is not None else None, "", told)
