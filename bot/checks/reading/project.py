"""The project as the checks see it: each part read when a check first asks for it, and once.

What cannot be read is left out here and reported by the check whose task that is, so that one broken file hides no other
finding.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rasa.shared.core.constants import DEFAULT_ACTION_NAMES, DEFAULT_INTENTS

from bot.checks.reading.articles import WrittenArticle, articles_of
from bot.checks.reading.code import Code, read_code
from bot.checks.reading.examples import Example, examples_of
from bot.checks.reading.finding import Finding
from bot.checks.reading.located import Located
from bot.checks.reading.stories import Story, stories_of
from bot.checks.reading.tree import CITIES, Tree
from bot.dialogue.articles import rule_of
from bot.dialogue.generated import complete, domain_of, form_of, name_of, rule_over, rules_of
from manifests import ManifestError, PlaceManifest, Places, ServiceManifest, TaskManifest
from manifests.knowledge import ASK, UTTER
from manifests.places import REGISTRY
from manifests.services import read_service

SECTIONS = ("intents", "entities", "slots", "forms", "actions", "responses")
RASAS_SLOTS = ("requested_slot", "session_started_metadata")
DOMAIN = ("domain.yml", "data/domain/*.yml")
SERVICES, STORIES, EXAMPLES = "data/services/*.yml", "data/stories/**/*.yml", "data/nlu/**/*.yml"
EMERGENCIES = "data/emergencies/*.yml"
KNOWLEDGE = "data/knowledge/*.yml"


@dataclass(frozen=True)
class Response:
    """A variation of a response as somebody wrote it down.

    Attributes:
        name: the response's.
        says: the variation: text, buttons, …
        file: where it stands.
        line: its line.
        buttons: the lines of its buttons.
    """

    name: str
    says: dict[str, Any]
    file: str
    line: int | None
    buttons: tuple[int | None, ...] = ()


class Project(Tree):
    """What the files of a tree say."""

    # ---- manifests

    @cached_property
    def services(self) -> tuple[ServiceManifest, ...]:
        """The manifests that can be used."""
        return tuple(self._manifests[0])

    @cached_property
    def manifest_findings(self) -> tuple[Finding, ...]:
        """What is wrong with those that cannot."""
        return tuple(self._manifests[1])

    @cached_property
    def _manifests(self) -> tuple[list[ServiceManifest], list[Finding]]:
        usable: list[ServiceManifest] = []
        findings: list[Finding] = []
        for file in self.files(SERVICES):
            try:
                usable.append(self._service(file))
            except ManifestError as error:
                findings += [told(file, line) for line in str(error).splitlines()]
        return usable, findings

    def _service(self, file: str) -> ServiceManifest:
        return self.kept.of(("service", file, self.content(file)), lambda: read_service(self.root / file))

    def is_broken(self, file: str) -> bool:
        """A manifest that can be read and not used is broken too."""
        return super().is_broken(file) or any(finding.file == file for finding in self._manifests[1])

    def tasks(self) -> Iterator[tuple[str, TaskManifest, ServiceManifest]]:
        """Every task: intent, manifest, service."""
        for service in self.services:
            for intent, task in service.tasks.items():
                yield intent, task, service

    @cached_property
    def asked(self) -> frozenset[str]:
        """The slots that some task asks for."""
        return frozenset(slot for _, task, _ in self.tasks() for slot in task.asks)

    # ---- cities

    @cached_property
    def places(self) -> Places | None:
        """The registry and the cities' files; None where the registry cannot be used."""
        return self._places[0]

    @cached_property
    def _places(self) -> tuple[Places | None, str]:
        def read() -> tuple[Places | None, str]:
            try:
                return (Places(self.cities_folder) if self.files(f"{CITIES}{REGISTRY}") else None), ""
            except ManifestError as error:
                return None, str(error)

        return self.kept.of(("places", self.cities_folder, self.digest(f"{CITIES}*.yml")), read)

    @property
    def registry_refused(self) -> str:
        """Why the registry cannot be used; nothing where it can."""
        return self._places[1]

    @cached_property
    def city_files(self) -> dict[str, PlaceManifest]:
        """The files of cities and provinces that can be used, by code."""
        found: dict[str, PlaceManifest] = {}
        for file in self.files("data/cities/[0-9]*.yml"):
            code = Path(file).stem
            if self.places is not None:
                try:
                    found[code] = self._city(self.places, file)
                except ManifestError:
                    continue  # said by the check of cities
        return found

    def _city(self, places: Places, file: str) -> PlaceManifest:
        return self.kept.of(("city", file, self.content(file)), lambda: places.own(Path(file).stem))

    # ---- the domain

    @cached_property
    def domain_files(self) -> list[Located]:
        """domain.yml and data/domain/*.yml."""
        return [located for pattern in DOMAIN for located in self.located(pattern)]

    @cached_property
    def written(self) -> dict[str, dict[str, tuple[str, int | None]]]:
        """Section of the domain → name → file and line where somebody wrote it down."""
        found: dict[str, dict[str, tuple[str, int | None]]] = {section: {} for section in SECTIONS}
        for located in self.domain_files:
            for section in SECTIONS:
                entries = located.section(section) or {}
                for index, entry in enumerate(entries):
                    where = (section, entry) if isinstance(entries, dict) else (section, index)
                    found[section].setdefault(name_of(entry), (located.file, located.line(*where)))
        return found

    @cached_property
    def slots_written(self) -> dict[str, dict[str, Any]]:
        """The slots that stand in a domain file, as they are declared."""
        sections = [located.section("slots") for located in self.domain_files]
        declared = [section for section in sections if isinstance(section, dict)]
        return {str(name): slot for section in declared for name, slot in section.items() if isinstance(slot, dict)}

    @cached_property
    def names(self) -> dict[str, frozenset[str]]:
        """Section of the domain → every name in it, written or generated."""
        written = {
            section: dict.fromkeys(names) if section in ("slots", "forms", "responses") else list(names)
            for section, names in self.written.items()
        }
        whole = complete(complete(written, domain_of(self.services)), self._of_knowledge)
        broken = {*self.spelt_in_broken(*DOMAIN, SERVICES), *map(form_of, self.spelt_in_broken(SERVICES))}
        broken |= {f"action_{word}" for word in self.spelt_in_broken(SERVICES)}
        return {section: frozenset(map(name_of, whole.get(section) or ())) | broken for section in SECTIONS}

    @property
    def _of_knowledge(self) -> dict[str, Any]:
        """Intents, actions and responses that follow from data/knowledge."""
        names = {f"{ASK}{Path(file).stem}" for file in self.files(KNOWLEDGE)}
        return {
            "intents": sorted(names),
            "actions": sorted(f"{UTTER}{name}" for name in names),
            "responses": {f"{UTTER}{ASK}{Path(one.file).stem}/{one.name}": None for one in self.articles},
        }

    @property
    def intents(self) -> frozenset[str]:
        """Every intent, Rasa's own too."""
        return self.names["intents"] | frozenset(DEFAULT_INTENTS)

    @property
    def slots(self) -> frozenset[str]:
        """Every slot, Rasa's own too."""
        return self.names["slots"] | frozenset(RASAS_SLOTS)

    @property
    def actions(self) -> frozenset[str]:
        """Everything a rule may name as an action, Rasa's own too."""
        return self.names["actions"] | self.names["forms"] | self.names["responses"] | frozenset(DEFAULT_ACTION_NAMES)

    @cached_property
    def responses(self) -> list[Response]:
        """Every variation that stands in a domain file."""
        return [response for located in self.domain_files for response in variations(located, "responses")]

    @cached_property
    def city_words(self) -> list[Response]:
        """Every variation that stands in a city's or province's file."""
        return [word for located in self.located("data/cities/[0-9]*.yml") for word in variations(located, "words")]

    # ---- stories, examples, code

    @cached_property
    def stories(self) -> list[Story]:
        """The rules and stories that stand in data/stories."""
        return list(stories_of(self.located(STORIES)))

    @cached_property
    def generated_rules(self) -> dict[str, tuple[str, dict[str, Any]]]:
        """The rules that follow from manifests, by name: the manifest's file, and the rule as a file would say it."""
        rules = {
            rule["rule"]: (f"data/services/{service.name}.yml", rule)
            for service in self.services
            for rule in rules_of(service)
        }
        over = rule_over()
        answers = {
            rule["rule"]: (file, rule)
            for file in self.files(KNOWLEDGE)
            for rule in [rule_of(Path(file).stem, self._title(Path(file).stem))]
        }
        return {**rules, **answers, over["rule"]: ("data/services", over)}

    def _title(self, name: str) -> str:
        return next((service.title for service in self.services if service.name == name), name)

    @cached_property
    def examples(self) -> list[Example]:
        """The examples in data/nlu."""
        return [example for located in self.located(EXAMPLES) for example in self._examples_in(located)]

    def _examples_in(self, located: Located) -> list[Example]:
        key = ("examples", located.file, self.content(located.file))
        return self.kept.of(key, lambda: list(examples_of([located])))

    @cached_property
    def articles(self) -> list[WrittenArticle]:
        """The articles that stand in data/knowledge."""
        return list(articles_of(self.located(KNOWLEDGE)))

    @cached_property
    def answers(self) -> list[Response]:
        """What the articles answer, there and in single cities, as responses."""
        return [
            Response(one.name, {"text": text}, one.file, one.line(*where))
            for one in self.articles
            for where, text in one.texts()
        ]

    @cached_property
    def code(self) -> Code:
        """What the handlers' source says."""
        return self.kept.of(
            ("code", self.digest("actions/**/*.py")), lambda: read_code(self.root / "actions", self.root)
        )

    def questions(self, intent: str, slot: str) -> tuple[str, ...]:
        """The names under which Rasa looks for a form's question for a slot, in its order."""
        form = form_of(intent)
        return (f"action_ask_{form}_{slot}", f"utter_ask_{form}_{slot}", f"action_ask_{slot}", f"utter_ask_{slot}")


def variations(located: Located, section: str) -> Iterator[Response]:
    """The variations of responses under a section of a file.

    Args:
        located: the file.
        section: `responses`, or `words` in a city's file.
    """
    entries = located.section(section)
    for name, said in (entries if isinstance(entries, dict) else {}).items():
        for index, variation in enumerate(said if isinstance(said, list) else ()):
            if isinstance(variation, dict):
                where = (section, name, index)
                count = len(variation["buttons"]) if isinstance(variation.get("buttons"), list) else 0
                buttons = tuple(located.line(*where, "buttons", number) for number in range(count))
                yield Response(str(name), variation, located.file, located.line(*where), buttons)


def told(file: str, line: str) -> Finding:
    """A line of a ManifestError, `parking.yml：tasks.x：缺了这一项`, as a finding.

    Args:
        file: the file, relative to the project.
        line: the line.
    """
    parts = line.removeprefix(f"{Path(file).name}：").split("：", 1)
    return Finding(file, None, parts[0] if len(parts) > 1 else "", parts[-1])
