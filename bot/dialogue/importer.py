"""Reads the project the way it is laid out: domain.yml with data/domain/*.yml, data/nlu, data/stories.

Named in config.yml, so that Rasa's own commands see the whole too:

    importers:
      - name: bot.dialogue.importer.ServiceImporter
"""

from pathlib import Path
from typing import Any

from rasa.shared.core.domain import Domain, InvalidDomain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.exceptions import YamlException
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.io import read_yaml_file

DOMAIN_FOLDER = "data/domain"
NOT_TRAINING_DATA = (DOMAIN_FOLDER, "data/cities", "data/gazetteers")
"""Folders under data/ whose YAML is no training data, though Rasa would take a file with `responses:` for it."""

DECLARED_ONCE = ("responses", "slots", "forms")
"""Domain sections where Rasa, met with two declarations of one name, silently keeps one."""


class DomainConflictError(InvalidDomain):
    """One name is declared in two domain files, differently."""


class ServiceImporter(RasaFileImporter):
    """Rasa's file importer, for a domain split by service.

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
        self._nlu_files = self._training_files(training_data_paths, is_nlu_file)
        self._story_files = self._training_files(training_data_paths, YAMLStoryReader.is_stories_file)
        self._conversation_test_files = self._training_files(training_data_paths, YAMLStoryReader.is_test_stories_file)

    def _training_files(self, paths: list[str] | str | None, wanted: Any) -> list[str]:
        excluded = [self._root / folder for folder in NOT_TRAINING_DATA]

        def is_training_data(path: str) -> bool:
            resolved = Path(path).resolve()
            return not any(resolved.is_relative_to(folder) for folder in excluded) and bool(wanted(path))

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
        """Merge the domain files into one domain.

        Raises:
            InvalidDomain: a file is missing or Rasa refuses it. (Rasa's own importer warns and goes on with an
                empty domain, and the mistake shows up far away.)
            DomainConflictError: two files declare one response, slot or form differently.
        """
        files = self.domain_files()
        if not files:
            return Domain.empty()
        refuse_conflicts(files)
        return Domain.load([str(path) for path in files])


def refuse_conflicts(files: list[Path]) -> None:
    """Check that no response, slot or form is declared differently in two files.

    Raises:
        DomainConflictError: naming the section, the name and both files.
        InvalidDomain: a file is missing, is not YAML, or is not a mapping.
    """
    seen: dict[tuple[str, str], tuple[Path, Any]] = {}
    for path in files:
        for section, declared in _read(path).items():
            if section not in DECLARED_ONCE or not isinstance(declared, dict):
                continue
            for name, value in declared.items():
                other, other_value = seen.setdefault((section, name), (path, value))
                if other_value != value:
                    raise DomainConflictError(f"{section}: '{name}' is declared in {other.name} and again in {path}")


def _read(path: Path) -> dict[str, Any]:
    if not path.is_file():
        raise InvalidDomain(f"No domain file at {path}")
    try:
        content = read_yaml_file(path)
    except YamlException as error:
        raise InvalidDomain(f"{path} cannot be read as YAML: {error}") from error
    if not isinstance(content, dict):
        raise InvalidDomain(f"{path} is not a mapping of domain sections")
    return content
