"""What is counted: intents, entities by value, false starts, and how far a confidence can be believed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sklearn.metrics import accuracy_score, f1_score, precision_recall_fscore_support

from bot.evaluation.reading import FALLBACK
from bot.evaluation.utterances import Pair
from manifests import services
from manifests.knowledge import ASK

OUT_OF_SCOPE = "out_of_scope"

SWITCH_CITY = "switch_city"


@lru_cache(maxsize=1)
def starting() -> frozenset[str]:
    """Intents at which the assistant sets to work; what is not for us must not be taken for one of them."""
    return frozenset({SWITCH_CITY, *(intent for intent, _, _ in services().tasks())})


@dataclass(frozen=True)
class Score:
    """Precision, recall and F1 of one class.

    Args:
        precision: of those found, the part that is right.
        recall: of those that are there, the part that was found.
        f1: their harmonic mean.
        support: how many are there.
    """

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class IntentScores:
    """Accuracy over all utterances, F1 as the plain mean over intents, and each intent's own score."""

    accuracy: float
    macro_f1: float
    by_intent: dict[str, Score]


@dataclass(frozen=True)
class EntityScores:
    """All entities together, and each entity by itself."""

    micro: Score
    by_entity: dict[str, Score]


@dataclass(frozen=True)
class FalseStarts:
    """Utterances that are not for us and would have started a service.

    Args:
        count: of them.
        total: utterances that are not for us.
    """

    count: int
    total: int

    @property
    def rate(self) -> float:
        """Count over total; 0 where there are none."""
        return self.count / self.total if self.total else 0.0


@dataclass(frozen=True)
class Bin:
    """Utterances whose confidence lies in [low, high).

    Args:
        low: lowest confidence.
        high: confidence above the highest; the last bin holds 1.0 too.
        count: utterances.
        confidence: their mean confidence.
        accuracy: the part of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


@dataclass(frozen=True)
class Calibration:
    """Bins that hold something, and the expected calibration error: the mean gap, weighted by the bins' counts."""

    bins: list[Bin]
    error: float


def counted_as(expected: str, got: str) -> str:
    """Give the intent an answer counts as: `nlu_fallback` on what is not for us is right, elsewhere it is wrong."""
    return OUT_OF_SCOPE if got == FALLBACK and expected == OUT_OF_SCOPE else got


def score_intents(expected: Sequence[str], got: Sequence[str]) -> IntentScores:
    """Score intents.

    Args:
        expected: an intent per utterance.
        got: the intent on top for each, `nlu_fallback` where the model was not sure.
    """
    counted = [counted_as(*pair) for pair in zip(expected, got, strict=True)]
    labels = sorted(set(expected))
    columns = precision_recall_fscore_support(expected, counted, labels=labels, zero_division=0)
    return IntentScores(
        accuracy=float(accuracy_score(expected, counted)),
        macro_f1=float(f1_score(expected, counted, labels=labels, average="macro", zero_division=0)),
        by_intent={label: _score(*row) for label, *row in zip(labels, *columns, strict=True)},
    )


def entity_decisions(expected: Collection[Pair], got: Collection[Pair]) -> list[tuple[str, bool, bool]]:
    """List, for each entity value that is there or was found, (entity name, is there, was found)."""
    return [(pair[0], pair in expected, pair in got) for pair in sorted({*expected, *got})]


def score_entities(expected: Sequence[Collection[Pair]], got: Sequence[Collection[Pair]]) -> EntityScores:
    """Score entities on name and value together; a right value under another name is one missed and one too many.

    Args:
        expected: per utterance, entity names with values.
        got: what was found in each.
    """
    decisions = [row for pair in zip(expected, got, strict=True) for row in entity_decisions(*pair)]
    names = sorted({name for name, _, _ in decisions})
    return EntityScores(
        micro=_binary(decisions),
        by_entity={name: _binary([row for row in decisions if row[0] == name]) for name in names},
    )


def _binary(decisions: Sequence[tuple[str, bool, bool]]) -> Score:
    there = [is_there for _, is_there, _ in decisions]
    found = [was_found for _, _, was_found in decisions]
    if not decisions:
        return Score(1.0, 1.0, 1.0, 0)
    precision, recall, f1, _ = precision_recall_fscore_support(there, found, average="binary", zero_division=0)
    return _score(precision, recall, f1, sum(there))


def _score(precision: float, recall: float, f1: float, support: int) -> Score:
    return Score(float(precision), float(recall), float(f1), int(support))


def false_starts(expected: Sequence[str], got: Sequence[str]) -> FalseStarts:
    """Count utterances that want nothing done (out of scope, or a question) whose intent on top starts a service or changes the city."""
    not_for_us = [
        top for intent, top in zip(expected, got, strict=True) if intent == OUT_OF_SCOPE or intent.startswith(ASK)
    ]
    return FalseStarts(sum(top in starting() for top in not_for_us), len(not_for_us))


def calibration(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> Calibration:
    """Compare how sure the model was with how often it was right, in bins of equal width.

    Args:
        confidences: 0 to 1, one per utterance.
        right: whether each was right.
        bins: how many.
    """
    sure, hits = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    edges = np.linspace(0.0, 1.0, bins + 1)
    place = np.clip(np.digitize(sure, edges[1:-1]), 0, bins - 1)
    filled = [
        Bin(
            low=float(edges[number]),
            high=float(edges[number + 1]),
            count=int(inside.sum()),
            confidence=float(sure[inside].mean()),
            accuracy=float(hits[inside].mean()),
        )
        for number in range(bins)
        if (inside := place == number).any()
    ]
    gaps = sum(one.count * abs(one.confidence - one.accuracy) for one in filled)
    return Calibration(filled, gaps / len(sure) if len(sure) else 0.0)
