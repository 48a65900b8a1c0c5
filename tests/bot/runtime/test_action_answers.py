"""The action server's answers are held to Rasa's own schema, as Rasa would."""

import inspect
from typing import Any

import jsonschema
import pytest
from rasa.core.actions.action import RemoteAction

from bot.runtime import action_answers

BEFORE = RemoteAction._validate_action_result
ACTION = RemoteAction("action_pay", None)


@pytest.mark.parametrize(
    "answer",
    [
        [],
        None,
        "x",
        {"events": {}},
        {"events": [3]},
        {"events": [{"event": "slot"}]},
        {"events": [{"event": 3}]},
        {"responses": {}},
        {"responses": ["text"]},
    ],
)
def test_what_rasa_refuses_is_refused(answer: Any) -> None:
    with pytest.raises(jsonschema.ValidationError):
        BEFORE(ACTION, answer)
    with pytest.raises(jsonschema.ValidationError, match="action_pay"):
        action_answers.validate_action_result(ACTION, answer)


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"events": [], "responses": []},
        {
            "events": [{"event": "slot", "name": "city", "value": "杭州", "timestamp": None}],
            "responses": [{"text": "好"}],
        },
        {"events": [{"event": "followup", "name": "action_listen"}]},
    ],
)
def test_what_rasa_takes_is_taken(answer: dict[str, Any]) -> None:
    assert BEFORE(ACTION, answer) is True
    assert action_answers.validate_action_result(ACTION, answer) is True


def test_installed_it_is_what_a_remote_action_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RemoteAction, "_validate_action_result", BEFORE)
    action_answers.install()
    assert RemoteAction("action_x", None)._validate_action_result({}) is True
    assert RemoteAction._validate_action_result is action_answers.validate_action_result


def test_rasa_still_checks_the_schema_at_every_answer() -> None:
    """Once Rasa does not, this module can go; where the call moves, it has to follow."""
    assert "validate(result, self.action_response_format_spec())" in inspect.getsource(BEFORE)
    assert "self._validate_action_result(response)" in inspect.getsource(RemoteAction.run)
    assert "cls.check_schema(schema)" in inspect.getsource(jsonschema.validate)
