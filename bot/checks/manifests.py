"""The manifests of the services are valid, go together, and name only entities, slots and words that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from bot.checks.reading.finding import Finding
from bot.checks.reading.project import Project, told
from bot.dialogue.mistakes import nearest
from manifests import ManifestError, ServiceManifest, Services


def validate(project: Project) -> list[Finding]:
    """Report manifests that cannot be used, that contradict one another, and names in them that nobody declares."""
    findings = list(project.manifest_findings)
    try:
        Services(list(project.services))
    except ManifestError as error:
        file = f"data/services/{Path(str(error).partition('：')[0]).name}"
        findings.append(told(file, str(error)))
    for service in project.services:
        findings += _names(project, service)
    return [*findings, *_titles(project)]


def _names(project: Project, service: ServiceManifest) -> Iterator[Finding]:
    file = f"data/services/{service.name}.yml"
    entities, slots = project.names["entities"], project.slots
    yield from _unknown(file, "why_id_number", [service.why_id_number], project.names["responses"], "回复")
    for intent, task in service.tasks.items():
        yield from _unknown(file, f"{intent}.hears", task.hears, entities, "实体")
        yield from _unknown(file, f"{intent}.keeps", task.keeps, slots, "槽位")
        yield from _unknown(file, f"{intent}.doubts", task.doubts, slots, "槽位")
        for item, response in zip(("confirms", "confirms_all"), task.confirming, strict=False):
            yield from _unknown(file, f"{intent}.{item}", [response], project.names["responses"], "回复")
    yield from _unknown(file, "cues", service.cues, entities, "实体")
    yield from _unknown(file, "remembers", service.remembers, slots, "槽位")
    if service.city_service_by:
        yield from _unknown(file, "city_service_by", [service.city_service_by], slots, "槽位")
    for entity, declared in service.entities.items():
        if declared.file and not project.files(f"data/gazetteers/{declared.file}.yml"):
            what = f"没有词表 data/gazetteers/{declared.file}.yml"
            yield Finding(file, None, f"entities.{entity}", what, "新建这个词表，或改 file")


def _unknown(file: str, item: str, names: Iterable[str], known: Iterable[str], kind: str) -> Iterator[Finding]:
    for name in names:
        if name not in known:
            yield Finding(file, None, item, f"没有叫 {name} 的{kind}{nearest(name, known)}")


def _titles(project: Project) -> Iterator[Finding]:
    """The rules of a task bear its title."""
    services: dict[str, str] = {}
    for service in project.services:
        first = services.setdefault(service.title, service.name)
        if first != service.name:
            what = f"「{service.title}」 和 {first}.yml 的一样"
            yield Finding(f"data/services/{service.name}.yml", None, "title", what, "居民分不清，换一个")
    seen: dict[str, str] = {}
    for intent, task, service in project.tasks():
        other = seen.setdefault(task.title, intent)
        if other != intent:
            what = f"title 「{task.title}」 和任务 {other} 一样"
            yield Finding(f"data/services/{service.name}.yml", None, intent, what, "居民分不清，换一个")
