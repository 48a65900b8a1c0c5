"""Every mistake of staff is found by the check and refused by the training, in the same words, which tell what to do."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.checks import Checker
from bot.runtime import settings, training
from manifests.files import ROOT
from tests.bot.checks.mistakes import ALL, Mistake
from tests.copies import copy_parts

PARTS = (
    "config.yml",
    "domain.yml",
    "data",
    "actions",
    "city_api",
    "connectors",
    "sandbox/services",
    "tests/conversations",
)
CITIES = ("330000", "330100", "330400", "210000", "210100")

_ENGLISH = re.compile(r"\b[A-Z]?[a-z]+(?: [a-z]+){3,}")
"""Four English words in a row; names and examples have underscores, slashes and dots between."""


@pytest.fixture(scope="module")
def checker() -> Checker:
    """One for all mistakes, as in a process that stays."""
    return Checker()


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory, checker: Checker) -> Path:
    """A copy of the data with a few cities, in which nothing is wrong."""
    root = copy_parts(PARTS, tmp_path_factory.mktemp("tree"))
    for file in (root / "data/cities").glob("[0-9]*.yml"):
        if file.stem not in CITIES:
            file.unlink()
    assert [str(finding) for finding in checker.check(root)] == []
    return root


@pytest.fixture
def edited(tree: Path) -> Iterator[Path]:
    """The copy for one test; what that writes in data/ and domain.yml is taken back."""
    before = {path: path.read_bytes() for path in [tree / "domain.yml", *(tree / "data").rglob("*.yml")]}
    yield tree
    for path in {*(tree / "data").rglob("*.yml")} - before.keys():
        path.unlink()
    for path, content in before.items():
        if path.read_bytes() != content:
            path.write_bytes(content)


def trained(root: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch, output: list[str]) -> bool:
    """Ask the training process to train a tree; whether it began. What it prints goes to `output`."""
    began = []
    monkeypatch.setattr(settings, "ROOT", root)
    monkeypatch.setattr(training, "train", lambda *_: began.append(True) or 0)
    monkeypatch.setattr("builtins.print", lambda line, **_: output.append(line))
    code = training.train_if_clean(root / "models/bianmin-1.tar.gz", False, checker)
    assert code == (0 if began else 1)
    return bool(began)


@pytest.mark.parametrize("mistake", ALL, ids=lambda mistake: mistake.name)
def test_a_mistake_is_found_and_not_trained(
    edited: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch, mistake: Mistake
) -> None:
    mistake.make(edited)
    found = checker.check(edited)
    told = [str(finding) for finding in found]
    place = f"{mistake.place or mistake.file}:{mistake.line(edited)}  "
    assert any(line.startswith(place) and all(word in line for word in mistake.says) for line in told), told
    for finding, line in zip(found, told, strict=True):
        assert (edited / finding.file).is_file(), line
        assert finding.line is not None, line
        assert 1 <= finding.line <= len((edited / finding.file).read_bytes().splitlines()), line
        assert re.search(r"[\u4e00-\u9fff]", line), line
        assert not re.search(r"Traceback|https?:|/tmp/|Error\b", line), line
        assert not _ENGLISH.search(line), line
    output: list[str] = []
    assert not trained(edited, checker, monkeypatch, output)
    assert [json.loads(line.removeprefix(training.ERROR)) for line in output] == [{"findings": told}]


def test_no_mistake_buries_the_file_it_is_in(edited: Path, checker: Checker) -> None:
    """What follows from a file that cannot be read is not told as so many mistakes more."""
    for mistake in ALL:
        if "Tab" in mistake.says or "缩进" in mistake.says or "不是 UTF-8" in mistake.says:
            path = edited / mistake.file
            before = path.read_bytes()
            mistake.make(edited)
            assert {finding.file for finding in checker.check(edited)} == {mistake.file}, mistake.name
            path.write_bytes(before)


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        pytest.param("data/nlu/credit.yml", "", "\ufeff", id="a byte order mark in the examples"),
        pytest.param("data/domain/credit.yml", "", "\ufeff", id="a byte order mark in the words"),
        pytest.param("data/stories/common.yml", "", "\ufeff", id="a byte order mark in the stories"),
        pytest.param(
            "data/nlu/credit.yml", "      - 查信用分\n", "      - 查信用分  \n\n", id="blanks at the end of a line"
        ),
        pytest.param("data/nlu/credit.yml", "\n", "\r\n", id="lines that end as in Windows"),
        pytest.param(
            "data/stories/mine.yml",
            "",
            'version: "3.1"\nstories:\n  - story: 招呼\n    steps:\n      - intent: greet\n      - action: utter_thanks\n',
            id="a story that says other than a rule, and has the word",
        ),
    ],
)
def test_what_does_no_harm_is_trained(
    edited: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch, file: str, old: str, new: str
) -> None:
    path = edited / file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    path.write_bytes((text.replace(old, new) if old else new + text).encode())
    assert [str(finding) for finding in checker.check(edited)] == []
    assert trained(edited, checker, monkeypatch, [])


def test_a_clean_verdict_holds_until_something_is_edited(
    edited: Path, checker: Checker, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert trained(edited, checker, monkeypatch, [])

    class Never(Checker):
        def check(self, root: Path) -> list:
            raise AssertionError("checked again")

    assert trained(edited, Never(), monkeypatch, [])
    ALL[0].make(edited)
    assert not trained(edited, checker, monkeypatch, [])


def test_the_commands_say_the_same(tmp_path: Path) -> None:
    """By the command line, in a copy of the whole project: `check`, and `run`, which trains."""
    root = tmp_path / "project"
    leave_out = shutil.ignore_patterns(".*", "__pycache__", "models", "var", "[0-9]*.yml")
    shutil.copytree(ROOT, root, ignore=leave_out)
    for code in CITIES:
        shutil.copy(ROOT / f"data/cities/{code}.yml", root / "data/cities")
    next(mistake for mistake in ALL if mistake.name == "an example without its dash").make(root)

    def run(command: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "bot", command]
        return subprocess.run(line, cwd=root, capture_output=True, encoding="utf-8", timeout=240, check=False)

    told = "data/nlu/credit.yml:8  「查信用分」：这句没有收进去。每句以半角的“- ”开头，和上一句对齐。"
    for command in ("check", "run"):
        done = run(command)
        assert done.returncode == 1, done
        assert [line for line in done.stdout.splitlines() if line.startswith("data/")] == [told], done
        assert "Traceback" not in done.stdout + done.stderr, done
    assert not list((root / "models").glob("*"))
