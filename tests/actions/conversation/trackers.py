"""Trackers as Rasa sends them to the action server, built from what was said: for the tests."""

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation import signed
from actions.conversation.turn import Turn

QUOTE_KEY = "signs-what-tests-have-read-out-to-nobody"


@pytest.fixture(autouse=True)
def quote_key(monkeypatch):
    """The key that signs quotes, also where a test has set no services."""
    monkeypatch.setattr(signed, "_key", lambda: QUOTE_KEY)


def heard(intent, text="", *entities, confidence=1.0, slots=None, form=None, requested=None, events=(), after=()):
    """A tracker whose latest message has `intent` and `entities`: name, value pairs, or as the extractor writes them.

    `events` went before the message, `after` are actions that ran since.
    """
    found = [
        {"entity": one[0], "value": one[1], "start": 0, "end": len(one[1])} if isinstance(one, tuple) else one
        for one in entities
    ]
    message = {"intent": {"name": intent, "confidence": confidence}, "entities": found, "text": text or intent}
    all_slots = {"city_code": "330100", "city": "杭州", **(slots or {}), "requested_slot": requested}
    history = [
        *events,
        *({"event": "slot", "name": name, "value": value} for name, value in all_slots.items()),
        {"event": "action", "name": "action_listen"},
        {"event": "user", "text": message["text"], "parse_data": message},
        *({"event": "action", "name": name} for name in after),
    ]
    return Tracker("test", all_slots, message, history, False, None, {"name": form} if form else {}, "action_listen")


def sign(tracker, task=None):
    """Sign what stands in a tracker as the action server would have: the quote, the question that was asked, the yes said to it.

    Args:
        tracker: the one that is signed, and given back.
        task: whose quote it is; None where only a bare turn reads it.
    """
    slots = tracker.slots
    turn = Turn(CollectingDispatcher(), tracker, task=task.intent if task else "")
    quote = slots.get("quote")
    if quote is not None and signed.SEAL not in quote:
        slots["quote"] = signed.sealed(turn, quote)
    for slot in task.yes_no if task else ():
        if slots.get(slot) is True:
            turn.set(signed.SIGNED_YES, signed._statement(turn, signed.Kind.YES, task, slot, 60))
        elif slots.get("requested_slot") == slot:
            signed.ask(turn, task, slot)
    return tracker


def city(name, **more):
    """A city as the extractor finds it: with its `role`, and `candidates` where the name is read two ways."""
    return {"entity": "city", "value": name, "start": 0, "end": len(name), **more}


NOWHERE = {"city": None, "city_code": None}
"""The slots of a resident who has not said where they are."""


def slots_set(events):
    """The slots that `events` set, the last value of each."""
    return {event["name"]: event["value"] for event in events if event["event"] == "slot"}


def said(dispatcher: CollectingDispatcher):
    """The names of the responses that were spoken."""
    return [message.get("response") for message in dispatcher.messages]
