"""Tells a question from a request, and which article answers it: a Rasa graph component, in the place of its ResponseSelector.

Rasa's own needs TensorFlow. What this one puts into a message has the same form, under `response_selector`, so that Rasa's
action `utter_ask_<service>` answers from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.constants import (
    RESPONSE_SELECTOR_DEFAULT_INTENT,
    RESPONSE_SELECTOR_PREDICTION_KEY,
    RESPONSE_SELECTOR_PROPERTY_NAME,
    RESPONSE_SELECTOR_RANKING_KEY,
    RESPONSE_SELECTOR_RESPONSES_KEY,
    RESPONSE_SELECTOR_RETRIEVAL_INTENTS,
    RESPONSE_SELECTOR_UTTER_ACTION_KEY,
)
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data import util
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.classifier import FALLBACK, OUT_OF_SCOPE, SECOND_INTENT, SEEN
from bot.nlu.component import Component, put_first
from bot.nlu.example_rows import example_rows
from bot.nlu.features import Featurizer
from bot.nlu.gazetteer_files import SETTINGS, digest, read_as_set
from bot.nlu.linear import LinearModel, Rows, train_on

VERSION = 1
"""Raise when what is learnt, or how it is used, changes: Rasa's fingerprint sees only the component's own class."""

QUESTION, NOT = "question", "not"
WHAT_FOR, SERVICES, STORED = "what_for", "services", "answers.json"
UNCLAIMED = (OUT_OF_SCOPE, FALLBACK)
"""Intents that nothing is done for: a question among these takes nothing from anybody."""

RANKING_LENGTH = 5
SERVICES_TRIED = 4
SHORTEST = 2
"""Hanzi, letters and digits of a question, at the least: ？？？ asks nothing that could be known."""

_SAID = re.compile(r"\w")
_BLANK = re.compile(r"\{\w+\}")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class AnswerSelector(Component, IntentClassifier):
    """Linear models on the classifier's features: what the message is for (a question, or something else); of a question, what
    it is about; and for each of these, which article it asks for.

    A question becomes the retrieval intent of its article, whatever the classifier has made of it; where the article is not
    sure, the message stays what it was. Of one that was nothing and surely is a question the likeliest articles can be offered:
    its intent is `nlu_fallback`, and they stand under `default`.

    Config:
        over_a_request: the score from which a message is a question though the classifier has made a request of it: the margin
            by which it is one, plus the probability of its article, less a part of that of the request.
        request_part: that part.
        over_nothing: the score where the classifier has made nothing of it.
        least: the probability that an article needs.
        offered_from: the margin from which articles are offered, where none is sure.
        gazetteers, cities, services: as for the entity extractor.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return {
            "over_a_request": 0.75,
            "request_part": 0.6,
            "over_nothing": 0.4,
            "least": 0.4,
            "offered_from": 0.0,
            **SETTINGS,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the fingerprint."""
        return ["sklearn", "pypinyin"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._what_for: LinearModel | None = None
        self._services: LinearModel | None = None
        self._articles: dict[str, LinearModel | None] = {}
        self._answers: dict[str, str] = {}

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the gazetteers and of what the manifests declare: they decide what the features are."""
        return f"{VERSION}-{digest(read_as_set(config))}"

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from the questions of data/knowledge and from their answers, and from all other examples what is no question."""
        examples = example_rows(training_data, {name: self._config[name] for name in SETTINGS})
        asked = [place for place, article in enumerate(examples.articles) if article]
        articles = [examples.articles[place] for place in asked]
        if len(set(articles)) < 2 or len(asked) == len(examples.articles):
            return self._resource
        self._what_for = train_on(examples.rows, [QUESTION if article else NOT for article in examples.articles])
        self._answers = _answers(training_data, set(articles))
        featurizer = Featurizer(**examples.features)
        answers = [featurizer.features_of(_BLANK.sub("", text), ()) for text in self._answers.values()]
        rows, labels = examples.of(asked).with_more(answers), [*articles, *self._answers]
        self._services, self._articles = _learn(rows, labels)
        with self._model_storage.write_to(self._resource) as folder:
            models = {WHAT_FOR: self._what_for, SERVICES: self._services, **self._articles}
            for name, model in models.items():
                if model is not None:
                    (Path(folder) / name).mkdir()
                    model.save(Path(folder) / name)
            stored = {"answers": self._answers, "services": list(self._articles), "whole": self._services is None}
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
    ) -> AnswerSelector:
        """Load what was learnt."""
        component = cls.create(config, model_storage, resource, execution_context)
        try:
            with model_storage.read_from(resource) as folder:
                stored = json.loads((Path(folder) / STORED).read_text(encoding="utf-8"))
                component._answers = stored["answers"]
                component._what_for = LinearModel.load(Path(folder) / WHAT_FOR)
                component._services = None if stored["whole"] else LinearModel.load(Path(folder) / SERVICES)
                component._articles = {
                    name: LinearModel.load(Path(folder) / name) if (Path(folder) / name).is_dir() else None
                    for name in stored["services"]
                }
        except ValueError:
            pass  # trained without articles: nothing is a question
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Make of each message that asks what an article answers the article's retrieval intent, with the answer beside it."""
        for message in messages:
            self._select(message)
        return messages

    def margin(self, row: Mapping[str, float]) -> float:
        """How surely a message is a question: under 0 it rather is none."""
        if self._what_for is None:
            return float("-inf")
        return float(self._what_for.margins(row)[self._what_for.labels.index(QUESTION)])

    def ranking(self, row: Mapping[str, float]) -> list[tuple[str, float]]:
        """Return (article, probability), the likeliest first: how likely its service is, times how likely it is among that's."""
        likely = self._services.ranking(row) if self._services is not None else [(name, 1.0) for name in self._articles]
        found: list[tuple[str, float]] = []
        for service, sure in likely[:SERVICES_TRIED]:
            model = self._articles[service]
            own = model.ranking(row) if model is not None else [(self._only(service), 1.0)]
            found += [(article, sure * one) for article, one in own[:RANKING_LENGTH]]
        return sorted(found, key=lambda one: -one[1])[:RANKING_LENGTH]

    def _only(self, service: str) -> str:
        return next(article for article in self._answers if article.partition("/")[0] == service)

    def _select(self, message: Message) -> None:
        row = message.get(SEEN)
        taken = str((message.get(INTENT) or {}).get("name") or FALLBACK)
        if not row or not self._articles or len(_SAID.findall(str(message.get(TEXT)))) < SHORTEST:
            return
        if any(one["entity"] == SECOND_INTENT for one in message.get(ENTITIES) or ()):
            return  # several requests, each sure by itself
        margin, ranking = self.margin(row), self.ranking(row)
        best, sure = ranking[0]
        request = 0.0 if taken in UNCLAIMED else float(message.get(INTENT)[PREDICTED_CONFIDENCE_KEY])
        score = margin + sure - self._config["request_part"] * request
        is_question = score >= self._config["over_nothing" if taken in UNCLAIMED else "over_a_request"]
        if is_question and sure >= self._config["least"]:
            retrieval = best.partition("/")[0]
            intent = {"name": retrieval, PREDICTED_CONFIDENCE_KEY: sure}
            put_first(message, intent)
            self._put(message, retrieval, ranking)
        elif taken in UNCLAIMED and margin >= self._config["offered_from"]:
            intent = {"name": FALLBACK, PREDICTED_CONFIDENCE_KEY: self._config["least"]}
            message.set(INTENT, intent, add_to_output=True)
            self._put(message, RESPONSE_SELECTOR_DEFAULT_INTENT, ranking)

    def _put(self, message: Message, key: str, ranking: list[tuple[str, float]]) -> None:
        """Put the articles into a message as Rasa's selector does."""
        best, sure = ranking[0]
        selected = {
            RESPONSE_SELECTOR_PREDICTION_KEY: {
                RESPONSE_SELECTOR_RESPONSES_KEY: [{TEXT: self._answers.get(best, "")}],
                PREDICTED_CONFIDENCE_KEY: sure,
                INTENT_RESPONSE_KEY: best,
                RESPONSE_SELECTOR_UTTER_ACTION_KEY: util.intent_response_key_to_template_key(best),
            },
            RESPONSE_SELECTOR_RANKING_KEY: [
                {PREDICTED_CONFIDENCE_KEY: one_sure, INTENT_RESPONSE_KEY: one} for one, one_sure in ranking
            ],
        }
        known = {RESPONSE_SELECTOR_RETRIEVAL_INTENTS: sorted(self._articles), key: selected}
        message.set(RESPONSE_SELECTOR_PROPERTY_NAME, known, add_to_output=True)


def _answers(training_data: TrainingData, articles: set[str]) -> dict[str, str]:
    """The common answer of each article."""
    texts = {
        util.template_key_to_intent_response_key(response): next(
            (str(one[TEXT]) for one in variations if "condition" not in one), ""
        )
        for response, variations in training_data.responses.items()
    }
    return {article: texts.get(article, "") for article in sorted(articles)}


def _learn(rows: Rows, labels: list[str]) -> tuple[LinearModel | None, dict[str, LinearModel | None]]:
    """Learn what a question is about, and of each service which article it asks for; None where there is but one."""
    services = [label.partition("/")[0] for label in labels]
    articles: dict[str, LinearModel | None] = {}
    for service in sorted(set(services)):
        places = [place for place, one in enumerate(services) if one == service]
        own = [labels[place] for place in places]
        part = Rows(rows.names, rows.matrix[places])
        articles[service] = train_on(part, own) if len(set(own)) > 1 else None
    return (train_on(rows, services) if len(articles) > 1 else None), articles
