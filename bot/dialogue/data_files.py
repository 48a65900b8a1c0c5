"""Reads the files of the data one by one, as Rasa does, each only where it is not known already."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Any

from rasa.shared.constants import DOMAIN_SCHEMA_FILE
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data.story_reader.yaml_story_reader import CORE_SCHEMA_FILE, YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryStep
from rasa.shared.exceptions import YamlException
from rasa.shared.nlu.training_data import loading
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io, validation

from bot.dialogue.known_files import KnownFiles


def domain_of(files: Iterable[Path], known: KnownFiles) -> Domain:
    """Read domain files and merge them, as Rasa's `Domain.load` does.

    Raises:
        YamlException, InvalidDomain: a file cannot be used.
    """
    merged = Domain.empty()
    for file in map(str, files):
        content = _content(file, DOMAIN_SCHEMA_FILE, known)
        if validation.validate_training_data_format_version(content, file):
            merged = merged.merge(Domain.from_dict(content))
    return merged


def steps_of(files: Iterable[str], domain: Domain, known: KnownFiles) -> list[StoryStep]:
    """Read the stories and rules of files, as Rasa's `load_data_from_files` does.

    Args:
        files: their paths.
        domain: the whole domain.
        known: what is known of them.

    Raises:
        YamlException: a file cannot be used.
    """
    steps: list[StoryStep] = []
    for file in files:
        steps += YAMLStoryReader(domain, file).read_from_parsed_yaml(_content(file, CORE_SCHEMA_FILE, known))
    return steps


def _content(file: str, schema: str, known: KnownFiles) -> Any:
    """Parse a file and check it against one of Rasa's schemas, as Rasa's readers do first."""

    def read() -> Any:
        text = io.read_file(file)
        try:
            validation.validate_yaml_schema(text, schema)
            return io.read_yaml(text)
        except YamlException as error:
            error.filename = file
            raise

    return known.read(schema, file, read, put=lambda content: content, take=lambda content: content)


def examples_of(files: Iterable[str], language: str | None, known: KnownFiles) -> TrainingData:
    """Read the examples of files and merge them, as Rasa's `training_data_from_paths` does.

    Args:
        files: their paths.
        language: of the examples; a file of ours reads the same in any.
        known: what is known of them.

    Raises:
        YamlException: a file cannot be used.
    """
    read = (
        known.read("examples", file, partial(loading.load_data, file, language), _put_down, _taken) for file in files
    )
    return TrainingData().merge(*read)


def _put_down(data: TrainingData) -> Any:
    """Put examples down with the hash that tells duplicates; not such as hold more than their data."""
    if any(example.features or example.time is not None for example in data.training_examples):
        return None
    return {
        "examples": [[example.data, example.fingerprint()] for example in data.training_examples],
        "others": [data.entity_synonyms, data.regex_features, data.lookup_tables, data.responses],
    }


def _taken(kept: Any) -> TrainingData:
    data = TrainingData(None, *kept["others"])
    for content, fingerprint in kept["examples"]:
        example = Message(content)
        example._cached_fingerprint = fingerprint
        data.training_examples.append(example)
    return data
