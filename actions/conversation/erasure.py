"""A resident wants to have erased what is kept of them, or to know what is: told, asked once for a yes, and then done.

The conversation is the assistant's, which erases it when it finds ERASE set, before it says that it has
(bot/conversations/erasing.py). Here goes what the ledger has of it: what was said in hand-overs. Orders stay, and cases.
"""

from __future__ import annotations

import asyncio
import re
from datetime import datetime

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.conversation import signed
from actions.conversation.speech import CITY_TIME, yuan
from actions.conversation.switching import UNPAID, leave
from actions.conversation.task import task_for_form
from actions.conversation.turn import Turn
from actions.conversation.which_order import good_until
from actions.conversation.yes import is_plain_yes

ERASE = "erase_conversation"
"""The slot; the assistant knows it by the same name (`bot.conversations.erasing.ERASE`)."""

VERBS = "删除|删掉|删了|删|清除|清掉|清空|抹掉"
_WANTS = re.compile(r"删|清|注销|销毁|抹|忘|(?:别|不要|不想|不许|停止)[^，。]{0,6}(?:存|留|记)|撤回")
_ASKS = re.compile(r"[?？吗么]|怎|如何|什么|哪|多久|多长|会不会|能不|可不可以|是不是|有没有|安全")
_REFUSES = re.compile(r"(?:不|别)(?:要|用|想|必|能|再)?(?:删|清|抹|注销)")

log = structlog.stdlib.get_logger(__name__)


class OfferErasure(Action):
    """Says what is kept and what would be erased, and asks for a yes; a question is only answered."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_offer_erasure"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Explain, ask, or take 删吧 for the yes that it is; an open task waits meanwhile, lest a yes be meant for it."""
        turn = Turn(dispatcher, tracker)
        if turn.requested is None and signed.asked_to_erase(turn) and is_plain_yes(turn, VERBS):
            return await answered(turn)
        if not turn.is_button and _REFUSES.search(turn.text):
            turn.say("utter_erasure_declined")
        elif not turn.is_button and (_ASKS.search(turn.text) or not _WANTS.search(turn.text)):
            turn.say("utter_erasure_explained", days=context.current().settings.conversation_days)
        else:
            open_task = task_for_form((tracker.active_loop or {}).get("name"))
            if open_task is not None:
                leave(turn, open_task, turn.slot("things_of"))
            await ask(turn)
        return turn.events


async def ask(turn: Turn) -> None:
    """Say what a yes erases and what it does not, each order that waits for its payment by name, and ask for it."""
    for order in await context.current().payments.open_orders(turn.conversation_id):
        good = good_until(order)
        if order.state == UNPAID and good:
            turn.say("utter_erasure_leaves_order", subject=order.subject, amount=yuan(order.amount), good=good)
    turn.say("utter_ask_erasure")
    signed.ask_to_erase(turn)


async def answered(turn: Turn) -> list[EventType]:
    """After the question: erase where the answer is a plain yes; else ask again."""
    if not is_plain_yes(turn, VERBS):
        await ask(turn)
        return turn.events
    instead = f"居民要求删除，{datetime.now(CITY_TIME):%Y-%m-%d %H:%M}"
    try:
        ledger = context.current().ledger
        await asyncio.to_thread(ledger.forget_hand_overs, turn.conversation_id, instead)
    except SQLAlchemyError:
        log.exception("hand_overs_not_erased")
        turn.say("utter_erasure_failed")
        return turn.events
    turn.set(ERASE, True)
    turn.say("utter_erased")
    return turn.events
