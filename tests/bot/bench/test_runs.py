"""What is run in which order, and beside whom."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.bench import runs
from bot.bench.house import Running
from bot.bench.rows import KINDS, ROWS
from bot.commands import bench
from bot.runtime.settings import ROOT


@contextmanager
def ours(folder: Path) -> Iterator[Running]:
    raise AssertionError("nothing is started here")
    yield


@contextmanager
def stock(folder: Path) -> Iterator[Running]:
    raise AssertionError("nothing is started here")
    yield


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """Replaces the measures; gives who was measured in which folder, in order."""
    done: list[tuple[str, Any]] = []

    def of_an_assistant(house: Any, folder: Path) -> dict[str, float]:
        done.append((folder.parent.name, house))
        return {"turn_p50": float(len(done))}

    def of_the_project(folder: Path) -> dict[str, float]:
        done.append((folder.name, None))
        return {"train_whole": float(len(done))}

    monkeypatch.setattr(runs, "OF_AN_ASSISTANT", {"turns": of_an_assistant})
    monkeypatch.setattr(runs, "OF_STOCK", {"turns": of_an_assistant})
    monkeypatch.setattr(runs, "OF_THE_PROJECT", {"training": of_the_project})
    return done


def test_stock_goes_before_us_in_each_run(done: list[tuple[str, Any]], tmp_path: Path) -> None:
    console = Console(record=True, width=100, quiet=False)
    mine, theirs = runs.measure(tmp_path, ["turns", "training"], 2, ours, stock, console)
    assert done == [
        ("0-turns", stock),
        ("0-turns", ours),
        ("0-training", None),
        ("1-turns", stock),
        ("1-turns", ours),
        ("1-training", None),
    ]
    assert mine == [{"turn_p50": 2.0, "train_whole": 3.0}, {"turn_p50": 5.0, "train_whole": 6.0}]
    assert theirs == [{"turn_p50": 1.0}, {"turn_p50": 4.0}]
    # What was measured is said at once, lest a later failure takes it along.
    assert "1/2 training:  train_whole 3" in console.export_text()


def test_without_stock(done: list[tuple[str, Any]], tmp_path: Path) -> None:
    mine, theirs = runs.measure(tmp_path, ["turns"], 1, ours, None, Console(quiet=True))
    assert (len(mine), theirs) == (1, [])
    assert done == [("0-turns", ours)]


def test_every_kind_is_measured() -> None:
    assert {*runs.OF_AN_ASSISTANT, *runs.OF_THE_PROJECT} == set(KINDS)
    assert set(runs.OF_STOCK) <= set(runs.OF_AN_ASSISTANT)


def test_the_command_is_written_so_that_it_gives_the_same_again() -> None:
    assert bench._as_written((), 1, False) == "python -m bot bench"
    assert bench._as_written(("turns", "growth"), 3, True) == (
        "python -m bot bench --only turns --only growth --runs 3 --beside-rasa"
    )


@pytest.mark.parametrize("inside", [ROOT, ROOT / "var" / "stock"])
def test_stock_is_never_installed_into_the_project(inside: Path) -> None:
    result = CliRunner().invoke(bench.command, ["--beside-rasa", "--stock-folder", str(inside)])
    assert result.exit_code == 2
    assert "outside the project" in result.output
    assert not (inside / "venv").exists()


def test_the_page_has_every_row() -> None:
    page = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    assert [row.key for row in ROWS if f"| {row.name} | {row.target} |" not in page] == []
