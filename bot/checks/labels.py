"""An example speaks of the service it stands under, and not of another's matter alone."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from bot.checks.gazetteers import FILES, read
from bot.checks.reading.examples import Example
from bot.checks.reading.finding import Finding
from bot.checks.reading.project import EXAMPLES, SERVICES, Project
from bot.nlu.gazetteer_files import GazetteerError
from bot.nlu.normalise import normalise


def validate(project: Project) -> list[Finding]:
    """Report examples of a task that name another service's matter and nothing of their own.

    A word is of its service alone where no example that names the matter of another has it too: 滞纳金 is said of fines
    as of bills.
    """
    if not project.is_whole(SERVICES, FILES) or not project.services:
        return []
    inputs = project.digest(SERVICES, FILES, EXAMPLES)
    return project.kept.of(("labels", inputs), lambda: list(_misplaced(project)))


def _misplaced(project: Project) -> Iterator[Finding]:
    try:
        services_of = _words(project)
    except GazetteerError:
        return  # said by the check of gazetteers
    pattern = re.compile("|".join(sorted(map(re.escape, services_of), key=len, reverse=True)))
    service_of = {intent: service for intent, _, service in project.tasks()}
    shared: set[str] = set()
    doubtful: list[tuple[Example, list[str]]] = []
    for one in project.examples:
        service = service_of.get(one.intent)
        words = list(dict.fromkeys(pattern.findall(normalise(one.text)))) if service is not None and one.is_read else []
        if service is None or not words:
            continue
        if any(service.name in services_of[word] for word in words):
            shared.update(word for word in words if service.name not in services_of[word])
        else:
            doubtful.append((one, words))
    for one, words in doubtful:
        service = service_of[one.intent]
        alien = [word for word in words if word not in shared]
        if alien:
            titles = "、".join(_titles(project, services_of[alien[0]]))
            what = f"写在「{service.tasks[one.intent].title}」（{one.intent}）下面，说的却是“{alien[0]}”，那是「{titles}」的事"
            to_do = f"挪到那边的意图下面；真是这里的事，把它的叫法写进 data/services/{service.name}.yml 的 topics"
            yield Finding(one.file, one.line, f"「{one.text}」", what, to_do)


def _titles(project: Project, names: set[str]) -> list[str]:
    return [service.title for service in project.services if service.name in names]


def _words(project: Project) -> dict[str, set[str]]:
    """What is said of services: the words of their topics and the names of what they deal with → the services."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    entities = {entity: service.name for service in project.services for entity in service.entities}
    for service in project.services:
        for words in service.topics.values():
            for word in words:
                found[normalise(str(word))].add(service.name)
    for row in read(project)["phrases"]:
        if row["entity"] in entities and len(row["text"]) > 1:
            found[row["text"]].add(entities[row["entity"]])
    return dict(found)
