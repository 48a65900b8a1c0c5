"""A yes to an offer presses its button; with none, or several, nothing is begun."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.offers import TakeOffer
from tests.actions.conversation.trackers import heard, said, slots_set

PAY = '/pay_utility_bill{"bill_type": "electricity", "confirmation": "true"}'


async def take(*payloads, between=(), requested=None):
    """Say yes to what was offered under buttons with these payloads."""
    buttons = [{"title": payload, "payload": payload} for payload in payloads]
    tracker = heard("affirm", "好", requested=requested)
    past = [{"event": "user", "text": "我付好了"}, {"event": "bot", "text": "…", "data": {"buttons": buttons}}]
    tracker.events = [*past, *between, tracker.events[-1]]
    dispatcher = CollectingDispatcher()
    return await TakeOffer().run(dispatcher, tracker, {}), dispatcher


async def test_the_only_task_that_was_offered_is_started():
    events, dispatcher = await take(PAY, "/handoff_human", "/help")
    assert said(dispatcher) == []
    assert events[-1]["name"] == "pay_utility_bill_form"
    assert slots_set(events) == {"bill_type": "electricity"}  # never a yes to a payment


@pytest.mark.parametrize(
    ("payloads", "response"),
    [
        ((), "utter_nothing_to_confirm"),
        (("/help",), "utter_nothing_to_confirm"),
        (("/pay_utility_bill{",), "utter_nothing_to_confirm"),
        (("取消付款",), "utter_nothing_to_confirm"),
        ((PAY, "/query_credit_score"), "utter_choose_one"),
    ],
)
async def test_none_or_several_start_nothing_and_it_is_said(payloads, response):
    events, dispatcher = await take(*payloads)
    assert (events, said(dispatcher)) == ([], [response])


async def test_what_was_offered_before_the_last_answer_is_over():
    between = [{"event": "user", "text": "谢谢"}, {"event": "bot", "text": "不客气"}]
    assert (await take(PAY, between=between))[0] == []


async def test_in_the_middle_of_a_task_nothing_is_started():
    assert (await take(PAY, requested="account_number"))[0] == []
