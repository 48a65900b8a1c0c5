"""Every kind of danger has examples and an answer, and no sentence says two things of itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.checks.reading.finding import Finding
from bot.checks.reading.located import Located
from bot.checks.reading.project import EMERGENCIES, Project
from bot.dialogue.mistakes import nearest
from bot.nlu.emergency_files import EVERYDAY, MARK, SECTIONS
from bot.nlu.normalise import normalise

FEWEST = 50
"""Examples that a kind needs to be told from what only sounds like it."""


@dataclass(frozen=True)
class _Said:
    """A sentence, under what it stands (着火的例句), and where."""

    text: str
    kind: str
    section: str
    file: str
    line: int

    @property
    def means(self) -> str:
        """What it says of itself: a kind, with a request or without, or none."""
        calm = self.section == "not" or self.kind == EVERYDAY
        return "不是急事" if calm else f"{self.kind} 的 {self.section}"


def validate(project: Project) -> list[Finding]:
    """Report parts that cannot be read, kinds without examples or answer, and sentences in two places that differ."""
    findings: list[Finding] = []
    seen: dict[str, _Said] = {}
    for located in project.located(EMERGENCIES):
        kind = Path(located.file).stem
        findings += _parts(located)
        said = list(_sentences(located, kind))
        findings += [_lost(one) for one in said if not one.text]
        findings += _differing(said, seen)
        findings += _kind(project, located, kind, said) if kind != EVERYDAY else []
    return findings


def _parts(located: Located) -> Iterator[Finding]:
    for section, content in located.content.items() if isinstance(located.content, dict) else ():
        line = located.line(section)
        if section not in SECTIONS:
            what = f"没有这一段{nearest(str(section), SECTIONS)}"
            yield Finding(located.file, line, str(section), what, f"只能写 {'、'.join(SECTIONS)}")
        elif not isinstance(content, str):
            what = "后面少了竖线，这一段都没有收进去"
            yield Finding(located.file, line, str(section), what, f"写成“{section}: |”，下面每行一句，以“- ”开头")


def _sentences(located: Located, kind: str) -> Iterator[_Said]:
    """All lines; one that is not read has no text."""
    for section in SECTIONS:
        content = located.section(section)
        first = (located.line(section) or 0) + 1
        for offset, line in enumerate(content.splitlines() if isinstance(content, str) else ()):
            if line.strip():
                text = line[len(MARK) :].strip() if line.startswith(MARK) else ""
                yield _Said(text, kind, section, located.file, first + offset)


def _lost(one: _Said) -> Finding:
    return Finding(one.file, one.line, one.section, "这句没有收进去", "每句以半角的“- ”开头，和上一句对齐")


def _differing(said: list[_Said], seen: dict[str, _Said]) -> Iterator[Finding]:
    for one in said:
        spoken = "".join(char for char in normalise(one.text) if char.isalnum())
        if not spoken:
            continue
        other = seen.setdefault(spoken, one)
        if other.means != one.means:
            what = f"已经写成{other.means}（{other.file}:{other.line}），又写成{one.means}"
            yield Finding(one.file, one.line, f"「{one.text}」", what, "只能留一处")


def _kind(project: Project, located: Located, kind: str, said: list[_Said]) -> Iterator[Finding]:
    response = f"utter_emergency_{kind}"
    if response not in project.names["responses"]:
        what = f"有这种急事，没有 {response} 这句回答{nearest(response, project.names['responses'])}"
        yield Finding(
            located.file,
            located.line("examples"),
            kind,
            what,
            "写进 data/domain/emergencies.yml；文件名写错了就改文件名",
        )
    count = sum(one.section == "examples" and bool(one.text) for one in said)
    if count < FEWEST and all(one.text for one in said) and isinstance(located.section("examples"), str):
        what = f"只有 {count} 句例句"
        yield Finding(
            located.file, located.line("examples"), kind, what, f"至少 {FEWEST} 句，写着急的人真会打的，不同的说法"
        )
