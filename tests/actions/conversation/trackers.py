"""Trackers as Rasa sends them to the action server, built from what was said: for the tests."""

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher


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
