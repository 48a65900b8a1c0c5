"""Puts utterances beside what was read in them: one evaluation, ready to be printed and stored."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import confusion_matrix

from bot.evaluation import metrics
from bot.evaluation.metrics import Calibration, EntityScores, FalseStarts, IntentScores
from bot.evaluation.reading import Reading
from bot.evaluation.utterances import Pair, Utterance

LEAST_INTENT_ACCURACY = 0.95
LEAST_ENTITY_F1 = 0.95
MOST_FALSE_STARTS = 0.03
"""What the development set must reach; the aim is 0.97, 0.97 and 0.01."""


@dataclass(frozen=True)
class Confusion:
    """How often each expected intent was taken for which.

    Args:
        labels: intents, of rows (expected) and columns (got) alike.
        counts: one row per expected intent.
    """

    labels: list[str]
    counts: list[list[int]]


@dataclass(frozen=True)
class Mistake:
    """One utterance that was understood wrongly.

    Args:
        text: the utterance.
        expected: its intent.
        got: the intent on top.
        confidence: of the best intent.
        missed: entity values that were not found.
        invented: entity values that are not there.
    """

    text: str
    expected: str
    got: str
    confidence: float
    missed: list[Pair]
    invented: list[Pair]

    @property
    def intent_is_wrong(self) -> bool:
        """Whether the intent is wrong, and not only an entity."""
        return metrics.counted_as(self.expected, self.got) != self.expected


@dataclass(frozen=True)
class ParseTime:
    """Milliseconds from text to result: half of the texts took at most p50, 95 in 100 at most p95."""

    p50: float
    p95: float


@dataclass(frozen=True)
class Evaluation:
    """All that is said about one set of utterances; `entities` and `parse_time` only where they were asked for."""

    utterances: int
    intents: IntentScores
    entities: EntityScores | None
    false_starts: FalseStarts
    calibration: Calibration
    parse_time: ParseTime | None
    confusion: Confusion
    mistakes: list[Mistake]


def evaluate(utterances: Sequence[Utterance], readings: Sequence[Reading], intents_only: bool = False) -> Evaluation:
    """Compare what is expected with what was read.

    Args:
        utterances: with what is expected.
        readings: one per utterance.
        intents_only: leave out entities and times.
    """
    expected, got = [one.intent for one in utterances], [one.intent for one in readings]
    right = [one.best == intent for one, intent in zip(readings, expected, strict=True)]
    entities = None
    if not intents_only:
        entities = metrics.score_entities([one.entities for one in utterances], [one.entities for one in readings])
    return Evaluation(
        utterances=len(utterances),
        intents=metrics.score_intents(expected, got),
        entities=entities,
        false_starts=metrics.false_starts(expected, got),
        calibration=metrics.calibration([one.confidence for one in readings], right),
        parse_time=None if intents_only else parse_time([one.seconds for one in readings]),
        confusion=confusion(expected, got),
        mistakes=mistakes(utterances, readings, intents_only),
    )


def mistakes(utterances: Sequence[Utterance], readings: Sequence[Reading], intents_only: bool = False) -> list[Mistake]:
    """List the utterances whose intent or, unless only intents are asked for, entities are wrong."""
    found = []
    for utterance, reading in zip(utterances, readings, strict=True):
        mistake = Mistake(
            text=utterance.text,
            expected=utterance.intent,
            got=reading.intent,
            confidence=reading.confidence,
            missed=[] if intents_only else sorted(utterance.entities - reading.entities),
            invented=[] if intents_only else sorted(reading.entities - utterance.entities),
        )
        if mistake.intent_is_wrong or mistake.missed or mistake.invented:
            found.append(mistake)
    return found


def confusion(expected: Sequence[str], got: Sequence[str]) -> Confusion:
    """Count which intent was taken for which, with `nlu_fallback` counted as in the scores."""
    counted = [metrics.counted_as(*pair) for pair in zip(expected, got, strict=True)]
    labels = sorted({*expected, *counted})
    return Confusion(labels, confusion_matrix(expected, counted, labels=labels).tolist())


def parse_time(seconds: Sequence[float]) -> ParseTime:
    """Give the median and the 95th percentile in milliseconds."""
    p50, p95 = np.percentile(np.asarray(seconds) * 1000, [50, 95])
    return ParseTime(float(p50), float(p95))


def shortfalls(evaluation: Evaluation) -> list[str]:
    """Say in which points an evaluation falls short of what the development set must reach; nothing where in none."""
    found = []
    if evaluation.intents.accuracy < LEAST_INTENT_ACCURACY:
        found.append(f"intent accuracy {evaluation.intents.accuracy:.4f} < {LEAST_INTENT_ACCURACY}")
    if evaluation.entities is not None and evaluation.entities.micro.f1 < LEAST_ENTITY_F1:
        found.append(f"entity F1 {evaluation.entities.micro.f1:.4f} < {LEAST_ENTITY_F1}")
    if evaluation.false_starts.rate > MOST_FALSE_STARTS:
        found.append(f"false starts {evaluation.false_starts.rate:.4f} > {MOST_FALSE_STARTS}")
    return found
