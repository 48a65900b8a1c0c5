"""Medians, ratios, and when what is wanted counts as reached."""

import pytest

from bot.bench.rows import KINDS, ROWS, Figure, Row, figures

SPEED = Row("speed", "turns", "speed", "1/s", 118, times_stock=10, more_is_better=True)
WAIT = Row("wait", "turns", "wait", "ms", 9, quiet=5, times_stock=10)
FREE = Row("free", "turns", "free", "ms")


def test_the_value_is_the_median_and_not_the_mean() -> None:
    assert Figure(WAIT, (1.0, 90.0, 3.0)).value == 3.0
    assert Figure(WAIT, (1.0, 3.0)).value == 2.0


def test_how_many_times_better_is_told_run_by_run() -> None:
    # The medians alone would say 4; in each single run it was 2, 5 and 10 times.
    assert Figure(SPEED, (20.0, 40.0, 100.0), (10.0, 8.0, 10.0)).times_better == 5.0
    assert Figure(WAIT, (10.0, 8.0, 10.0), (20.0, 40.0, 100.0)).times_better == 5.0
    assert Figure(WAIT, (10.0,)).times_better is None


def test_runs_of_stock_that_are_missing_are_an_error_and_no_ratio() -> None:
    with pytest.raises(ValueError, match="shorter"):
        _ = Figure(WAIT, (10.0, 9.0), (20.0,)).times_better


@pytest.mark.parametrize(
    ("figure", "quiet", "met"),
    [
        (Figure(FREE, (1.0,)), True, None),
        (Figure(SPEED, (118.0,)), True, True),
        (Figure(SPEED, (117.9,)), True, False),
        (Figure(SPEED, (60.0,), (6.0,)), False, True),
        (Figure(SPEED, (59.0,), (6.0,)), False, False),
        (Figure(WAIT, (9.0,)), False, True),
        (Figure(WAIT, (9.1,)), False, False),
        (Figure(WAIT, (9.0,)), True, False),
        (Figure(WAIT, (5.0,)), True, True),
        (Figure(WAIT, (20.0,), (200.0,)), False, True),
    ],
)
def test_when_it_is_reached(figure: Figure, quiet: bool, met: bool | None) -> None:
    assert figure.is_met(quiet) is met


def test_stock_is_no_excuse_where_the_row_does_not_say_so() -> None:
    bound = Row("memory", "memory", "memory", "MB", 250)
    assert Figure(bound, (251.0,), (9000.0,)).is_met(True) is False


def test_a_target_in_words() -> None:
    assert SPEED.target == "≥ 118 1/s or 10x stock"
    assert WAIT.target == "≤ 9 ms or 10x stock (≤ 5 quiet)"
    assert FREE.target == ""


def test_runs_are_put_together_by_row_and_rows_without_values_left_out() -> None:
    found = figures(
        [{"turn_p50": 3.0, "start": 1.0}, {"turn_p50": 4.0, "start": 2.0}], [{"start": 9.0}, {"start": 8.0}]
    )
    assert [(figure.row.key, figure.ours, figure.stock) for figure in found] == [
        ("turn_p50", (3.0, 4.0), ()),
        ("start", (1.0, 2.0), (9.0, 8.0)),
    ]


def test_every_row_has_a_key_of_its_own() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)
    assert KINDS == ("turns", "growth", "memory", "training", "check")
