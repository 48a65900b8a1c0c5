"""What our graph components have in common in the shape that Rasa asks for."""

from __future__ import annotations

from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

C = TypeVar("C", bound="Component")


class Component(GraphComponent):
    """A component that is made of its settings, over its defaults, and of where it keeps what it learns.

    Rasa's fingerprint sees a component's own class and not this one: what changes here in what is learnt raises the versions there.
    """

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource

    @classmethod
    def create(
        cls: type[C],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> C:
        """Create it, untrained."""
        return cls({**cls.get_default_config(), **config}, model_storage, resource)

    @classmethod
    def required_components(cls) -> list[type]:
        """None that Rasa could check: in training it runs no component before ours."""
        return []

    @staticmethod
    def supported_languages() -> list[str]:
        """Chinese only."""
        return ["zh"]

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Leave the examples alone: their intents are what was written."""
        return training_data


def put_first(message: Message, intent: dict[str, Any]) -> None:
    """Give a message an intent that goes before what was made of it; the ranking that it had stays behind.

    Args:
        message: as the components before have left it.
        intent: `name` and `confidence`, as Rasa has them.
    """
    message.set(INTENT, intent, add_to_output=True)
    message.set("intent_ranking", [intent, *(message.get("intent_ranking") or [])], add_to_output=True)
