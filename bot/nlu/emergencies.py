"""Hears danger in a message, before anything else is made of it: a Rasa graph component."""

from __future__ import annotations

import hashlib
import re
import shutil
import zipfile
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

from bot.nlu.component import Component, put_first
from bot.nlu.emergency_files import EVERYDAY, FOLDER, Kind, digest, read_kinds
from bot.nlu.features import ngrams
from bot.nlu.kept import cache_folder, code, write
from bot.nlu.linear import LinearModel, Rows, train_on
from bot.nlu.normalise import normalise
from manifests import services
from manifests.files import ROOT
from manifests.knowledge import digest as digest_of_articles
from manifests.knowledge import read_all

EMERGENCY = "emergency"
"""The intent of a message in which somebody is in danger, whatever else was made of it."""

KNOWLEDGE = "data/knowledge"

EMERGENCY_KIND = "emergency_kind"
"""The entity that says which danger; in a message that is a request as well, it stands beside the request's intent."""

NONE = "none"
ALONE, BESIDE = "alone", "beside"
KINDS, REQUESTS = "kinds", "requests"
KEPT = "emergencies-*.zip"

_LONGEST, _PAIRED = 160, 40
_DROP = re.compile(r"[^0-9a-z\u4e00-\u9fff]")
_NUMBER = re.compile(r"\d+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class EmergencyClassifier(Component, IntentClassifier):
    """Linear classifier over the sentences of data/emergencies; what the articles of data/knowledge answer is no danger, where it
    does not stand there as one.

    It comes last, and has the last word: where there is danger the intent is `emergency`, the ranking before it stays. Where
    there is danger and a request in one (胸口疼挂什么科), the request's intent stays. Either way an entity `emergency_kind` is added.

    Config:
        threshold: the probability that there is danger, of whatever kind, from which it is heard.
        request_threshold: the probability that there is a request beside, from which that goes on.
        question_weight: how much a question of an article counts, as no danger, beside a sentence that counts 1.
        emergencies, knowledge: the folders, from the project's root.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return {
            "threshold": 0.4,
            "request_threshold": 0.5,
            "question_weight": 0.05,
            "emergencies": FOLDER,
            "knowledge": KNOWLEDGE,
        }

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the fingerprint."""
        return ["sklearn"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config, model_storage, resource)
        self._kinds: LinearModel | None = None
        self._requests: LinearModel | None = None

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of its sentences and of the code that reads them: Rasa sees neither."""
        return _key({**cls.get_default_config(), **config})

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from data/emergencies, or take what an earlier training has learnt from the same."""
        with self._model_storage.write_to(self._resource) as stored:
            kept = cache_folder()
            file = kept / KEPT.replace("*", _key(self._config)) if kept else None
            if file is None or not _unpacked(file, Path(stored)):
                kinds, questions = read_kinds(ROOT / self._config["emergencies"]), _questions(self._config)
                _learn(kinds, questions, self._config["question_weight"], Path(stored))
                if file is not None:
                    _pack(Path(stored), file)
            self._take(Path(stored))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> EmergencyClassifier:
        """Load what was learnt."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._take(Path(folder))
        return component

    def _take(self, folder: Path) -> None:
        self._kinds, self._requests = (
            LinearModel.load(folder / name) if (folder / name).is_dir() else None for name in (KINDS, REQUESTS)
        )

    def process(self, messages: list[Message]) -> list[Message]:
        """Set intent and entity of each message in which there is danger."""
        for message in messages:
            kind, is_beside, sure = self.hear(message.get(TEXT) or "")
            if kind is None:
                continue
            found = {
                "entity": EMERGENCY_KIND,
                "value": kind,
                "confidence_entity": sure,
                "extractor": type(self).__name__,
            }
            message.set(ENTITIES, [*(message.get(ENTITIES) or []), found], add_to_output=True)
            if not (is_beside and services().of_intent(str((message.get(INTENT) or {}).get("name")))):
                put_first(message, {"name": EMERGENCY, "confidence": sure})
        return messages

    def hear(self, text: str) -> tuple[str | None, bool, float]:
        """Tell which danger a text speaks of, whether it is a request too, and how surely there is danger.

        Args:
            text: as typed.

        Returns:
            The kind, or None.
        """
        if self._kinds is None or not text.strip():
            return None, False, 0.0
        row = features_of(text)
        ranking = self._kinds.ranking(row)
        sure = 1.0 - dict(ranking).get(NONE, 0.0)
        if sure < self._config["threshold"]:
            return None, False, sure
        kind = next(name for name, _ in ranking if name != NONE)
        request = dict(self._requests.ranking(row)).get(BESIDE, 0.0) if self._requests is not None else 0.0
        return kind, request >= self._config["request_threshold"], sure


def features_of(text: str) -> dict[str, float]:
    """Return feature → weight: runs of one to four characters, and pairs of characters in whatever order and distance.

    Args:
        text: as typed; its numbers count as one each.
    """
    plain = _NUMBER.sub("0", _DROP.sub("", normalise(text)))[:_LONGEST]
    chars = sorted(set(plain[:_PAIRED]))
    grams = {f"c{gram}" for gram in ngrams(f"^{plain}$", 1, 4)}
    pairs = {f"q{a}{b}" for index, a in enumerate(chars) for b in chars[index + 1 :]}
    return {
        **dict.fromkeys(grams, len(grams) ** -0.5),
        **dict.fromkeys(pairs, max(len(pairs), 1) ** -0.5),
    }


def _questions(config: dict[str, Any]) -> list[str]:
    """How residents ask what the articles answer."""
    known = read_all(ROOT / config["knowledge"])
    return [text for one in known for article in one.articles.values() for text in article.asked()]


def _learn(kinds: list[Kind], questions: list[str], question_weight: float, folder: Path) -> None:
    """Train both models; none where there is nothing to tell apart.

    Args:
        kinds: of danger, and the everyday.
        questions: which are no danger, but for those that a kind names.
        question_weight: how much each of them counts.
        folder: where the models go.
    """
    labelled: dict[str, str] = {}
    asked: dict[str, str] = {}
    for kind in kinds:
        danger = (*kind.examples, *kind.beside) if kind.name != EVERYDAY else ()
        calm = (*kind.near, *(kind.examples if kind.name == EVERYDAY else ()))
        labelled |= dict.fromkeys(calm, NONE) | dict.fromkeys(danger, kind.name)
        if danger:
            asked |= dict.fromkeys(kind.examples, ALONE) | dict.fromkeys(kind.beside, BESIDE)
    beside = [text for text in questions if text not in labelled] if labelled else []
    for name, rows, more in ((KINDS, labelled, beside), (REQUESTS, asked, [])):
        if len(set(rows.values())) > 1:
            (folder / name).mkdir()
            weights = [1.0] * len(rows) + [question_weight] * len(more)
            learnt = Rows.of([features_of(text) for text in (*rows, *more)])
            train_on(learnt, [*rows.values(), *[NONE] * len(more)], weights).save(folder / name)


def _key(config: dict[str, Any]) -> str:
    """All that what is learnt depends on: its sentences, how much a question counts, and the code."""
    sentences = f"{digest(ROOT / config['emergencies'])}{digest_of_articles(ROOT / config['knowledge'])}"
    read = f"{sentences}{config['question_weight']}"
    return hashlib.sha256(code() + read.encode()).hexdigest()[:16]


def _unpacked(file: Path, folder: Path) -> bool:
    try:
        with zipfile.ZipFile(file) as packed:
            packed.extractall(folder)
    except (OSError, zipfile.BadZipFile):
        for name in (KINDS, REQUESTS):
            shutil.rmtree(folder / name, ignore_errors=True)
        return False
    return True


def _pack(folder: Path, file: Path) -> None:
    for older in file.parent.glob(KEPT):
        older.unlink(missing_ok=True)

    def put(partial: Path) -> None:
        with zipfile.ZipFile(partial, "w") as packed:
            for one in sorted(folder.glob("*/*")):
                packed.write(one, one.relative_to(folder))

    write(file, put)
