"""Checks what the action server answers against the same schema as Rasa, without checking the schema each time.

`rasa.core.actions.action.RemoteAction._validate_action_result` calls `jsonschema.validate`, which first proves that the
schema itself is a schema: 40 ms an action, three quarters of a turn. The schema is Rasa's own and never changes while
the process runs.
"""

from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import best_match
from jsonschema.protocols import Validator
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def install() -> None:
    """Put our check into Rasa's class for custom actions; safe to call again."""
    RemoteAction._validate_action_result = validate_action_result


def validate_action_result(action: RemoteAction, result: dict[str, Any]) -> bool:
    """Check one answer.

    Raises:
        jsonschema.ValidationError: the answer is not of Rasa's form; the message names the action.
    """
    error = best_match(_validator().iter_errors(result))
    if error is not None:
        error.message += f". The action server's answer to '{action.name()}' is not of the form Rasa expects"
        raise error
    return True


@cache
def _validator() -> Validator:
    schema = RemoteAction.action_response_format_spec()
    kind = validator_for(schema, default=Draft202012Validator)
    kind.check_schema(schema)
    made: Validator = kind(schema)
    return made
