"""A yes to an offer that rules or stories made: it is the press of the button that stood under it."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.beginning import start_again
from actions.conversation.courtesy import say_unclear
from actions.conversation.task import task_of
from actions.conversation.turn import Turn


class TakeOffer(Action):
    """Starts the task of the button that was offered last, with what the button says. No yes to a quote is given by it."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_take_offer"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Start it; where none was offered say that nothing waits for a yes, where several were, that one is to be chosen."""
        turn = Turn(dispatcher, tracker)
        offers = [offer for button in turn.buttons_offered() if (offer := task_of(str(button.get("payload"))))]
        if turn.requested is not None:
            say_unclear(turn, domain)
            return turn.events
        if len(offers) != 1:
            turn.say("utter_choose_one" if offers else "utter_nothing_to_confirm")
            return turn.events
        task, slots = offers[0]
        return [*start_again(turn, task, slots), FollowupAction(task.form())]
