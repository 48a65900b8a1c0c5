"""Tells what a resident wants: a Rasa graph component."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.clauses import Request, requests_in
from bot.nlu.component import Component
from bot.nlu.example_rows import example_rows
from bot.nlu.features import Featurizer
from bot.nlu.gazetteer_files import SETTINGS, digest, read_as_set
from bot.nlu.linear import LinearModel, train_on
from bot.nlu.normalise import normalise
from bot.nlu.readers.found import Found
from bot.nlu.refusals import asked_beside_refusal

VERSION = 13
"""Raise when features, model or clauses change: Rasa's fingerprint sees only the component's own class."""

FALLBACK = "nlu_fallback"
OUT_OF_SCOPE = "out_of_scope"
SECOND_INTENT = "second_intent"
STORED = "features.json"
RANKING_LENGTH = 6

SEEN = "city_features"
"""What stands in a message, for the components after this one, as its features and its entities; it is not put out."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CityIntentClassifier(Component, IntentClassifier):
    """Intent classifier on features of ours and a linear model, with the fallback built in.

    Where the best intent is unsure the intent is `nlu_fallback`, and the ranking behind it is kept for the buttons
    that are offered. Each further request in the same message becomes an entity `second_intent`, in order.

    Config:
        threshold: under this probability the intent is `nlu_fallback`.
        ambiguity: so is it where the second is closer than this.
        without_cue: the probability a service's intent needs where no word or entity of the message names the service.
        second_threshold: the probability each of several requests in one message needs.
        question_weight: how much a question of an article counts, as `out_of_scope`, beside an example that counts 1.
        gazetteers, cities, services: as for the entity extractor.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return {
            "threshold": 0.4,
            "ambiguity": 0.08,
            "without_cue": 0.5,
            "second_threshold": 0.6,
            "question_weight": 0.05,
            **SETTINGS,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the fingerprint."""
        return ["sklearn", "pypinyin"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._featurizer: Featurizer | None = None
        self._model: LinearModel | None = None

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the gazetteers and of what the manifests declare: they decide what the features are."""
        return f"{VERSION}-{digest(read_as_set(config))}"

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the examples, and pack model and features into the model.

        A question of an article (bot.nlu.questions) counts a little, as what nothing is done for: it must not look like a request
        only because it speaks of the same.
        """
        examples = example_rows(training_data, {name: self._config[name] for name in SETTINGS})
        known = {intent for intent, article in zip(examples.intents, examples.articles, strict=True) if not article}
        if len(known) < 2:
            return self._resource
        chosen = [place for place, article in enumerate(examples.articles) if not article or OUT_OF_SCOPE in known]
        labels = [OUT_OF_SCOPE if examples.articles[place] else examples.intents[place] for place in chosen]
        weights = [self._config["question_weight"] if examples.articles[place] else 1.0 for place in chosen]
        self._featurizer = Featurizer(**examples.features)
        self._model = train_on(examples.of(chosen), labels, weights)
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / STORED).write_text(json.dumps(examples.features, ensure_ascii=False), encoding="utf-8")
            self._model.save(Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CityIntentClassifier:
        """Load model and features."""
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                component._featurizer = Featurizer(**json.loads((Path(folder) / STORED).read_text(encoding="utf-8")))
                component._model = LinearModel.load(Path(folder))
        except ValueError:
            pass  # trained without examples: every message falls back
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent, ranking and, for each request after the first, an entity `second_intent`."""
        for message in messages:
            self._classify(message)
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Classify the training examples."""
        self.process(training_data.training_examples)
        return training_data

    def ranking(self, text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
        """Return (intent, probability), the likeliest first; nothing where there is no model or no text.

        Args:
            text: a message or a clause.
            found: its entities.
        """
        row = self.row(text, found)
        return self._model.ranking(row) if self._model is not None and row else []

    def row(self, text: str, found: Sequence[Found]) -> dict[str, float]:
        """Return the features of a text; none where there is no model or no text."""
        if self._featurizer is None or not text.strip():
            return {}
        return self._featurizer.features_of(text, found)

    def speaks_of(self, text: str, found: Sequence[Found]) -> set[str]:
        """Return the services that the words or entities of a text name."""
        if self._featurizer is None:
            return set()
        declared, topics = self._featurizer.declared, self._featurizer.topics_of(normalise(text))
        entities = {one.entity for one in found}
        return {
            service
            for service, words in declared.topics_of.items()
            if topics & words or entities & declared.entities_of[service]
        }

    def _classify(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        entities: list[Mapping[str, Any]] = message.get(ENTITIES) or []
        found = sorted(
            Found(one["start"], one["end"], one["entity"], str(one["value"])) for one in entities if "start" in one
        )
        row = self.row(text, found)
        message.set(SEEN, row)
        ranking = self._model.ranking(row) if self._model is not None and row else []
        several: list[Request] = []
        declared = self._featurizer.declared if self._featurizer else None
        if declared and any(one in declared.service_of for one, _ in ranking[:RANKING_LENGTH]):
            least = self._config["second_threshold"]
            asked = asked_beside_refusal(normalise(text), found, self.ranking, self.speaks_of, least, declared)
            if asked is not None:
                several = [asked]
                entities = [one for one in entities if not _taken_back(one, asked, entities)]
                message.set(ENTITIES, entities, add_to_output=True)
            else:
                several = requests_in(normalise(text), found, self.ranking, self.speaks_of, least, declared)
        if several:
            first = several[0]
            ranking = [(first.intent, first.confidence), *(pair for pair in ranking if pair[0] != first.intent)]
            further = [
                {
                    "entity": SECOND_INTENT,
                    "start": one.start,
                    "end": one.end,
                    "value": one.intent,
                    "confidence_entity": one.confidence,
                    "extractor": type(self).__name__,
                }
                for one in several[1:]
            ]
            message.set(ENTITIES, [*entities, *further], add_to_output=True)
        elif self._unsure(ranking, text, found):
            ranking = [(FALLBACK, self._config["threshold"]), *ranking]
        named = [{"name": name, "confidence": confidence} for name, confidence in ranking[: RANKING_LENGTH + 1]]
        message.set(INTENT, named[0], add_to_output=True)
        message.set("intent_ranking", named, add_to_output=True)

    def _unsure(self, ranking: list[tuple[str, float]], text: str, found: Sequence[Found]) -> bool:
        if len(ranking) < 2:
            return True
        (best, sure), (_, next_sure) = ranking[:2]
        if sure < self._config["threshold"] or sure - next_sure < self._config["ambiguity"]:
            return True
        service = self._featurizer.declared.service_of.get(best) if self._featurizer else None
        return bool(service and sure < self._config["without_cue"] and service not in self.speaks_of(text, found))


def _taken_back(one: Mapping[str, Any], asked: Request, entities: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a value is said of what is refused, and another of its kind of what is asked for."""

    def is_asked(other: Mapping[str, Any]) -> bool:
        return asked.start <= int(other.get("start", asked.start)) < asked.end

    return not is_asked(one) and any(is_asked(other) and other["entity"] == one["entity"] for other in entities)
