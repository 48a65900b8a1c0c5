"""Somebody else takes over the same conversation (下一位): it begins anew, without the last one's names and numbers."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.menu import menu_buttons
from actions.conversation.task import REQUESTED_SLOT, task_for_form
from actions.conversation.turn import Turn
from actions.conversation.whose import keep_apart


class NextPerson(Action):
    """Forgets what belongs to the last person, the task that was open included, and asks the next one what to do."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_next_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Begin anew."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form((tracker.active_loop or {}).get("name"))
        if open_task is not None:
            turn.forget(*open_task.slots())
            turn.events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        keep_apart(turn)
        turn.offer("utter_next_person", menu_buttons(turn))
        return turn.events
