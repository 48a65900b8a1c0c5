"""Training: only when needed, one at a time, its steps shown, its mistakes said."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from rich.console import Console

from bot.commands import train
from bot.commands.train import TrainingError

Process = Callable[[str], None]


@pytest.fixture
def console() -> Console:
    return Console(record=True, width=100)


@pytest.fixture
def process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Process:
    """Replaces the training process by a small Python program; `OUTPUT` in it is the model's path."""
    monkeypatch.setattr(train, "LOG", tmp_path / "log" / "train.log")
    monkeypatch.setattr(train, "LOCK", tmp_path / "var" / "train.lock")
    monkeypatch.setattr(train.models, "current_model", lambda: tmp_path / "models" / "bianmin-1.tar.gz")
    monkeypatch.setattr(train.gate, "is_clean", lambda root: True)

    def use(code: str) -> None:
        def spawn(output: Path, force: bool, environment: Any) -> subprocess.Popen[str]:
            program = f"OUTPUT, FORCE = {str(output)!r}, {force}\n{code}"
            return subprocess.Popen(
                [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            )

        monkeypatch.setattr(train, "_spawn", spawn)

    return use


def test_a_mistake_in_the_data_is_said(process: Process, console: Console, tmp_path: Path) -> None:
    process("print('@error {\"message\": \"slots: city twice\"}'); print('a trace'); exit(1)")
    with pytest.raises(TrainingError, match="slots: city twice"):
        train.ensure_model(console)
    assert (tmp_path / "log" / "train.log").read_text(encoding="utf-8") == "a trace\n"


def test_what_the_check_found_is_said_line_by_line(
    process: Process, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = [
        "data/nlu/credit.yml:8  「查信用分」：这句没有收进去。",
        "domain.yml:12  handoff_human：没有一条规则接。[x]",
    ]
    process(f"print('@error ' + {json.dumps(json.dumps({'findings': told}))}); exit(1)")
    with pytest.raises(TrainingError, match="2 处问题，没有训练"):
        train.ensure_model(console)
    assert [line for line in console.export_text().splitlines() if ":" in line and ".yml" in line] == told


@pytest.mark.parametrize("code", [0, 1])
def test_a_model_whose_data_was_not_checked_since_is_checked(
    process: Process, console: Console, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    process("open(OUTPUT, 'w')")
    train.ensure_model(console)
    checked = subprocess.CompletedProcess(
        [], code, "actions/x.py:3  utter_x：没有写。\n15 项检查，1 处问题，用时 4.0 秒。\n", ""
    )
    monkeypatch.setattr(train.gate, "is_clean", lambda root: False)
    monkeypatch.setattr(train.subprocess, "run", lambda *_, **__: checked)
    if code == 0:
        train.ensure_model(console)
        assert "utter_x" not in console.export_text()
    else:
        with pytest.raises(TrainingError, match="1 处问题"):
            train.ensure_model(console)
        assert "actions/x.py:3  utter_x：没有写。" in console.export_text()


def test_a_process_that_just_dies_is_said_with_its_code(process: Process, console: Console) -> None:
    process("exit(3)")
    with pytest.raises(TrainingError, match="exit code 3"):
        train.ensure_model(console)


def test_the_lock_is_free_after_a_failure(process: Process, console: Console, tmp_path: Path) -> None:
    process("exit(3)")
    with pytest.raises(TrainingError):
        train.ensure_model(console)
    with FileLock(tmp_path / "var" / "train.lock", timeout=0):
        pass


def test_a_model_that_is_there_is_not_trained_again(process: Process, console: Console) -> None:
    process("open(OUTPUT, 'w').write('first')")
    model = train.ensure_model(console)
    process("exit(1)")
    assert train.ensure_model(console) == model
    process("open(OUTPUT, 'w').write(f'forced {FORCE}')")
    train.ensure_model(console, force=True)
    assert model.read_text(encoding="utf-8") == "forced True"


def test_steps_are_shown(process: Process, console: Console) -> None:
    process('print(\'@step {"done": 2, "total": 5, "name": "CityTokenizer"}\'); open(OUTPUT, \'w\')')
    train.ensure_model(console)
    assert "2/5" in console.export_text()
