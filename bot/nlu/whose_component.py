"""Notes in a message whose thing it is about: a Rasa graph component."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.component import Component
from bot.nlu.gazetteer_files import SETTINGS, GazetteerError, digest, read_numbers, read_whose
from bot.nlu.readers.found import Found
from bot.nlu.readers.whose import NEXT, Whose, WhoseReader

VERSION = 2
"""Raise when the reading changes: Rasa's fingerprint sees only the component's own class."""

STORED = "whose.json"
WHOSE = "whose"
"""Under this key a message carries `group` and `who`; it is absent where the message does not say whose. Where it holds several
numbers of different people, each of these carries its own, and the message that of the first."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class WhoseComponent(Component):
    """Reads whose thing a message is about, after the entities, whose names it uses; it finds no entity itself.

    Config:
        gazetteers: folder of the gazetteers, from the project's root; whose.yml is packed into the model.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return dict(SETTINGS)

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        reader: WhoseReader | None = None,
        numbers: Iterable[str] = (),
    ) -> None:
        super().__init__(config, model_storage, resource)
        self._reader = reader
        self._numbers = frozenset(numbers)

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the words, and of what the manifests say is a number, so that edited ones train anew."""
        settings = {**cls.get_default_config(), **config}
        return f"{VERSION}-{digest({'words': read_whose(settings), 'numbers': read_numbers(settings)})}"

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the words into the model.

        Raises:
            GazetteerError: whose.yml cannot be used.
        """
        words, numbers = read_whose(self._config), read_numbers(self._config)
        try:
            self._reader = WhoseReader(words)
        except (KeyError, TypeError, AttributeError) as error:
            raise GazetteerError(f"whose.yml：少了 {error} 这一段，或者有一段的写法和别的不一样") from error
        self._numbers = frozenset(numbers)
        stored = {"words": words, "numbers": numbers}
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
            stored = json.loads((Path(folder) / STORED).read_text(encoding="utf-8"))
        component._reader = WhoseReader(stored["words"])
        component._numbers = frozenset(stored["numbers"])
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Note in each message that says it whose thing it is about."""
        if self._reader is None:
            raise RuntimeError("WhoseComponent was neither trained nor loaded")
        for message in messages:
            text, entities = message.get(TEXT) or "", message.get(ENTITIES) or ()
            names = _places(entities)
            read = self._reader.read(text, names)
            things = self._said_together(entities)
            if read is not None and read.group != NEXT and things:
                read = self._note_each(self._reader.read_each(text, names, _places(things)), things, read)
            if read is not None:
                message.set(WHOSE, _as_a_message_has_it(read), add_to_output=True)
        return messages

    def _said_together(self, entities: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """The numbers of a message, in the order said, where there are several different ones of a kind; else none."""
        numbers = [one for one in entities if one["entity"] in self._numbers and "start" in one]
        of_a_kind = Counter(kind for kind, _ in {(one["entity"], one["value"]) for one in numbers})
        together = [one for one in numbers if of_a_kind[one["entity"]] > 1]
        return sorted(together, key=lambda one: int(one["start"]))

    @staticmethod
    def _note_each(each: list[Whose | None], things: list[dict[str, Any]], read: Whose) -> Whose | None:
        """Note whose each number is, where they are of different people; whose the first is, is what the message is about."""
        if not any(each):
            return read
        if len(set(each)) > 1:
            for thing, whose in zip(things, each, strict=True):
                if whose is not None:
                    thing[WHOSE] = _as_a_message_has_it(whose)
        return each[0]


def _places(entities: Iterable[dict[str, Any]]) -> list[Found]:
    return [Found(one["start"], one["end"], one["entity"], str(one["value"])) for one in entities if "start" in one]


def _as_a_message_has_it(whose: Whose) -> dict[str, str]:
    return {"group": whose.group, "who": whose.who}
