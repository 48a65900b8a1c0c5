"""One evaluation: its mistakes, confusion, shortfalls, and the files it is stored in."""

import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from rich.console import Console

from bot.evaluation.augment import NoisyUtterance, figures
from bot.evaluation.cross_validation import config_of, split
from bot.evaluation.evaluation import Confusion, confusion, evaluate, mistakes, parse_time, shortfalls
from bot.evaluation.metrics import FalseStarts
from bot.evaluation.noise import KINDS
from bot.evaluation.reading import Reading, Span, reading_of
from bot.evaluation.report import show
from bot.evaluation.storage import store
from bot.evaluation.utterances import Utterance

WATER = ("bill_type", "water")
PAY = Utterance("交水费", "pay_utility_bill", frozenset({WATER}))
FRUIT = Utterance("水果<b>多少钱一斤", "out_of_scope")


def reading(intent: str, *spans: Span, best: str = "", confidence: float = 0.9, seconds: float = 0.001) -> Reading:
    """Make a reading."""
    return Reading(intent, best or intent, confidence, spans, seconds)


@pytest.mark.parametrize(
    ("parsed", "expected"),
    [
        ({}, Reading("nlu_fallback", "nlu_fallback", 0.0)),
        ({"intent": {"name": None}}, Reading("nlu_fallback", "nlu_fallback", 0.0)),
        (
            {"intent": {"name": "nlu_fallback", "confidence": 0.4},
             "intent_ranking": [{"name": "nlu_fallback", "confidence": 0.4}, {"name": "deny", "confidence": 0.3}]},
            Reading("nlu_fallback", "deny", 0.3),
        ),
        (
            {"intent": {"name": "inform", "confidence": 0.8},
             "entities": [{"entity": "amount", "value": "5.00", "start": 0, "end": 2},
                          {"entity": "second_intent", "value": "greet", "start": 0, "end": 2}]},
            Reading("inform", "inform", 0.8, (Span("amount", "5.00", 0, 2),)),
        ),
    ],
)  # fmt: skip
def test_a_parse_result_is_read(parsed: dict[str, object], expected: Reading) -> None:
    assert reading_of(parsed) == expected


@pytest.mark.parametrize(
    ("utterance", "got", "wrong", "missed", "invented"),
    [
        (PAY, reading("nlu_fallback", Span("bill_type", "water", 1, 3)), True, [], []),
        (PAY, reading("pay_utility_bill"), False, [WATER], []),
        (PAY, reading("pay_utility_bill", Span("bill_type", "gas", 1, 3)), False, [WATER], [("bill_type", "gas")]),
        (FRUIT, reading("query_utility_bill"), True, [], []),
    ],
)
def test_mistakes_are_listed(
    utterance: Utterance, got: Reading, wrong: bool, missed: list[object], invented: list[object]
) -> None:
    (mistake,) = mistakes([utterance], [got])
    assert (mistake.intent_is_wrong, mistake.missed, mistake.invented) == (wrong, missed, invented)


def test_what_is_right_is_no_mistake() -> None:
    readings = [reading("pay_utility_bill", Span("bill_type", "water", 1, 3)), reading("nlu_fallback", best="greet")]
    assert mistakes([PAY, FRUIT], readings) == []
    assert mistakes([PAY], [reading("pay_utility_bill")], intents_only=True) == []


def test_confusion_has_a_column_for_the_unsure() -> None:
    found = confusion(["deny", "deny", "out_of_scope"], ["deny", "nlu_fallback", "nlu_fallback"])
    assert found == Confusion(["deny", "nlu_fallback", "out_of_scope"], [[1, 1, 0], [0, 0, 0], [0, 0, 1]])


def test_parse_time_is_in_milliseconds() -> None:
    times = parse_time([0.001] * 90 + [0.010] * 10)
    assert (times.p50, times.p95) == pytest.approx((1.0, 10.0))


def test_shortfalls_are_said() -> None:
    good = evaluate([PAY, FRUIT], [reading("pay_utility_bill", Span("bill_type", "water", 1, 3)), reading("deny")])
    assert shortfalls(good) == ["intent accuracy 0.5000 < 0.95"]
    bad = evaluate([PAY, FRUIT], [reading("deny"), reading("query_credit_score")])
    assert [line.split(" 0.")[0].split(" 1.")[0] for line in shortfalls(bad)] == [
        "intent accuracy", "entity F1", "false starts",
    ]  # fmt: skip
    at_the_limit = replace(
        good, intents=replace(good.intents, accuracy=0.95), false_starts=FalseStarts(count=3, total=100)
    )
    assert shortfalls(at_the_limit) == []


def test_an_evaluation_is_stored(tmp_path: Path) -> None:
    evaluation = evaluate([PAY, FRUIT], [reading("pay_utility_bill"), reading("query_utility_bill", confidence=0.6)])
    page = store({"development": evaluation}, {"模型": "one<two.tar.gz"}, tmp_path)
    stored = json.loads((tmp_path / "development.json").read_text(encoding="utf-8"))
    assert stored["intents"]["accuracy"] == 0.5
    assert stored["false_starts"] == {"count": 1, "total": 1}
    assert stored["mistakes"][0] == {
        "text": "交水费", "expected": "pay_utility_bill", "got": "pay_utility_bill", "confidence": 0.9,
        "missed": [["bill_type", "water"]], "invented": [],
    }  # fmt: skip
    html = page.read_text(encoding="utf-8")
    assert "水果&lt;b&gt;多少钱一斤" in html
    assert "one&lt;two.tar.gz" in html
    assert '<td class="right" style="--share: 100.0%">1</td>' in html
    assert '<td class="taken" style="--share: 100.0%">1</td>' in html
    assert "http" not in html  # it needs nothing beside it


def test_an_evaluation_is_printed() -> None:
    console = Console(width=200, file=io.StringIO(), record=True)
    evaluation = evaluate([PAY, FRUIT], [reading("pay_utility_bill"), reading("deny")])
    show(console, "development set", evaluation, errors=True)
    show(console, "cross-validation", evaluate([PAY], [reading("deny")], intents_only=True))
    printed = console.export_text()
    for words in ("0.5000", "水果<b>多少钱一斤", "bill_type=water", "0 / 1 = 0.0000", "1.00 ms"):
        assert words in printed


def test_noise_is_counted_beside_the_clean_figure() -> None:
    water, right = Span("bill_type", "water", 1, 3), "pay_utility_bill"
    rows = [
        NoisyUtterance(PAY, "叫水费", reading(right, water), reading("deny", water)),
        NoisyUtterance(PAY, "交水费费", reading(right, water), reading(right)),
        # Its entity was not found when clean: counted for the intent alone.
        NoisyUtterance(PAY, "交睡费", reading(right), reading(right)),
        NoisyUtterance(FRUIT, "谁果多少钱", reading("nlu_fallback"), reading("query_utility_bill")),
    ]
    keeps = next(kind for kind in KINDS if kind.keeps_entities)
    counted = figures(keeps, rows)
    assert (counted.utterances, counted.intent_clean, counted.intent_noisy) == (4, 1.0, 0.5)
    assert (counted.entity_utterances, counted.entity_clean, counted.entity_noisy) == (3, 1.0, pytest.approx(2 / 3))
    assert counted.false_starts == 1
    hits = figures(next(kind for kind in KINDS if not kind.keeps_entities), rows)
    assert (hits.entity_utterances, hits.entity_clean, hits.entity_noisy) == (0, None, None)


def test_a_kind_that_changes_nothing_is_counted_too() -> None:
    assert figures(KINDS[0], []).intent_noisy == 1.0


def test_folds_hold_each_example_once() -> None:
    intents = ["greet"] * 10 + ["deny"] * 5
    folds = list(split(intents, 5))
    assert sorted(index for _, held_out in folds for index in held_out) == list(range(15))
    for kept, held_out in folds:
        assert not set(kept) & set(held_out)
        assert sorted(intents[index] for index in held_out) == ["deny", "greet", "greet"]


def test_settings_come_from_the_pipeline() -> None:
    pipeline = [{"name": "bot.nlu.some.Component", "threshold": 0.4}]
    assert config_of("Component", pipeline) == {"threshold": 0.4}
    with pytest.raises(LookupError, match="Other"):
        config_of("Other", pipeline)
