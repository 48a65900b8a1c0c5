"""What is said to a resident when the city answers with an error: each error has its own plain sentence."""

from __future__ import annotations

from actions.city import errors
from actions.conversation.speech import spoken_time, spoken_wait
from actions.conversation.turn import Turn


def explain(turn: Turn, error: errors.CityError, again: str | None = None) -> None:
    """Say `error` in plain words; a no that no handler has words for is said to be one, what is not known better to be
    a passing fault; never a trace.

    Args:
        turn: whose resident is told.
        error: what the city, or the payment provider, answered.
        again: the payload of a button that tries the same once more, offered where that can help.
    """
    if isinstance(error, errors.InMaintenance):
        turn.say("utter_city_maintenance", until=spoken_time(error.until) if error.until else "稍后")
    elif isinstance(error, errors.NotConnected):
        turn.say("utter_service_not_connected")
    elif isinstance(error, errors.IdentityMismatch):
        turn.say("utter_identity_mismatch")
    elif isinstance(error, errors.TooOften):
        response = "utter_too_many_look_ups" if error.what else "utter_too_many_identity_checks"
        turn.say(response, what=error.what, wait=spoken_wait(error.seconds))
    elif isinstance(error, errors.TooManyTries):
        turn.say("utter_city_too_many", wait=spoken_wait(error.retry_after))
    elif isinstance(error, (errors.Refused, errors.Invalid, errors.NotFound, errors.Conflict)):
        # The city has answered: it is no outage, and the same once more would get the same answer.
        turn.say("utter_city_refused")
    else:
        turn.offer("utter_city_unavailable", [("再试一次", again)] if again else [])
