"""Each error of the city has its sentence: an outage is tried again, a no is not told as one."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.city import (
    Conflict,
    IdentityMismatch,
    InMaintenance,
    Invalid,
    NotConnected,
    NotFound,
    Refused,
    TooManyTries,
    Unavailable,
)
from actions.conversation.errors import explain
from actions.conversation.turn import Turn
from tests.actions.conversation.trackers import heard, said


@pytest.mark.parametrize(
    ("error", "response", "tried_again"),
    [
        (Unavailable(), "utter_city_unavailable", True),
        (InMaintenance(), "utter_city_maintenance", False),
        (NotConnected(), "utter_service_not_connected", False),
        (IdentityMismatch(), "utter_identity_mismatch", False),
        (Refused("x"), "utter_city_refused", False),
        (TooManyTries("x", 61), "utter_city_too_many", False),
        (TooManyTries("x"), "utter_city_too_many", False),
        (Invalid("x"), "utter_city_refused", False),
        (NotFound("x"), "utter_city_refused", False),
        (Conflict("x"), "utter_city_refused", False),
    ],
)
def test_what_is_said(error, response, tried_again):
    dispatcher = CollectingDispatcher()
    explain(Turn(dispatcher, heard("inform", "")), error, again="/pay")
    assert said(dispatcher) == [response]
    if isinstance(error, TooManyTries):
        assert dispatcher.messages[0]["wait"] == ("2 分钟" if error.retry_after else "一会儿")
    assert [button["title"] for button in dispatcher.messages[0]["buttons"]] == (["再试一次"] if tried_again else [])
