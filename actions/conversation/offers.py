"""A yes to an offer that rules or stories made: it is the press of the button that stood under it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.courtesy import start_again
from actions.conversation.task import task_of
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
