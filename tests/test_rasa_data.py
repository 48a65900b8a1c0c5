"""Rasa's own validation and story tests, and that words, actions and code agree with one another."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
DOMAIN_FILES = [ROOT / "domain.yml", *sorted((ROOT / "data" / "domain").glob("*.yml"))]
RULES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "data" / "stories").glob("*.yml"))
CODE = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "actions").rglob("*.py"))


def declared(section):
    """Everything that the domain files declare under `section`: name → what is declared."""
    found = {}
    for path in DOMAIN_FILES:
        entries = yaml.safe_load(path.read_text(encoding="utf-8")).get(section) or {}
        found.update(
            entries if isinstance(entries, dict) else {next(iter(e)) if isinstance(e, dict) else e: e for e in entries}
        )
    return found


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


def test_every_response_that_the_code_speaks_is_declared():
    spoken = set(re.findall(r'"(utter_\w+)"', CODE))
    assert spoken <= set(declared("responses"))


def test_every_declared_response_is_spoken_somewhere():
    asked = {
        name for name in declared("responses") if name.startswith(("utter_ask_", "utter_explain_", "utter_unclear_"))
    }
    unused = {name for name in declared("responses") if name not in CODE and name not in RULES} - asked
    assert unused == {"utter_default"}  # spoken by Rasa's own fallback


def test_every_slot_a_form_requires_has_a_question():
    for form, entry in declared("forms").items():
        for slot in entry["required_slots"]:
            ways = {f"utter_ask_{form}_{slot}", f"action_ask_{form}_{slot}", f"utter_ask_{slot}"}
            assert ways & (set(declared("responses")) | set(declared("actions"))), (form, slot)


def test_every_declared_action_is_implemented():
    from rasa_sdk.executor import ActionExecutor

    executor = ActionExecutor()
    executor.register_package("actions")
    assert set(declared("actions")) == set(executor.actions)


@pytest.mark.parametrize("path", DOMAIN_FILES, ids=lambda path: path.name)
def test_no_placeholder_is_misspelt(path):
    known = set(declared("slots")) | set(re.findall(r"(\w+)=", CODE)) | set(re.findall(r'"(\w+)": ', CODE))
    for name, variants in (yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {}).items():
        for variant in variants:
            assert set(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", variant["text"])) <= known, name
