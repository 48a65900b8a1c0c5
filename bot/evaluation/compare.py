"""Compares classifiers and features, on the same folds and the same development set as everything else.

All rows show the intent on top as it stands, without the fallback for unsure ones: that is chosen afterwards, from the
best row's probabilities.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
from rich.table import Table
from sklearn.calibration import CalibratedClassifierCV
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from bot.evaluation.copies import NEAR, nearest
from bot.evaluation.cross_validation import read_examples, split
from bot.evaluation.evaluation import Evaluation, evaluate
from bot.evaluation.reading import Reading
from bot.evaluation.utterances import Utterance, read_development_set
from bot.nlu import linear
from bot.nlu.extractor import CityEntityExtractor, read_parts, today_in_china
from bot.nlu.features import BLOCKS, Featurizer, ngrams
from bot.nlu.lexicon import jieba_words
from bot.nlu.normalise import normalise
from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.found import Found
from bot.nlu.tokenizer import cut, private_jieba

Row = Mapping[str, float]
Featurize = Callable[[str, Sequence[Found]], Row]


class Classifier(Protocol):
    """Something that learns from rows of features."""

    def fit(self, rows: Sequence[Row], labels: Sequence[str]) -> None:
        """Learn."""

    def best(self, rows: Sequence[Row]) -> list[tuple[str, float]]:
        """Return (intent, probability) of the likeliest intent, per row."""


class Ours:
    """The pipeline's own: linear SVM, margins made probabilities by one temperature (`bot.nlu.linear`)."""

    def __init__(self) -> None:
        self._model: linear.LinearModel | None = None

    def fit(self, rows: Sequence[Row], labels: Sequence[str]) -> None:
        """Learn."""
        self._model = linear.train(rows, labels)

    def best(self, rows: Sequence[Row]) -> list[tuple[str, float]]:
        """Return (intent, probability) of the likeliest intent, per row."""
        if self._model is None:
            raise RuntimeError("not trained")
        return [self._model.ranking(row)[0] for row in rows]


class Sklearn:
    """One of scikit-learn's classifiers over named features.

    Args:
        estimator: with `fit` and `predict_proba`.
    """

    def __init__(self, estimator: LogisticRegression | CalibratedClassifierCV) -> None:
        self._pipeline = make_pipeline(DictVectorizer(dtype=np.float32), estimator)

    def fit(self, rows: Sequence[Row], labels: Sequence[str]) -> None:
        """Learn."""
        self._pipeline.fit(rows, np.asarray(labels))

    def best(self, rows: Sequence[Row]) -> list[tuple[str, float]]:
        """Return (intent, probability) of the likeliest intent, per row."""
        probabilities = self._pipeline.predict_proba(rows)
        classes = self._pipeline.classes_
        return [(str(classes[row.argmax()]), float(row.max())) for row in probabilities]


def logistic_regression() -> Classifier:
    """Make a logistic regression."""
    # The primal problem solved one intent against the rest; the multinomial solvers take minutes on so many features.
    return Sklearn(LogisticRegression(C=10.0, solver="liblinear"))


def calibrated_svm() -> Classifier:
    """Make a linear SVM whose probabilities are fitted by Platt's sigmoid over three folds."""
    return Sklearn(CalibratedClassifierCV(LinearSVC(C=1.0, random_state=0), cv=3))


@dataclass(frozen=True)
class Variant:
    """One row of the comparison.

    Args:
        name: what it is.
        featurize: text and its entities → features.
        classifier: makes an untrained one.
        without_copies: leave out training examples that are near copies of a development utterance.
    """

    name: str
    featurize: Featurize
    classifier: Callable[[], Classifier] = Ours
    without_copies: bool = False


@dataclass(frozen=True)
class Compared:
    """The figures of one variant.

    Args:
        name: of the variant.
        examples: trained on.
        cross_accuracy: of the cross-validation.
        cross_macro_f1: likewise.
        cross_calibration_error: likewise.
        development_accuracy: of the development set, trained on all of data/nlu.
        development_macro_f1: likewise.
        false_starts: development utterances that are not for us and start a service.
        training_seconds: features and classifier, on all of data/nlu; the entities are found before.
    """

    name: str
    examples: int
    cross_accuracy: float
    cross_macro_f1: float
    cross_calibration_error: float
    development_accuracy: float
    development_macro_f1: float
    false_starts: int
    training_seconds: float


def variants(parts: Mapping[str, Any]) -> list[Variant]:
    """Make all variants, the pipeline's own first.

    Args:
        parts: gazetteers and lexicon, as a model stores them.
    """
    topics, syllables = parts["gazetteers"]["topics"], parts["lexicon"]["syllables"]
    declared = parts["gazetteers"]["declared"]

    def blocks(*without: str) -> Featurize:
        chosen = Featurizer(topics, syllables, declared, [block for block in BLOCKS if block not in without])
        return chosen.features_of

    everything, plain = blocks(), characters_and_words()
    return [
        Variant("pipeline: linear SVM, one temperature, all features", everything),
        Variant("pipeline, near copies of the development set not trained on", everything, without_copies=True),
        Variant("logistic regression, all features", everything, logistic_regression),
        Variant("linear SVM calibrated by sigmoid, all features", everything, calibrated_svm),
        Variant("logistic regression, character and word n-grams", plain, logistic_regression),
        Variant("linear SVM calibrated by sigmoid, character and word n-grams", plain, calibrated_svm),
        *(Variant(f"pipeline without {block}", blocks(block)) for block in BLOCKS),
        Variant("pipeline without entity placeholders", lambda text, found: everything(text, ())),
    ]


def characters_and_words() -> Featurize:
    """Make features that know nothing of the city: character 1- to 4-grams, jieba's words and pairs of words."""
    words = private_jieba((word, count) for word, count, _ in jieba_words(least=20))

    def featurize(text: str, found: Sequence[Found]) -> Row:
        normal = normalise(text)
        tokens = [token for token, _ in cut(words, normal)]
        pairs = zip(tokens, tokens[1:], strict=False)
        blocks = (
            {f"c{gram}" for gram in ngrams(f"^{normal}$", 1, 4)},
            {f"w{token}" for token in tokens} | {f"w{left} {right}" for left, right in pairs},
        )
        return {name: len(block) ** -0.5 for block in blocks for name in block}

    return featurize


@dataclass(frozen=True)
class _Material:
    texts: Sequence[Utterance]
    found: Sequence[Sequence[Found]]

    @classmethod
    def read(cls, utterances: Sequence[Utterance], finder: EntityFinder, today: date) -> _Material:
        return cls(utterances, [finder.find(one.text, today) for one in utterances])

    @property
    def labels(self) -> list[str]:
        return [one.intent for one in self.texts]

    def without_copies_of(self, others: _Material) -> _Material:
        similar = nearest([one.text for one in self.texts], [one.text for one in others.texts])
        kept = [index for index, similarity in enumerate(similar) if similarity < NEAR]
        return _Material([self.texts[index] for index in kept], [self.found[index] for index in kept])

    def rows(self, featurize: Featurize) -> list[Row]:
        return [featurize(one.text, found) for one, found in zip(self.texts, self.found, strict=True)]


def compare(folds: int, told: Callable[[str], None] = lambda name: None) -> Iterator[Compared]:
    """Train and measure each variant.

    Args:
        folds: of the cross-validation.
        told: is called with each variant's name before it is measured.
    """
    parts = read_parts(CityEntityExtractor.get_default_config())
    finder = EntityFinder(**parts)
    development = read_development_set()
    examples = _Material.read(read_examples(), finder, today_in_china())
    held_out = _Material.read(development.utterances, finder, development.today)
    for variant in variants(parts):
        told(variant.name)
        trained_on = examples.without_copies_of(held_out) if variant.without_copies else examples
        yield _measure(variant, trained_on, held_out, folds)


def _measure(variant: Variant, examples: _Material, held_out: _Material, folds: int) -> Compared:
    started = time.perf_counter()
    rows, labels = examples.rows(variant.featurize), examples.labels
    classifier = variant.classifier()
    classifier.fit(rows, labels)
    seconds = time.perf_counter() - started
    development = _evaluate(held_out.texts, classifier.best(held_out.rows(variant.featurize)))
    cross = _evaluate(examples.texts, _cross(variant, rows, labels, folds))
    return Compared(
        name=variant.name,
        examples=len(rows),
        cross_accuracy=cross.intents.accuracy,
        cross_macro_f1=cross.intents.macro_f1,
        cross_calibration_error=cross.calibration.error,
        development_accuracy=development.intents.accuracy,
        development_macro_f1=development.intents.macro_f1,
        false_starts=development.false_starts.count,
        training_seconds=seconds,
    )


def _cross(variant: Variant, rows: Sequence[Row], labels: Sequence[str], folds: int) -> list[tuple[str, float]]:
    best: dict[int, tuple[str, float]] = {}
    for kept, held_out in split(labels, folds):
        classifier = variant.classifier()
        classifier.fit([rows[index] for index in kept], [labels[index] for index in kept])
        best.update(zip(held_out, classifier.best([rows[index] for index in held_out]), strict=True))
    return [best[index] for index in range(len(rows))]


def _evaluate(utterances: Sequence[Utterance], best: Sequence[tuple[str, float]]) -> Evaluation:
    return evaluate(utterances, [Reading(intent, intent, sure) for intent, sure in best], intents_only=True)


def as_table(compared: Sequence[Compared], folds: int) -> Table:
    """Lay the variants out."""
    table = Table(
        "",
        "例句 / examples",
        f"{folds} 折准确率",
        "macro F1",
        "ECE",
        "开发集准确率",
        "macro F1",
        "误启动",
        "训练 s",
        title="比较 / comparison",
    )
    for one in compared:
        table.add_row(
            one.name,
            str(one.examples),
            f"{one.cross_accuracy:.4f}",
            f"{one.cross_macro_f1:.4f}",
            f"{one.cross_calibration_error:.4f}",
            f"{one.development_accuracy:.4f}",
            f"{one.development_macro_f1:.4f}",
            str(one.false_starts),
            f"{one.training_seconds:.1f}",
        )
    return table
