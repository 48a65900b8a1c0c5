"""All services, from the manifests in data/services: which task an intent starts, which service a task belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from manifests.errors import ManifestError, told
from manifests.files import ROOT, read
from manifests.service import EntityManifest, ServiceManifest, TaskManifest

FOLDER = ROOT / "data" / "services"


class Services:
    """The services in the order of their places.

    Args:
        manifests: one a service.

    Raises:
        ManifestError: two of them declare the same intent, city service, entity, topic or payment kind.
    """

    def __init__(self, manifests: list[ServiceManifest]) -> None:
        self._all = {one.name: one for one in sorted(manifests, key=lambda one: (one.place, one.name))}
        self._of_intent: dict[str, ServiceManifest] = {}
        _refuse_twice(manifests)
        for one in self:
            for intent in one.tasks:
                self._of_intent[intent] = one

    def __iter__(self) -> Iterator[ServiceManifest]:
        return iter(self._all.values())

    def __contains__(self, name: object) -> bool:
        return name in self._all

    def __getitem__(self, name: str) -> ServiceManifest:
        return self._all[name]

    def names(self) -> tuple[str, ...]:
        """The services' names, in order."""
        return tuple(self._all)

    def of_intent(self, intent: str) -> ServiceManifest | None:
        """The service of the task that an intent starts; None for an intent that starts none."""
        return self._of_intent.get(intent)

    def task(self, intent: str) -> TaskManifest:
        """The task that an intent starts.

        Raises:
            KeyError: it starts none.
        """
        return self._of_intent[intent].tasks[intent]

    def tasks(self) -> Iterator[tuple[str, TaskManifest, ServiceManifest]]:
        """Every task: intent, manifest, service; by service, in the order they are written."""
        for one in self:
            for intent, task in one.tasks.items():
                yield intent, task, one

    def menu(self) -> list[tuple[str, TaskManifest, ServiceManifest]]:
        """The tasks of menu and greeting, in their places."""
        shown = [entry for entry in self.tasks() if entry[1].menu is not None]
        return sorted(shown, key=lambda entry: (entry[1].menu or 0, entry[0]))

    def entities(self) -> dict[str, EntityManifest]:
        """Every entity that some service declares."""
        return {name: entity for one in self for name, entity in one.entities.items()}

    def numbers(self, intent: str) -> tuple[str, ...]:
        """The slots that say what a task is done for: the numbers and plates that it hears, first the one it asks for.

        Several of one of them in a message are several requests.

        Args:
            intent: the task's.

        Raises:
            KeyError: it starts none.
        """
        task, declared = self.task(intent), self.entities()
        heard = [slot for slot in task.hears if slot in declared and declared[slot].reader in ("number", "plate")]
        return tuple(sorted(heard, key=lambda slot: slot not in task.asks))

    def secrets(self) -> frozenset[str]:
        """The entities that only who may know a thing knows."""
        return frozenset(name for name, entity in self.entities().items() if entity.secret)

    def spoken_of_by(self, name: str) -> frozenset[str]:
        """The entities that speak of a service: its own, its cues, and other services' that its tasks hear.

        Args:
            name: the service's.
        """
        one, declared = self[name], self.entities()
        heard = {entity for task in one.tasks.values() for entity in task.hears if entity in declared}
        return frozenset({*one.entities, *one.cues, *heard})

    def topics(self) -> dict[str, tuple[str, ...]]:
        """The words of every topic that some service declares."""
        return {name: words for one in self for name, words in one.topics.items()}

    def claimed(self, text: str) -> bool:
        """Whether some service claims a text that was an example of what is not done here."""
        return any(one.claims_text(text) for one in self)

    def payment_kinds(self) -> frozenset[str]:
        """Everything that can be paid."""
        return frozenset(task.pays for _, task, _ in self.tasks() if task.pays)

    def city_services(self) -> dict[str, ServiceManifest]:
        """Every code that a city may offer, and the service it is a part of, in order."""
        return {code: one for one in self for code in one.city_services}


def read_services(folder: Path = FOLDER) -> Services:
    """Read all manifests.

    Args:
        folder: data/services.

    Raises:
        ManifestError: the first one that cannot be used.
    """
    manifests = [read_service(path) for path in sorted(folder.glob("*.yml"))]
    if not manifests:
        raise ManifestError(f"{folder.name} 里没有一份服务清单")
    return Services(manifests)


def read_service(path: Path) -> ServiceManifest:
    """Read one manifest; its file's name is the service's.

    Raises:
        ManifestError: it cannot be used.
    """
    try:
        return ServiceManifest(**{**read(path), "name": path.stem})
    except ValidationError as error:
        raise told(path, error) from None


@lru_cache(maxsize=1)
def services() -> Services:
    """The services of this project, read once a process.

    Raises:
        ManifestError: a manifest cannot be used.
    """
    return read_services()


def _refuse_twice(manifests: list[ServiceManifest]) -> None:
    seen: dict[tuple[str, str], str] = {}
    for one in manifests:
        kinds = {task.pays for task in one.tasks.values() if task.pays}
        for what, names in (
            ("任务", one.tasks),
            ("city_services 的代码", one.city_services),
            ("实体", one.entities),
            ("话题", one.topics),
            ("付款种类", kinds),
        ):
            for name in names:
                other = seen.setdefault((what, name), one.name)
                if other != one.name:
                    raise ManifestError(f"{one.name}.yml：{what} {name} 已经写在 {other}.yml 里了")
