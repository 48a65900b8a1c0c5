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
        {"events": [{}]},
        {"events": [{"event": "no such kind"}]},
        {"events": [{"event": "slot", "name": 3, "value": None}]},
        {"events": [{"event": "slot", "name": "city", "value": 3}, {"event": "slot", "name": None, "value": 3}]},
        {"events": [{"event": "action", "name": "a", "confidence": "sure"}]},
        {"events": [{"event": "slot", "name": "a", "value": 1, "timestamp": "now"}]},
        {"events": [{"event": "slot", "name": "a", "value": 1, "metadata": []}]},
        {"events": [{"event": "action", "name": "a", "hide_rule_turn": 1}]},
        {"events": [{"event": "user", "text": "x", "parse_data": {"entities": [{"start": 0}]}}]},
        {"events": [{"event": "entities", "entities": [{"entity": "city"}]}]},
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
        {"events": [{"event": "slot", "name": "quote", "value": value} for value in (None, 3, {"a": [1]}, [2])]},
        {"events": [{"event": "user", "text": None, "parse_data": {"entities": [{"entity": "city", "value": 1}]}}]},
        {"events": [{"event": "active_loop", "name": None}, {"event": "bot", "data": {"buttons": []}}]},
    ],
)
def test_what_rasa_takes_is_taken(answer: dict[str, Any]) -> None:
    assert BEFORE(ACTION, answer) is True
    assert action_answers.validate_action_result(ACTION, answer) is True


def test_after_a_right_event_a_wrong_one_of_its_kind_is_refused() -> None:
    for _ in range(2):
        assert action_answers.validate_action_result(ACTION, {"events": [{"event": "slot", "name": "a", "value": 1}]})
        with pytest.raises(jsonschema.ValidationError):
            action_answers.validate_action_result(ACTION, {"events": [{"event": "slot", "name": 1, "value": 1}]})


def test_of_plain_values_the_schema_asks_the_type_alone() -> None:
    """Else an event may not be taken because one with fields of the same types was right."""
    items = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    assert items.keys() == {"type", "properties", "required", "oneOf"}
    for kind in [items, *items["oneOf"]]:
        assert kind.keys() <= {"type", "properties", "required", "oneOf"}
        for name, asked in kind["properties"].items():
            by_type = asked.keys() <= {"type"}
            assert by_type or (name == "event" and asked.keys() == {"const"}) or asked["type"] in ("object", "array")
        assert {name: asked for name, asked in kind["properties"].items() if name == "value" and asked} == {}
    names = [kind["properties"]["event"]["const"] for kind in items["oneOf"]]
    assert len(set(names)) == len(names)


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
