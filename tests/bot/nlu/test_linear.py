from pathlib import Path

import pytest

from bot.nlu.linear import LinearModel, train

ROWS = [
    {"water": 1.0, "pay": 0.5},
    {"water": 1.0},
    {"plate": 1.0},
    {"plate": 1.0, "pay": 0.2},
    {"hi": 1.0},
    {"hi": 0.9},
]
LABELS = ["bill", "bill", "traffic", "traffic", "greet", "greet"]


def test_refuses_rows_without_labels() -> None:
    with pytest.raises(ValueError, match="6 rows"):
        train(ROWS, LABELS[:3])


def test_refuses_a_single_class() -> None:
    with pytest.raises(ValueError, match="class"):
        train(ROWS[:2], LABELS[:2])


def test_ranks_all_classes_and_probabilities_add_up() -> None:
    ranking = train(ROWS, LABELS).ranking({"water": 1.0})
    assert ranking[0][0] == "bill"
    assert {label for label, _ in ranking} == set(LABELS)
    assert sum(probability for _, probability in ranking) == pytest.approx(1.0, abs=1e-5)


def test_unknown_features_leave_the_bias() -> None:
    model = train(ROWS, LABELS)
    assert model.ranking({"never seen": 1.0}) == model.ranking({})


def test_two_classes_have_two_columns() -> None:
    model = train(ROWS[:4], LABELS[:4])
    assert model.ranking({"water": 1.0})[0][0] == "bill"
    assert model.ranking({"plate": 1.0})[0][0] == "traffic"


def test_what_is_saved_loads_the_same(tmp_path: Path) -> None:
    model = train(ROWS, LABELS)
    model.save(tmp_path)
    assert LinearModel.load(tmp_path).ranking({"plate": 1.0}) == model.ranking({"plate": 1.0})
    assert not list(tmp_path.glob("*.pkl"))
