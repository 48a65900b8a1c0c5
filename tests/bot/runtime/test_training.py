"""The training process tells its steps, counted as Rasa's own log lines come."""

import inspect
import json
import logging

import pytest
from rasa.engine.training.hooks import LoggingHook

from bot.runtime import settings
from bot.runtime.training import ProgressHandler, count_trained_nodes


def test_steps_follow_rasas_lines(capsys: pytest.CaptureFixture[str]) -> None:
    handler = ProgressHandler(total=2)
    for line in (
        "Starting to train component 'CityTokenizer'.",
        "Finished training component 'CityTokenizer'.",
        "Restored component 'RulePolicy' from cache.",
        "Something else",
    ):
        handler.emit(logging.LogRecord("rasa", logging.INFO, "", 0, line, (), None))
    steps = [json.loads(line.removeprefix("@step ")) for line in capsys.readouterr().out.splitlines()]
    assert [(step["done"], step["name"]) for step in steps] == [
        (0, "CityTokenizer"),
        (1, "CityTokenizer"),
        (2, "RulePolicy"),
        (2, ""),
    ]


def test_rasa_still_writes_these_lines() -> None:
    source = inspect.getsource(LoggingHook)
    for line in ("Starting to train component '", "Finished training component '", "Restored component '"):
        assert line in source


def test_each_component_and_policy_that_learns_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(settings.ROOT)
    assert 2 <= count_trained_nodes() <= 8
