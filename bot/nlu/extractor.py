"""Finds the entities of a message and their values in normal form: a Rasa graph component."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import phonenumbers
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Component
from bot.nlu.gazetteer_files import SETTINGS, digest, read_as_set
from bot.nlu.lexicon import kept_lexicon
from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.found import Found

VERSION = 13
"""Raise when a finder changes: Rasa's fingerprint sees only the component's own class."""

STORED = "gazetteers.json"
CHINA = ZoneInfo("Asia/Shanghai")


def today_in_china() -> date:
    """Return the day it is for residents."""
    return datetime.now(CHINA).date()


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class CityEntityExtractor(Component, EntityExtractorMixin):
    """Entity extractor on rules and gazetteers; those are packed into the model and read only from there.

    Config:
        gazetteers, cities, services: folders of the gazetteers, the registry of cities and the manifests, from the
            project's root.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return dict(SETTINGS)

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the fingerprint."""
        return ["spacy"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        finder: EntityFinder | None = None,
        today: Callable[[], date] = today_in_china,
    ) -> None:
        super().__init__(config, model_storage, resource)
        self._finder = finder
        self.today = today

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the gazetteers and of what the manifests declare, so that an edited one trains anew.

        With the version of phonenumbers, whose package has another name than its module, as Rasa does not expect.
        """
        return f"{VERSION}-{phonenumbers.__version__}-{digest(read_as_set(config))}"

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the gazetteers into the model."""
        stored = read_parts(self._config)
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / STORED).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        self._finder = finder_as_set(self._config)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CityEntityExtractor:
        """Load the gazetteers from the model and compile them, now and not at the first message."""
        with model_storage.read_from(resource) as folder:
            stored = json.loads((Path(folder) / STORED).read_text(encoding="utf-8"))
        component = cls.create(config, model_storage, resource, execution_context)
        component._finder = EntityFinder(**stored)
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Add to each message its entities."""
        if self._finder is None:
            raise RuntimeError("CityEntityExtractor was neither trained nor loaded")
        for message in messages:
            entities = self._finder.find(message.get(TEXT) or "", self.today())
            found = self.add_extractor_name([as_rasa_has_it(one) for one in entities])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def as_rasa_has_it(found: Found) -> dict[str, Any]:
    """Return an entity as it stands in a message; `role` and `candidates` only where it has them."""
    entity: dict[str, Any] = {
        "entity": found.entity,
        "start": found.start,
        "end": found.end,
        "value": found.value,
        "confidence_entity": 1.0,
    }
    if found.role:
        entity["role"] = found.role
    if found.candidates:
        entity["candidates"] = list(found.candidates)
    return entity


def read_parts(config: dict[str, Any]) -> dict[str, Any]:
    """Read what a model needs to find entities, from the files a component's settings name.

    Raises:
        GazetteerError: a gazetteer cannot be used.
    """
    return _parts_of(json.dumps(read_as_set(config), ensure_ascii=False))


def finder_as_set(config: dict[str, Any]) -> EntityFinder:
    """Give the finder over what `read_parts` reads.

    Raises:
        GazetteerError: a gazetteer cannot be used.
    """
    return _finder_of(json.dumps(read_as_set(config), ensure_ascii=False))


@lru_cache(maxsize=1)
def _finder_of(gazetteers: str) -> EntityFinder:
    """The extractor and the classifier of a model find alike."""
    return EntityFinder(**_parts_of(gazetteers))


@lru_cache(maxsize=1)
def _parts_of(gazetteers: str) -> dict[str, Any]:
    """The extractor and the classifier of a model need the same: what the gazetteers need of the language is found once."""
    read = json.loads(gazetteers)
    return {"gazetteers": read, "lexicon": kept_lexicon(read)}
