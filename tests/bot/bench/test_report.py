"""What is written of the result."""

import json

import pytest
from rich.console import Console

from bot.bench.machine import Machine, this_machine
from bot.bench.report import as_json, as_markdown, as_table, number
from bot.bench.rows import Figure, Row

QUIET = Machine("A CPU", 2, 23.5, "3.10.13", "2026-01-02", (0.1, 0.2, 0.3))
BUSY = Machine("A CPU", 2, 23.5, "3.10.13", "2026-01-02", (1.9, 1.2, 0.3))
SPEED = Row("speed", "turns", "turns a second", "1/s", 118, times_stock=10, more_is_better=True)
WAIT = Row("wait", "turns", "turn", "ms", 9, quiet=5)
FREE = Row("free", "turns", "p95", "ms")


@pytest.mark.parametrize(
    ("value", "text"), [(1.0449, "1.04"), (2.999, "3.00"), (18.25, "18.2"), (118.4, "118"), (1020, "1,020")]
)
def test_a_figure_is_as_precise_as_it_is_worth(value: float, text: str) -> None:
    assert number(value) == text


def test_one_run_alone() -> None:
    assert as_markdown([Figure(WAIT, (6.0,)), Figure(FREE, (9.5,))], QUIET, "bench").splitlines() == [
        "| measured | wanted | figure |  |",
        "| --- | --- | --- | --- |",
        "| turn | ≤ 9 ms (≤ 5 quiet) | 6.0 ms | ✗ |",
        "| p95 |  | 9.5 ms |  |",
        "",
        "`bench` on A CPU, 2 cores, 24 GiB, Python 3.10.13; 2026-01-02, load before 0.10 0.20 0.30 (quiet).",
    ]


def test_runs_beside_stock() -> None:
    written = as_markdown(
        [Figure(SPEED, (60.0, 110.0, 90.0), (6.0, 11.0, 8.0)), Figure(WAIT, (6.0, 5.5, 7.0))], BUSY, "bench"
    )
    header, _, speed, wait, *_, where = written.splitlines()
    assert header == "| measured | wanted | median |  | runs | stock Rasa | times better |"
    assert speed == ("| turns a second | ≥ 118 1/s or 10x stock | 90.0 1/s | ✓ | 60.0 · 110 · 90.0 | 8.0 1/s | 10.0 |")
    assert wait == "| turn | ≤ 9 ms (≤ 5 quiet) | 6.0 ms | ✓ | 6.0 · 5.5 · 7.0 |  |  |"
    assert where.endswith("(busy).")


def test_the_terminal_says_the_same() -> None:
    console = Console(record=True, width=160)
    console.print(as_table([Figure(SPEED, (100.0,)), Figure(FREE, (1.0,))], quiet=True))
    (speed,) = (line for line in console.export_text().splitlines() if "turns a second" in line)
    assert "≥ 118 1/s or 10x stock" in speed
    assert "100 1/s" in speed
    assert "✗" in speed


def test_json_has_every_run() -> None:
    read = json.loads(as_json([Figure(SPEED, (60.0, 90.0, 80.0), (6.0, 8.0, 8.0)), Figure(FREE, (1.0,))], BUSY))
    speed, free = read["rows"]
    assert (speed["runs"], speed["median"], speed["times_better"], speed["met"]) == (
        [60.0, 90.0, 80.0],
        80.0,
        10.0,
        True,
    )
    assert (free["met"], free["stock_runs"], free["stock_median"]) == (None, [], None)
    assert (read["machine"]["cpu"], read["machine"]["quiet"]) == ("A CPU", False)


def test_this_machine_says_what_it_is() -> None:
    machine = this_machine()
    assert machine.cpu
    assert machine.cores >= 1
    assert machine.memory_gb > 0
    assert len(machine.load) == 3
