"""Every YAML file can be read, and no line in it is mistyped so that it means something else."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from manifests.files import unreadable
from manifests.yaml_lines import slips

FILES = ("*.yml", "data/**/*.yml", "tests/stories/*.yml")


def validate(project: Project) -> list[Finding]:
    """Report what is no YAML, names written twice, and slips of the keyboard."""
    return [finding for pattern in FILES for file in project.files(pattern) for finding in _of(project, file)]


def _of(project: Project, file: str) -> Iterator[Finding]:
    for located in project.located(file):
        for name, line, first in located.repeated:
            yield Finding(file, line, name, f"第 {first} 行已经写过", "两处只有一处算数，留一处")
    error = project.unreadable.get(file)
    if isinstance(error, UnicodeDecodeError):
        yield Finding(file, None, "", "不是 UTF-8 编码", "另存为 UTF-8")
        return
    text = project.path(file).read_text(encoding="utf-8")
    mistyped = list(slips(text))
    for line, what in mistyped:
        yield Finding(file, line, "", what)
    if isinstance(error, ValueError):
        yield Finding(file, None, "", f"有一个值不对：{error}", "日期要真有这一天")
    elif error is not None and not mistyped:
        mark = getattr(error, "problem_mark", None)
        told = unreadable(text, mark).removeprefix(f"第 {mark.line + 1} 行" if mark is not None else "某一行")
        yield Finding(file, mark.line + 1 if mark is not None else None, "", told)
