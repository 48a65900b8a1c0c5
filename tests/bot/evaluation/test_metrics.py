"""How intents, entities, false starts and confidences are counted."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from bot.evaluation import metrics
from bot.evaluation.metrics import Bin, Score
from bot.evaluation.utterances import Pair

WATER, GAS, FIVE = ("bill_type", "water"), ("bill_type", "gas"), ("amount", "5.00")


@pytest.mark.parametrize(
    ("expected", "got", "counted"),
    [
        ("greet", "nlu_fallback", "nlu_fallback"),
        ("out_of_scope", "nlu_fallback", "out_of_scope"),
        ("out_of_scope", "out_of_scope", "out_of_scope"),
        ("out_of_scope", "greet", "greet"),
        ("greet", "out_of_scope", "out_of_scope"),
    ],
)
def test_not_sure_is_right_only_about_what_is_not_for_us(expected: str, got: str, counted: str) -> None:
    assert metrics.counted_as(expected, got) == counted


@pytest.mark.parametrize(
    ("expected", "got", "accuracy", "macro_f1"),
    [
        (["greet", "deny"], ["nlu_fallback", "nlu_fallback"], 0.0, 0.0),
        (["greet", "greet", "deny", "deny"], ["greet", "greet", "deny", "greet"], 0.75, (0.8 + 2 / 3) / 2),
        (["greet", "out_of_scope"], ["greet", "nlu_fallback"], 1.0, 1.0),
        # An intent that was never expected lowers what it was taken from, and is no class of its own.
        (["greet", "greet"], ["greet", "thanks"], 0.5, 2 / 3),
    ],
)
def test_intents_are_scored(expected: list[str], got: list[str], accuracy: float, macro_f1: float) -> None:
    scores = metrics.score_intents(expected, got)
    assert scores.accuracy == pytest.approx(accuracy)
    assert scores.macro_f1 == pytest.approx(macro_f1)
    assert sorted(scores.by_intent) == sorted(set(expected))


@pytest.mark.parametrize(
    ("expected", "got", "micro"),
    [
        ([[WATER]], [[]], Score(0.0, 0.0, 0.0, 1)),
        ([[]], [[WATER]], Score(0.0, 0.0, 0.0, 0)),
        # The right name with another value is one missed and one invented.
        ([[WATER]], [[GAS]], Score(0.0, 0.0, 0.0, 1)),
        # A value found in another utterance helps nobody.
        ([[WATER], []], [[], [WATER]], Score(0.0, 0.0, 0.0, 1)),
        ([[WATER, GAS]], [[WATER]], Score(1.0, 0.5, 2 / 3, 2)),
        ([[WATER]], [[WATER, GAS, FIVE]], Score(1 / 3, 1.0, 0.5, 1)),
        ([[WATER]], [[WATER, WATER]], Score(1.0, 1.0, 1.0, 1)),
        ([[WATER], [WATER]], [[WATER], [WATER]], Score(1.0, 1.0, 1.0, 2)),
        ([[], []], [[], []], Score(1.0, 1.0, 1.0, 0)),
    ],
)
def test_entities_are_scored_by_value(
    expected: Sequence[Sequence[Pair]], got: Sequence[Sequence[Pair]], micro: Score
) -> None:
    scored = metrics.score_entities(expected, got).micro
    assert (scored.precision, scored.recall, scored.f1) == pytest.approx((micro.precision, micro.recall, micro.f1))
    assert scored.support == micro.support


def test_each_entity_has_its_own_score() -> None:
    scores = metrics.score_entities([[WATER, FIVE], [GAS]], [[WATER], [GAS, FIVE]])
    assert scores.by_entity["bill_type"] == Score(1.0, 1.0, 1.0, 2)
    assert scores.by_entity["amount"] == Score(0.0, 0.0, 0.0, 1)
    assert sorted(scores.by_entity) == ["amount", "bill_type"]


@pytest.mark.parametrize(
    ("expected", "got", "count", "total"),
    [
        (["out_of_scope"], ["pay_utility_bill"], 1, 1),
        (["out_of_scope"], ["switch_city"], 1, 1),
        (["out_of_scope"], ["greet"], 0, 1),
        (["out_of_scope"], ["check_payment"], 0, 1),
        (["out_of_scope"], ["nlu_fallback"], 0, 1),
        (["out_of_scope"], ["out_of_scope"], 0, 1),
        (["greet"], ["pay_utility_bill"], 0, 0),
        (["out_of_scope", "out_of_scope", "deny"], ["query_credit_score", "deny", "query_credit_score"], 1, 2),
    ],
)
def test_false_starts_are_counted(expected: list[str], got: list[str], count: int, total: int) -> None:
    starts = metrics.false_starts(expected, got)
    assert (starts.count, starts.total) == (count, total)
    assert starts.rate == (count / total if total else 0.0)


def test_nothing_for_us_is_no_false_start() -> None:
    assert metrics.false_starts([], []).rate == 0.0


@pytest.mark.parametrize(
    ("confidences", "right", "bins", "error"),
    [
        ([], [], [], 0.0),
        ([1.0], [False], [Bin(0.9, 1.0, 1, 1.0, 0.0)], 1.0),
        ([1.0], [True], [Bin(0.9, 1.0, 1, 1.0, 1.0)], 0.0),
        ([0.0], [False], [Bin(0.0, 0.1, 1, 0.0, 0.0)], 0.0),
        ([0.95, 0.95, 0.55, 0.55], [True, True, True, False],
         [Bin(0.5, 0.6, 2, 0.55, 0.5), Bin(0.9, 1.0, 2, 0.95, 1.0)], 0.05),
        # The border belongs to the upper bin.
        ([0.5], [True], [Bin(0.5, 0.6, 1, 0.5, 1.0)], 0.5),
    ],
)  # fmt: skip
def test_confidence_is_held_against_what_is_right(
    confidences: list[float], right: list[bool], bins: list[Bin], error: float
) -> None:
    found = metrics.calibration(confidences, right)
    assert found.error == pytest.approx(error)
    assert len(found.bins) == len(bins)
    for one, other in zip(found.bins, bins, strict=True):
        assert (one.low, one.high, one.confidence, one.accuracy) == pytest.approx(
            (other.low, other.high, other.confidence, other.accuracy)
        )
        assert one.count == other.count


@given(st.lists(st.tuples(st.integers(0, 999), st.booleans()), min_size=1, max_size=60))
def test_bins_agree_with_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    # Thousandths off every border, since scikit-learn puts a border into the lower bin.
    confidences = [(thousandths + 0.5) / 1000 for thousandths, _ in rows]
    right = [is_right for _, is_right in rows]
    found = metrics.calibration(confidences, right)
    accuracy, confidence = calibration_curve([*right, True, False], [*confidences, 0.05, 0.05], n_bins=10)
    theirs = metrics.calibration([*confidences, 0.05, 0.05], [*right, True, False])
    np.testing.assert_allclose([one.accuracy for one in theirs.bins], accuracy)
    np.testing.assert_allclose([one.confidence for one in theirs.bins], confidence)
    assert sum(one.count for one in found.bins) == len(rows)
    assert 0.0 <= found.error <= 1.0
