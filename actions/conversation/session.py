"""Coming back after a while: what a new session keeps, and what it forgets.

| kept | forgotten |
| --- | --- |
| the city, the account last used for each bill, the plate | amounts and offers that were read out, yeses, choices: the city is asked anew |
| the name of the task that was open, offered as a button | name, ID number, telephone: told again when they are needed |
"""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActionExecuted, EventType, SessionStarted, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.interfaces import ACTION_LISTEN_NAME
from rasa_sdk.types import DomainDict

from actions.conversation.task import task_for_form
from actions.conversation.turn import Turn, payload

KEPT = ("city", "city_code", "known_accounts", "plate_number")


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
        kept = [SlotSet(name, turn.slot(name)) for name in KEPT if turn.slot(name) is not None]
        return [SessionStarted(), *kept, ActionExecuted(ACTION_LISTEN_NAME)]
