"""Rasa's own validation and story tests, and that words, actions and code agree with one another."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot import checks
from bot.checks.reading.project import Project
from bot.dialogue.importer import ServiceImporter

ROOT = Path(__file__).resolve().parents[1]
PROJECT = Project(ROOT)


@pytest.fixture(scope="module")
def domain():
    """The project's whole domain."""
    return ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml")).get_domain()


def rasa(*arguments):
    """Run Rasa's command line in this house."""
    command = [sys.executable, "-m", "bot", "rasa", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)  # noqa: S603


def test_rasa_finds_the_data_valid():
    result = rasa("data", "validate")
    assert result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:]


def test_the_stories_go_as_written(trained_model, tmp_path):
    result = rasa("test", "core", "--model", str(trained_model), "--stories", "tests/stories", "--out", str(tmp_path))
    assert result.returncode == 0, result.stderr[-3000:]
    failed = (tmp_path / "failed_test_stories.yml").read_text(encoding="utf-8")
    assert "None of the test stories failed" in failed, failed
    assert "pay_utility_bill_form" in (tmp_path / "story_report.json").read_text(encoding="utf-8")


@pytest.mark.parametrize("check", checks.checks(), ids=lambda check: check.__name__)
def test_a_check_finds_nothing(check):
    assert [str(finding) for finding in check.validate(PROJECT)] == []


def test_every_declared_action_is_implemented(domain):
    from rasa_sdk.executor import ActionExecutor

    from actions.services import load_handlers

    load_handlers()
    executor = ActionExecutor()
    executor.register_package("actions")
    declared = {name for name in domain.as_dict()["actions"] if not name.startswith("utter_ask_")}  # Rasa's own
    assert set(executor.actions) == declared
