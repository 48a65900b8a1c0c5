"""A resident wants to have erased what is kept, or asks what is: told, asked once, and done after a plain yes only."""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

import pytest
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.exc import OperationalError

from actions import context
from actions.context import Services
from actions.conversation import signed
from actions.conversation.courtesy import FollowYes
from actions.conversation.erasure import ERASE, OfferErasure
from actions.conversation.speech import CITY_TIME
from actions.conversation.switching import CancelTask
from actions.conversation.turn import Turn
from actions.services.utility_bills import PayUtilityBill
from tests.actions.conversation.trackers import heard, said, slots_set

INTENT = "erase_personal_data"
PAY = PayUtilityBill.form()


def order(state="awaiting_payment", minutes=30):
    """An order whose link is good for so long."""
    until = datetime.now(CITY_TIME) + timedelta(minutes=minutes)
    return SimpleNamespace(state=state, subject="水费", amount=Decimal("45.60"), expires_at=until)


async def run(action, tracker, *orders, error=None):
    """Run `action` while `orders` are open; its events, what was said, and the ledger."""
    payments = SimpleNamespace(open_orders=AsyncMock(return_value=list(orders)))
    ledger = MagicMock()
    ledger.forget_hand_overs = MagicMock(side_effect=error, return_value=0)
    settings = SimpleNamespace(conversation_days=30, default_city="")
    dispatcher = CollectingDispatcher()
    with context.use(Services(cities=MagicMock(), payments=payments, ledger=ledger, settings=settings)):
        events = await action().run(dispatcher, tracker, {})
    return slots_set(events), dispatcher, ledger


def after_the_question(intent, text, **changed):
    """A message right after it was asked whether to erase."""
    asked = Turn(CollectingDispatcher(), heard(INTENT, "删除我的信息"))
    signed.ask_to_erase(asked)
    token = asked.slot(signed.ERASURE_ASKED)
    before = [
        {"event": "user", "text": "删除我的信息", "timestamp": 1},
        {"event": "slot", "name": signed.ERASURE_ASKED, "value": token, "timestamp": 2},
        {"event": "action", "name": "action_listen", "timestamp": 3},
        {"event": "user", "text": text, "timestamp": 4},
    ]
    tracker = heard(intent, text, slots={signed.ERASURE_ASKED: token, **changed})
    tracker.events = before
    return tracker


@pytest.mark.parametrize("text", ["删除我的信息", "把我的身份证号删掉", "别再存我的资料了", "/erase_personal_data"])
async def test_it_is_asked_before_anything_is_erased(text):
    slots, dispatcher, ledger = await run(OfferErasure, heard(INTENT, text))
    assert said(dispatcher) == ["utter_ask_erasure"]
    assert slots[signed.ERASURE_ASKED]
    assert ERASE not in slots
    ledger.forget_hand_overs.assert_not_called()


@pytest.mark.parametrize("text", ["怎么删除我的信息", "你们存了我什么", "能删掉我的资料吗", "查我的信息"])
async def test_a_question_is_answered_and_nothing_else(text):
    slots, dispatcher, ledger = await run(OfferErasure, heard(INTENT, text, form=PAY, requested="account_number"))
    assert [(one["response"], one["days"]) for one in dispatcher.messages] == [("utter_erasure_explained", 30)]
    assert slots == {}
    ledger.forget_hand_overs.assert_not_called()


async def test_an_order_that_can_still_be_paid_is_said_to_stay():
    orders = (order(), order(minutes=-1), order("paid"))
    _, dispatcher, _ = await run(OfferErasure, heard(INTENT, "删除我的信息"), *orders)
    assert said(dispatcher) == ["utter_erasure_leaves_order", "utter_ask_erasure"]
    until = orders[0].expires_at
    assert f"{until:%H:%M}" in dispatcher.messages[0]["good"]


async def test_an_open_task_waits_so_that_a_yes_is_not_meant_for_it():
    slots = {"bill_type": "water", "account_number": "3301234567", "quote": {"basis": []}}
    tracker = heard(INTENT, "删除我的信息", slots=slots, form=PAY, requested="confirmation")
    changed, _, _ = await run(OfferErasure, tracker)
    assert (changed["requested_slot"], changed["quote"]) == (None, None)
    assert [waiting["form"] for waiting in changed["waiting_tasks"]] == [PAY]


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        (FollowYes, "affirm", "确认"),
        (FollowYes, "affirm", "/affirm"),
        (OfferErasure, INTENT, "删吧"),
        (OfferErasure, INTENT, "好，删除"),
    ],
)
async def test_a_plain_yes_erases(action, intent, text):
    slots, dispatcher, ledger = await run(action, after_the_question(intent, text))
    assert slots[ERASE] is True
    assert said(dispatcher) == ["utter_erased"]
    ledger.forget_hand_overs.assert_called_once()


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        (FollowYes, "affirm", "好贵"),
        (FollowYes, "affirm", "好的，不过先等等"),
        (OfferErasure, INTENT, "不要删我的信息"),
        (OfferErasure, INTENT, "删除我的信息"),
        (OfferErasure, INTENT, "删了能恢复吗"),
        (CancelTask, "deny", "不删了"),
        (CancelTask, "deny", "/deny"),
    ],
)
async def test_anything_else_erases_nothing(action, intent, text):
    slots, dispatcher, ledger = await run(action, after_the_question(intent, text))
    assert ERASE not in slots
    assert "utter_erased" not in said(dispatcher)
    ledger.forget_hand_overs.assert_not_called()


async def test_a_no_says_that_nothing_was_erased_and_touches_no_order():
    _, dispatcher, _ = await run(CancelTask, after_the_question("deny", "不删了"), order())
    assert said(dispatcher) == ["utter_erasure_declined"]


@pytest.mark.parametrize("token", [None, "made.up.here", {"for": "ever"}])
async def test_a_yes_to_a_question_that_was_not_put_here_erases_nothing(token):
    tracker = after_the_question("affirm", "确认", **{signed.ERASURE_ASKED: token})
    slots, dispatcher, _ = await run(FollowYes, tracker)
    assert ERASE not in slots
    assert said(dispatcher) == ["utter_nothing_to_confirm"]


async def test_a_yes_two_messages_later_erases_nothing():
    tracker = after_the_question("affirm", "确认")
    tracker.events.insert(3, {"event": "user", "text": "你好", "timestamp": 3.5})
    slots, dispatcher, _ = await run(FollowYes, tracker)
    assert (ERASE in slots, said(dispatcher)) == (False, ["utter_nothing_to_confirm"])


async def test_where_the_ledger_does_not_answer_nothing_is_said_to_be_erased():
    down = OperationalError("", {}, Exception())
    slots, dispatcher, _ = await run(FollowYes, after_the_question("affirm", "确认"), error=down)
    assert ERASE not in slots
    assert said(dispatcher) == ["utter_erasure_failed"]
