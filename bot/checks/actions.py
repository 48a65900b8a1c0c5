"""Every action that the domain declares is written, and every one that is written is declared."""

from __future__ import annotations

from collections.abc import Iterator

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project
from bot.dialogue.mistakes import nearest


def validate(project: Project) -> list[Finding]:
    """Report actions of domain files that no code names, and actions that code names and nobody declares."""
    return [*_unwritten(project), *_undeclared(project)]


def _unwritten(project: Project) -> Iterator[Finding]:
    for name, (file, line) in project.written["actions"].items():
        if name not in project.code.strings:
            near = nearest(name, project.code.actions)
            yield Finding(file, line, name, f"程序里没有这个动作{near}", "在 actions 里写一个，或删掉这一行")


def _undeclared(project: Project) -> Iterator[Finding]:
    for name, (file, line) in project.code.actions.items():
        if name not in project.actions:
            what = f"没有声明这个动作{nearest(name, project.actions)}"
            yield Finding(file, line, name, what, "写进 domain.yml 的 actions")
