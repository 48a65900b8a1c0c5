"""Every YAML file can be read, and no line in it is mistyped so that it means something else."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from manifests.yaml_lines import broken

FILES = ("*.yml", "data/**/*.yml", "tests/stories/*.yml")


def validate(project: Project) -> list[Finding]:
    """Report what is no YAML, names written twice, and slips of the keyboard."""
    findings = [finding for pattern in FILES for file in project.files(pattern) for finding in _of(project, file)]
    named = "文件名以 .yaml 结尾，只有一半的程序读它"
    return [
        *findings,
        *(Finding(file, None, "", named, "改名，以 .yml 结尾") for file in project.files("data/**/*.yaml")),
    ]


def _of(project: Project, file: str) -> Iterator[Finding]:
    for located in project.located(file):
        for name, line, first in located.repeated:
            yield Finding(file, line, name, f"第 {first} 行已经写过", "两处只有一处算数，留一处")
    error = project.unreadable.get(file)
    if isinstance(error, UnicodeDecodeError):
        line = error.object[: error.start].count(b"\n") + 1
        yield Finding(file, line, "", "从这一行起不是 UTF-8 编码，读不出来", "在编辑器里另存为 UTF-8")
        return
    mistyped = project.slips(file)
    for line, what in mistyped:
        yield Finding(file, line, "", what)
    if isinstance(error, ValueError):
        yield Finding(file, None, "", f"有一个值不对：{error}", "日期要真有这一天")
    elif error is not None and not mistyped:
        place, what = broken(project.text(file), getattr(error, "problem_mark", None))
        yield Finding(file, place, "", what)
