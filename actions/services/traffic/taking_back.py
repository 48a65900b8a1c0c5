"""What was accepted is to be undone, though nothing was accepted in this conversation."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.switching import CancelTask
from actions.conversation.turn import Turn


class TakeBack(Action):
    """In the middle of a task it is that task which is given up; else it is said that nothing was accepted here."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_take_back"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Give the open task up, or say what can be done about an acceptance of another day."""
        if tracker.active_loop:
            events: list[EventType] = await CancelTask().run(dispatcher, tracker, domain)
            return events
        Turn(dispatcher, tracker).say("utter_nothing_taken_back")
        return []
