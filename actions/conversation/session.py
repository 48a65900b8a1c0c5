"""Coming back after a while: what a new session keeps, and what it forgets.

| kept | forgotten |
| --- | --- |
| the city, and what manifests list under `remembers`: accounts, plates | amounts and offers that were read out, yeses, choices: the city is asked anew |
| the name of the task that was open, offered as a button | name, ID number, telephone: told again when they are needed |
| which orders were handed out here, so that they can be cancelled; that it was said what an ID number is for | |
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from actions import context
from actions.conversation import signed
from actions.conversation.cities import city_facts
from actions.conversation.privacy import TOLD
from actions.conversation.task import task_for_form
from actions.conversation.turn import Turn, payload
from manifests import CityManifest, places, services

CHANNEL_SAYS = "session_started_metadata"
"""The slot in which Rasa keeps, until the session has started, what the channel itself knows: {"city_code": …}."""


class StartSession(Action):
    """Rasa runs this before the first message of a conversation and after an hour of silence."""

    def name(self) -> str:
        """The name Rasa knows the start of a session by."""
        return "action_session_start"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Start the session with what is kept, and offer the task that was left open."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form((tracker.active_loop or {}).get("name"))
        if open_task is not None:
            turn.offer("utter_unfinished_task", [("接着办", payload(open_task.intent))], task=open_task.title)
        remembered = [slot for service in services() for slot in service.remembers]
        known = turn.tracker.slots if turn.slot("things_of") is None else turn.slot("own_things") or {}
        kept: dict[str, Any] = {slot: known[slot] for slot in remembered if known.get(slot) is not None}
        kept |= {slot: value for slot, value in city_facts(city_of(turn)).items() if value is not None}
        kept |= {slot: turn.slot(slot) for slot in (signed.HANDED_OUT, TOLD) if turn.slot(slot)}
        kept["visit"] = "returning" if has_been_here(tracker) else "first"
        return [SessionStarted(), *(SlotSet(*known) for known in kept.items()), ActionExecuted(ACTION_LISTEN_NAME)]


def has_been_here(tracker: Tracker) -> bool:
    """Whether the resident has said anything in an earlier session."""
    return any(event.get("event") == "user" for event in tracker.events)


def city_of(turn: Turn) -> CityManifest | None:
    """The city the resident is served in: the one before, else the channel's, else the setting's; None: to be asked."""
    channel = turn.slot(CHANNEL_SAYS) or {}
    said = channel.get("city_code") if isinstance(channel, dict) else None
    for code in (turn.city_code, str(said or ""), context.current().settings.default_city):
        city = places().city(code) if code else None
        if city is not None:
            return city
    return None
