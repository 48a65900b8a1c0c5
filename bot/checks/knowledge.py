"""Every article of data/knowledge can be relied on: it has a source, is not past its review, is short, and is not mistaken for another."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.checks.reading.articles import Asked, WrittenArticle
from bot.checks.reading.finding import Finding
from bot.checks.reading.project import KNOWLEDGE, Project, told
from bot.dialogue.mistakes import nearest
from bot.nlu.features import ngrams
from bot.nlu.normalise import normalise
from manifests import ManifestError
from manifests.knowledge import HANDOFF, knowledge_of

LONGEST = 120
"""Characters of an answer; what is more belongs into `more`."""

FEWEST = 8
"""Ways of asking that an article needs to be told from its neighbours."""

ALIKE = 0.62
"""How much of their pairs of characters two articles' questions may share, all examples taken together."""

COMMON = "common"


def validate(project: Project) -> list[Finding]:
    """Report articles that cannot be used or relied on, and examples that stand twice."""
    findings: list[Finding] = []
    for located in project.located(KNOWLEDGE):
        findings += _usable(located.file, located.content)
        if Path(located.file).stem != COMMON and Path(located.file).stem not in {one.name for one in project.services}:
            what = f"没有叫 {Path(located.file).stem} 的服务{nearest(Path(located.file).stem, [one.name for one in project.services])}"
            findings.append(
                Finding(located.file, 1, "", what, "文件名要和服务清单一样；不属于哪项服务的写进 common.yml")
            )
    for article in project.articles:
        findings += [
            *_kept(article),
            *_length(article),
            *_lines(article),
            *_next(project, article),
            *_cities(project, article),
        ]
    return [*findings, *_twice(project), *_alike(project)]


def _usable(file: str, content: object) -> Iterator[Finding]:
    try:
        knowledge_of(Path(file), content if isinstance(content, dict) else {})
    except ManifestError as error:
        for line in str(error).splitlines():
            yield told(file, line)


def _kept(article: WrittenArticle) -> Iterator[Finding]:
    day, checked = article.part("review_by"), article.part("checked_on")
    today = dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()
    if isinstance(day, dt.date) and day < today:
        what = f"复核日期 {day} 已经过了"
        to_do = "对照出处再看一遍，没变就把 checked_on 改成今天、review_by 往后改，变了就改答案"
        yield Finding(article.file, article.line("review_by"), _item(article), what, to_do)
    if isinstance(checked, dt.date) and checked > today:
        yield Finding(
            article.file, article.line("checked_on"), _item(article), f"核对日期 {checked} 还没到", "写真核对的那天"
        )


def _length(article: WrittenArticle) -> Iterator[Finding]:
    for where, text in article.texts():
        if where[-1] == "answer" and len(text) > LONGEST:
            what = f"答案 {len(text)} 个字，最多 {LONGEST} 个"
            yield Finding(article.file, article.line(*where), _item(article), what, "只留最要紧的，其余的写进 more")


def _lines(article: WrittenArticle) -> Iterator[Finding]:
    for one in article.asked:
        if not one.is_read:
            yield Finding(
                article.file, one.line, f"「{one.text}」", "这句没有收进去", "每句以半角的“- ”开头，和上一句对齐"
            )
    count = sum(one.is_read for one in article.asked)
    if isinstance(article.says.get("examples"), str) and count < FEWEST and all(one.is_read for one in article.asked):
        what = f"只有 {count} 种问法"
        yield Finding(
            article.file,
            article.line("examples"),
            _item(article),
            what,
            f"至少 {FEWEST} 种，写居民真会问的，不同的说法",
        )


def _next(project: Project, article: WrittenArticle) -> Iterator[Finding]:
    tasks = {intent for intent, _, _ in project.tasks()} | {HANDOFF}
    for intent in article.says.get("next") or ():
        if intent not in tasks and not project.spelt_in_broken("data/services/*.yml"):
            what = f"next 里的 {intent} 不是一件能办的事{nearest(str(intent), tasks)}"
            yield Finding(
                article.file, article.line("next"), _item(article), what, "写服务清单 tasks 里的名字，或 handoff_human"
            )


def _cities(project: Project, article: WrittenArticle) -> Iterator[Finding]:
    local = article.says.get("cities")
    for code in local if isinstance(local, dict) else ():
        if project.places is not None and str(code) not in project.city_files:
            what = f"没有 data/cities/{code}.yml 这个城市或省"
            yield Finding(article.file, article.line("cities", str(code)), _item(article), what, "写六位代码，要加引号")


def _twice(project: Project) -> Iterator[Finding]:
    """Examples in two articles, or in an article and under an intent of data/nlu."""
    seen = {_spoken(one.text): (one.intent, one.file, one.line) for one in project.examples if one.is_read}
    for article in project.articles:
        for one in article.asked:
            where = (_name(article), article.file, one.line)
            other = seen.setdefault(_spoken(one.text), where) if one.is_read else where
            if other[0] != where[0]:
                what = f"已经写在 {other[0]} 下面（{other[1]}:{other[2]}），又写在 {where[0]} 下面"
                yield Finding(article.file, one.line, f"「{one.text}」", what, "只能留一处")


def _alike(project: Project) -> Iterator[Finding]:
    """Articles whose questions are made of the same: whichever is meant, the other is answered as often."""
    read = [(one, _pairs(one.asked)) for one in project.articles]
    for (one, mine), (other, theirs) in combinations(read, 2):
        if len(mine) > 30 and len(theirs) > 30 and len(mine & theirs) >= ALIKE * min(len(mine), len(theirs)):
            what = f"问法和 {_name(other)}（{other.file}:{other.line()}）太像，会答成另一篇"
            yield Finding(one.file, one.line(), _item(one), what, "并成一篇，或者把两篇各自才有的说法写进例句")


def _pairs(asked: tuple[Asked, ...]) -> frozenset[str]:
    return frozenset(pair for one in asked if one.is_read for pair in ngrams(_spoken(one.text), 2, 2))


def _spoken(text: str) -> str:
    return "".join(char for char in normalise(text) if char.isalnum()) or text


def _name(article: WrittenArticle) -> str:
    return f"ask_{Path(article.file).stem}/{article.name}"


def _item(article: WrittenArticle) -> str:
    return f"articles.{article.name}"
