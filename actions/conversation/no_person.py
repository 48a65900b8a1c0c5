"""No person is wanted after all: what waits for one is taken off the staff's list, and the open task stays as it is."""

from __future__ import annotations

import asyncio

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.conversation.turn import Turn
from actions.ledger import HandOver
from actions.ledger.hand_overs import CLOSED, MESSAGES, WAITING, NotToBeMoved

log = structlog.get_logger(__name__)

RESIDENT = "居民本人"
"""Who is noted to have closed it."""


def asked_for(found: list[HandOver]) -> list[HandOver]:
    """Those of a conversation's hand-overs by which a person was asked for; what was submitted stands among them too."""
    return [one for one in found if isinstance(one.conversation, dict) and MESSAGES in one.conversation]


class CallOffPerson(Action):
    """不用人工了: nobody is called, and whoever was called for need not come."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_call_off_person"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Close the hand-over that waits; one that somebody has taken stays theirs, and that is said."""
        turn = Turn(dispatcher, tracker)
        ledger = context.current().ledger
        try:
            waiting = asked_for(await asyncio.to_thread(ledger.hand_overs, turn.conversation_id, WAITING))
            for one in waiting:
                await asyncio.to_thread(ledger.move_hand_over, one.hand_over_id, CLOSED, RESIDENT)
        except NotToBeMoved:
            turn.say("utter_person_has_taken_it")
        except SQLAlchemyError:
            log.exception("hand_over_not_closed")
            turn.say("utter_person_not_called_off")
        else:
            turn.say("utter_person_called_off" if waiting else "utter_no_person_called")
        return turn.events
