"""Reads the project the way it is laid out, and makes plain Rasa of it.

The domain is domain.yml with data/domain/*.yml, completed by what follows from data/services/*.yml, by the values that
rules and stories may branch on, by the articles of data/knowledge/*.yml, and with the words of data/cities/*.yml. The rules are those of data/stories, completed by the start and end of each task and by what comes after one: a rule of the
same name replaces the generated one. Named in config.yml, so that Rasa's own commands see the whole too:

    importers:
      - name: bot.dialogue.importer.ServiceImporter
"""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import RuleStep, StoryGraph, StoryStep
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.dialogue import articles
from bot.dialogue.branches import derived_values, with_values
from bot.dialogue.data_files import domain_of as domain_of_files
from bot.dialogue.data_files import examples_of, steps_of
from bot.dialogue.generated import complete, domain_of, rule_over, rules_of
from bot.dialogue.known_files import KnownFiles
from bot.dialogue.mistakes import DataError, DomainConflictError, nearest, said_in_chinese
from bot.dialogue.words import with_local_words
from bot.nlu.kept import cache_folder
from manifests import Places, Services
from manifests.files import read
from manifests.knowledge import Knowledge, read_all
from manifests.places import REGISTRY, folder_of_cities
from manifests.services import read_services

DOMAIN_FOLDER = "data/domain"
SERVICES_FOLDER = "data/services"
CITIES_FOLDER = "data/cities"
KNOWLEDGE_FOLDER = "data/knowledge"
NOT_TRAINING_DATA = (
    DOMAIN_FOLDER,
    SERVICES_FOLDER,
    CITIES_FOLDER,
    KNOWLEDGE_FOLDER,
    "data/gazetteers",
    "data/emergencies",
)
"""Folders under data/ whose YAML is no training data, though Rasa would take a file with `responses:` for it."""

OUT_OF_SCOPE = "out_of_scope"

DECLARED_ONCE = ("responses", "slots", "forms")
"""Domain sections where Rasa, met with two declarations of one name, silently keeps one."""


class ServiceImporter(RasaFileImporter):
    """Rasa's file importer, for a project of services and cities.

    Whatever is wrong with a file is raised as `DataError`, in a sentence for whoever edits the file.

    Args:
        config_file: path of config.yml; its folder is the project's root.
        domain_path: path of domain.yml, or None where a command needs no domain (training NLU alone).
        training_data_paths: files or folders with NLU data, stories and rules; normally `data`.
    """

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ):
        # The parent's own scan would parse the domain files as training data, so it is given no paths.
        super().__init__(config_file, domain_path, training_data_paths=None)
        self._root = Path(config_file or domain_path or ".").resolve().parent
        self._domain: Domain | None = None
        self._nlu_data: TrainingData | None = None
        self._knowledge: list[Knowledge] | None = None
        self._known = KnownFiles(cache_folder())
        with said_in_chinese():
            files = self._training_files(training_data_paths)
            self._nlu_files = [file for file in files if is_nlu_file(file)]
            self._story_files = [file for file in files if YAMLStoryReader.is_stories_file(file)]
            self._conversation_test_files = [file for file in files if YAMLStoryReader.is_test_stories_file(file)]

    def _training_files(self, paths: list[str] | str | None) -> list[str]:
        excluded = [self._root / folder for folder in NOT_TRAINING_DATA]

        def is_training_data(path: str) -> bool:
            resolved = Path(path).resolve()
            return not any(resolved.is_relative_to(folder) for folder in excluded)

        return list(get_data_files(paths, is_training_data))

    def domain_files(self) -> list[Path]:
        """The files the domain is read from: the given one first, then data/domain by name."""
        if not self._domain_path:
            return []
        given = Path(self._domain_path).resolve()
        first = sorted(given.glob("*.yml")) if given.is_dir() else [given]
        services = sorted((self._root / DOMAIN_FOLDER).glob("*.yml"))
        return list(dict.fromkeys([*first, *services]))

    def get_domain(self) -> Domain:
        """The one domain of files, manifests and cities; read once.

        Raises:
            DataError: a file is missing or cannot be used. (Rasa's own importer warns and goes on with an empty
                domain, and the mistake shows up far away.)
            DomainConflictError: two files declare one response, slot or form differently.
        """
        if self._domain is None:
            with said_in_chinese():
                self._domain = self._read_domain(self.domain_files())
        return self._domain

    def _read_domain(self, files: list[Path]) -> Domain:
        if not files:
            return Domain.empty()
        refuse_conflicts(files)
        written = domain_of_files(files, self._known).as_dict()
        whole = complete(written, domain_of(self.services()))
        stories = [Path(file) for file in self._story_files]
        whole["slots"] = with_values(whole.get("slots") or {}, derived_values(self.services(), stories))
        cities = folder_of_cities(self._root)
        places = Places(cities) if (cities / REGISTRY).is_file() else None
        if places is not None:
            whole["responses"] = with_local_words(whole.get("responses") or {}, places)
        return Domain.from_dict(complete(whole, articles.domain_of(self.knowledge(), self.services(), places)))

    def get_stories(self, exclusion_percentage: int | None = None) -> StoryGraph:
        """The rules and stories of the files, and the rules of the tasks that no rule in a file replaces.

        Raises:
            DataError: a file cannot be used.
        """
        with said_in_chinese():
            if exclusion_percentage or not self._domain_path:
                written = super().get_stories(exclusion_percentage)
            else:
                written = StoryGraph(steps_of(self._story_files, self.get_domain(), self._known))
                self._known.keep()
            if not self._domain_path:
                return written
            refuse_unknown_slots(written, self.get_domain())
            replaced = {step.block_name for step in written.story_steps if isinstance(step, RuleStep)}
            generated = [step for step in self._generated_rules() if step.block_name not in replaced]
            return StoryGraph([*written.story_steps, *generated])

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The examples, without those of out_of_scope that a service claims, and the questions of the articles; read once.

        Raises:
            DataError: a file cannot be used.
        """
        if self._nlu_data is None:
            with said_in_chinese():
                read = self._without_claimed(examples_of(self._nlu_files, language, self._known))
                self._nlu_data = read.merge(articles.examples_of(self.knowledge())) if self._nlu_files else read
                self._known.keep()
        return self._nlu_data

    def _without_claimed(self, read: TrainingData) -> TrainingData:
        known = self.services()
        left = [
            one
            for one in read.training_examples
            if one.get(INTENT) != OUT_OF_SCOPE or not known.claimed(one.get(TEXT) or "")
        ]
        if len(left) == len(read.training_examples):
            return read
        return TrainingData(left, read.entity_synonyms, read.regex_features, read.lookup_tables, read.responses)

    def services(self) -> Services:
        """The services of this project; none where it has no manifests.

        Raises:
            ManifestError: a manifest cannot be used.
        """
        folder = self._root / SERVICES_FOLDER
        return read_services(folder) if folder.is_dir() else Services([])

    def knowledge(self) -> list[Knowledge]:
        """The files of articles of this project, by name; read once.

        Raises:
            ManifestError: one of them cannot be used.
        """
        if self._knowledge is None:
            self._knowledge = list(read_all(self._root / KNOWLEDGE_FOLDER))
        return self._knowledge

    def _generated_rules(self) -> list[StoryStep]:
        domain = self.get_domain()
        steps: list[StoryStep] = []
        services = list(self.services())
        for service in services:
            reader = YAMLStoryReader(domain, f"{SERVICES_FOLDER}/{service.name}.yml")
            steps += reader.read_from_parsed_yaml({"version": "3.1", "rules": rules_of(service)})
        if services:
            reader = YAMLStoryReader(domain, SERVICES_FOLDER)
            steps += reader.read_from_parsed_yaml({"version": "3.1", "rules": [rule_over()]})
        for known in self.knowledge():
            reader = YAMLStoryReader(domain, f"{KNOWLEDGE_FOLDER}/{known.name}.yml")
            title = next((service.title for service in services if service.name == known.name), known.name)
            rule = articles.rule_of(known.name, title)
            steps += reader.read_from_parsed_yaml({"version": "3.1", "rules": [rule]})
        return steps


def refuse_unknown_slots(stories: StoryGraph, domain: Domain) -> None:
    """Check that stories and rules set declared slots only; Rasa would end the process without saying why.

    Raises:
        DataError: naming file, rule and slot.
    """
    known = {slot.name for slot in domain.slots}
    for step in stories.story_steps:
        for event in step.events:
            if isinstance(event, SlotSet) and event.key not in known:
                file = Path(step.source_name or "").name
                raise DataError(f"{file}：「{step.block_name}」：没有叫 {event.key} 的槽位{nearest(event.key, known)}")


def refuse_conflicts(files: list[Path]) -> None:
    """Check that no response, slot or form is declared differently in two files.

    Raises:
        DomainConflictError: naming the section, the name and both files.
        ManifestError: a file is missing, is not YAML, or is not a mapping.
    """
    seen: dict[tuple[str, str], tuple[Path, Any]] = {}
    for path in files:
        for section, declared in read(path).items():
            if section not in DECLARED_ONCE or not isinstance(declared, dict):
                continue
            for name, value in declared.items():
                other, other_value = seen.setdefault((section, name), (path, value))
                if other_value != value:
                    raise DomainConflictError(
                        f"{path.name}：{section} 里的 {name} 在 {other.name} 里已经写过，只能留一处"
                    )
