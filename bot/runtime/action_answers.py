"""Checks what the action server answers against the same schema as Rasa, in a hundredth of the time.

`rasa.core.actions.action.RemoteAction._validate_action_result` calls `jsonschema.validate`, which first proves that the
schema itself is a schema: 40 ms an action, three quarters of a turn. The schema is Rasa's own and never changes while
the process runs. It also tries each event against all 23 kinds of event; here it is held to its own kind, and one whose
fields are of the same types as those of an event that was right is not looked at again.
"""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction

PLAIN = (str, int, float, bool, type(None))
"""Types of which the schema asks nothing but the type (`test_action_answers` holds Rasa's schema to that)."""

MOST_REMEMBERED = 1000

Shape = tuple[Any, ...]

_right: set[Shape] = set()


def install() -> None:
    """Put our check into Rasa's class for custom actions; safe to call again."""
    RemoteAction._validate_action_result = validate_action_result


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Check one answer.

    Raises:
        jsonschema.ValidationError: the answer is not of Rasa's form; the message names the action.
    """
    if _is_right(result):
        return True
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += f". The action server's answer to '{action.name()}' is not of the form Rasa expects"
        raise error
    return True


def _is_right(result: Any) -> bool:
    """Tell whether an answer is certainly of Rasa's form; False where a closer look is needed."""
    if not isinstance(result, dict):
        return False
    events, responses = result.get("events", []), result.get("responses", [])
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(one, dict) for one in responses) and all(map(_is_right_event, events))


def _is_right_event(event: Any) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("event"), str):
        return False
    shape = (event["event"], *((name, type(value)) for name, value in event.items()))
    if shape in _right:
        return True
    kind = _kinds().get(event["event"])
    if kind is None or not kind.is_valid(event):
        return False
    # Of a slot's value, whatever it is made of, the schema asks nothing.
    plain = all(isinstance(value, PLAIN) or name in ("value", "metadata") for name, value in event.items())
    if plain and len(_right) < MOST_REMEMBERED:
        _right.add(shape)
    return True


@cache
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema, default=Draft202012Validator)
    kind.check_schema(schema)
    made: Validator = kind(schema)
    return made


@cache
def _kinds() -> dict[str, Validator]:
    """A validator for each kind of event, by its name."""
    schema = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    kind = validator_for(schema, default=Draft202012Validator)
    return {one["properties"]["event"]["const"]: kind({**schema, "oneOf": [one]}) for one in schema["oneOf"]}
