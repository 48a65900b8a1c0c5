"""Rasa's own validation and story tests, and that words, actions and code agree with one another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.dialogue.importer import ServiceImporter

ROOT = Path(__file__).resolve().parents[1]
RULES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "stories").glob("*.yml"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").rglob("*.py"))
FILLED_FROM_THE_CITY = {"city", "hotline", "offered", "account_form", "account_stands_on", "plate_example"}


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


def test_every_response_that_the_code_speaks_is_declared(domain):
    spoken = set(re.findall(r'"(utter_\w+)"', CODE))
    assert spoken <= set(domain.responses)


def test_every_declared_response_is_spoken_somewhere(domain):
    asked = {name for name in domain.responses if name.startswith(("utter_ask_", "utter_explain_", "utter_unclear_"))}
    unused = {name for name in domain.responses if name not in CODE and name not in RULES} - asked
    # The first is spoken by Rasa's own fallback, the second by an action that the action server brings.
    assert unused <= {"utter_default", "utter_greet"}


def test_every_slot_a_form_requires_has_a_question(domain):
    for form, entry in domain.forms.items():
        for slot in entry["required_slots"]:
            ways = {f"utter_ask_{form}_{slot}", f"action_ask_{form}_{slot}", f"utter_ask_{slot}"}
            assert ways & (set(domain.responses) | set(domain.user_actions)), (form, slot)


def test_every_implemented_action_is_declared(domain):
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(executor.actions) <= set(domain.user_actions)


def test_no_placeholder_is_misspelt(domain):
    known = {slot.name for slot in domain.slots} | set(re.findall(r"(\w+)=", CODE)) | FILLED_FROM_THE_CITY
    known |= set(re.findall(r'"(\w+)": ', CODE))
    for name, variants in domain.responses.items():
        for variant in variants:
            assert set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", variant["text"])) <= known, name
