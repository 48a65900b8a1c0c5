"""Stratified cross-validation of the intents over data/nlu, with the pipeline's own components as config.yml sets them."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.importers.utils import training_data_from_paths
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.io import read_model_configuration
from sklearn.model_selection import StratifiedKFold

from bot.dialogue.articles import examples_of
from bot.evaluation.metrics import OUT_OF_SCOPE
from bot.evaluation.reading import Reading, reading_of
from bot.evaluation.utterances import Utterance
from bot.runtime import settings
from manifests import services
from manifests.knowledge import FOLDER, read_all

if TYPE_CHECKING:
    from bot.nlu.classifier import CityIntentClassifier
    from bot.nlu.extractor import CityEntityExtractor

NLU_FOLDER = Path(settings.DATA_FOLDER) / "nlu"
CHINESE = "zh"


def read_examples(folder: Path = settings.ROOT / NLU_FOLDER) -> list[Utterance]:
    """Read the training examples: text and intent, each text once, and as in training without what a service has taken over."""
    data = training_data_from_paths([str(path) for path in sorted(folder.glob("*.yml"))], CHINESE)
    known = services()
    examples = {
        example.get(TEXT): example.get(INTENT)
        for example in data.intent_examples
        if example.get(TEXT) and not (example.get(INTENT) == OUT_OF_SCOPE and known.claimed(example.get(TEXT)))
    }
    return [Utterance(text, intent) for text, intent in examples.items()]


def read_questions(folder: Path = FOLDER) -> list[Utterance]:
    """Read the questions of the articles: text and full retrieval intent, each text once."""
    asked = {
        text: known.intent_of(name)
        for known in read_all(folder)
        for name, article in known.articles.items()
        for text in article.asked()
    }
    return [Utterance(text, intent) for text, intent in asked.items()]


def cross_validate(examples: Sequence[Utterance], folds: int) -> list[Reading]:
    """Read each example with a classifier that was trained on the other folds, and on the questions of the articles.

    Args:
        examples: text and intent.
        folds: how many; each holds the intents in equal parts.

    Returns:
        One reading per example, in their order; without entities.

    Raises:
        ValueError: fewer than two folds, or more folds than an intent has examples.
    """
    with tempfile.TemporaryDirectory(prefix="bianmin-folds-") as folder:
        bench = _Bench(Path(folder))
        messages = bench.with_entities([Message({TEXT: one.text, INTENT: one.intent}) for one in examples])
        questions = examples_of(read_all()).training_examples
        readings: dict[int, Reading] = {}
        for kept, held_out in split([one.intent for one in examples], folds):
            learnt = [*(messages[index] for index in kept), *questions]
            read = bench.read(learnt, [messages[index] for index in held_out])
            readings.update(zip(held_out, read, strict=True))
    return [readings[index] for index in range(len(examples))]


def split(intents: Sequence[str], folds: int) -> Iterator[tuple[list[int], list[int]]]:
    """Yield, per fold, the indices to train on and the indices held out; the same each time."""
    splitter = StratifiedKFold(folds, shuffle=True, random_state=0)
    for kept, held_out in splitter.split(intents, intents):
        yield kept.tolist(), held_out.tolist()


class _Bench:
    """The pipeline's extractor and classifier, outside Rasa's graph.

    Args:
        folder: where the components may keep what they learn.
    """

    def __init__(self, folder: Path) -> None:
        self._storage = LocalModelStorage(folder)
        self._context = ExecutionContext(GraphSchema({}))
        self._pipeline = read_model_configuration(str(settings.ROOT / settings.CONFIG_FILE))["pipeline"]

    def with_entities(self, messages: list[Message]) -> list[Message]:
        from bot.nlu.extractor import CityEntityExtractor

        extractor: CityEntityExtractor = self._create(CityEntityExtractor)
        extractor.train(TrainingData(messages))
        return extractor.process(messages)

    def read(self, kept: list[Message], held_out: list[Message]) -> list[Reading]:
        from bot.nlu.classifier import CityIntentClassifier

        classifier: CityIntentClassifier = self._create(CityIntentClassifier)
        classifier.train(TrainingData(kept))
        # The intent is taken off, so that nothing can read the answer.
        asked = [Message({key: value for key, value in one.data.items() if key != INTENT}) for one in held_out]
        return [reading_of(message.data) for message in classifier.process(asked)]

    def _create(self, component: Any) -> Any:
        return component.create(
            config_of(component.__name__, self._pipeline), self._storage, Resource(component.__name__), self._context
        )


def config_of(component: str, pipeline: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the settings that config.yml gives a component.

    Args:
        component: the class's name.
        pipeline: entries with `name`, a class name or dotted path.

    Raises:
        LookupError: the component is not in the pipeline.
    """
    for entry in pipeline:
        if str(entry["name"]).rpartition(".")[2] == component:
            return {key: value for key, value in entry.items() if key != "name"}
    raise LookupError(f"{component} is not in the pipeline of {settings.CONFIG_FILE}")
