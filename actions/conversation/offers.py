"""A yes to an offer that rules or stories made: it is the press of the button that stood under it."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.courtesy import start_again
from actions.conversation.task import Task, task_for_intent
from actions.conversation.turn import Turn


class TakeOffer(Action):
    """Starts the task of the button that was offered last, with what the button says. No yes to a quote is given by it."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_take_offer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Start it; where none or several were offered just be polite."""
        turn = Turn(dispatcher, tracker)
        offers = [offer for button in turn.buttons_offered() if (offer := task_of(str(button.get("payload"))))]
        if len(offers) != 1 or turn.requested is not None:
            turn.say("utter_affirm")
            return turn.events
        task, slots = offers[0]
        return [*start_again(turn, task, slots), FollowupAction(task.form())]


def task_of(payload: str) -> tuple[type[Task], dict[str, Any]] | None:
    """The task that a button starts, and what it says to it; None where it starts none.

    Args:
        payload: the button's, as `turn.payload` writes it.
    """
    intent, brace, rest = payload.removeprefix("/").partition("{")
    task = task_for_intent(intent.strip())
    if task is None:
        return None
    try:
        said = json.loads(brace + rest) if brace else {}
    except ValueError:
        return None
    return task, {slot: value for slot, value in said.items() if slot in task.hears}
