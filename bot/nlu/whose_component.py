"""Notes in a message whose thing it is about: a Rasa graph component."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.found import Found
from bot.nlu.gazetteer_files import SETTINGS, GazetteerError, digest, read_whose
from bot.nlu.whose import WhoseReader

VERSION = 1
"""Raise when the reading changes: Rasa's fingerprint sees only the component's own class."""

STORED = "whose.json"
WHOSE = "whose"
"""Under this key a message carries `group` and `who`; it is absent where the message does not say whose."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WhoseComponent(GraphComponent):
    """Reads whose thing a message is about, after the entities, whose names it uses; it finds no entity itself.

    Config:
        gazetteers: folder of the gazetteers, from the project's root; whose.yml is packed into the model.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return {"gazetteers": SETTINGS["gazetteers"]}

    @staticmethod
    def supported_languages() -> list[str]:
        """Chinese only."""
        return ["zh"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: WhoseReader | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._reader = reader

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> WhoseComponent:
        """Create an untrained component."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the words, so that edited ones train anew."""
        return f"{VERSION}-{digest(read_whose({**cls.get_default_config(), **config}))}"

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the words into the model.

        Raises:
            GazetteerError: whose.yml cannot be used.
        """
        stored = read_whose(self._config)
        try:
            self._reader = WhoseReader(stored)
        except (KeyError, TypeError, AttributeError) as error:
            raise GazetteerError(f"whose.yml：少了 {error} 这一段，或者有一段的写法和别的不一样") from error
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / STORED).write_text(json.dumps(stored, ensure_ascii=False), encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> WhoseComponent:
        """Load the words from the model and compile them, now and not at the first message."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._reader = WhoseReader(json.loads((Path(folder) / STORED).read_text(encoding="utf-8")))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Note in each message that says it whose thing it is about."""
        if self._reader is None:
            raise RuntimeError("WhoseComponent was neither trained nor loaded")
        for message in messages:
            names = [
                Found(one["start"], one["end"], one["entity"], str(one["value"]))
                for one in message.get(ENTITIES) or ()
                if "start" in one
            ]
            read = self._reader.read(message.get(TEXT) or "", names)
            if read is not None:
                message.set(WHOSE, {"group": read.group, "who": read.who}, add_to_output=True)
        return messages
