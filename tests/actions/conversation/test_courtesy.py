"""What happens around the tasks, against trackers."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.courtesy import AnswerOutOfScope, FollowYes, OfferChoices, TakeNote
from actions.services.traffic import QueryTrafficViolation, QueryViolationDetails
from actions.services.utility_bills import QueryUtilityBill
from tests.actions.conversation.trackers import heard, said, slots_set

DOMAIN = {"responses": {"utter_unclear_account_number": []}}
BILL = {"intent": QueryUtilityBill.intent, "slots": {"bill_type": "water", "account_number": "3301234567"}}


async def run(action, tracker):
    """Run `action`; its events and what was said."""
    dispatcher = CollectingDispatcher()
    return await action().run(dispatcher, tracker, DOMAIN), dispatcher


async def test_what_is_told_outside_a_task_is_noted_and_offered():
    events, dispatcher = await run(TakeNote, heard("inform", "浙A12345", ("plate_number", "浙A12345")))
    assert said(dispatcher) == ["utter_what_to_do_with_it"]
    assert slots_set(events)["noted"] == {"plate_number": "浙A12345"}


AWAITING = {
    "intent": QueryViolationDetails.intent,
    "slots": {"plate_number": "浙A12345"},
    "awaits": ["engine_number", "person_name", "id_number"],
}


@pytest.mark.parametrize("action", [TakeNote, OfferChoices, AnswerOutOfScope])
@pytest.mark.parametrize(
    ("text", "entities", "slots"),
    [
        ("发动机号后六位A12345", [("engine_number", "A12345")], {"engine_number": "A12345"}),
        ("123456", [("account_number", "123456")], {"engine_number": "123456"}),
        ("我叫王小明", [("person_name", "王小明")], {"person_name": "王小明"}),
    ],
)
async def test_what_an_offer_asked_to_be_told_starts_it(action, text, entities, slots):
    events, dispatcher = await run(action, heard("inform", text, *entities, slots={"follow_up": AWAITING}))
    assert said(dispatcher) == []
    assert events[-1]["name"] == QueryViolationDetails.form()
    assert {"plate_number": "浙A12345", **slots}.items() <= slots_set(events).items()


async def test_what_was_not_asked_for_starts_no_offer():
    events, dispatcher = await run(
        TakeNote, heard("inform", "3301234567", slots={"follow_up": {**AWAITING, "awaits": []}})
    )
    assert said(dispatcher) == ["utter_ask_task"]
    assert events[-1].get("name") != QueryViolationDetails.form()


async def test_a_secret_is_not_noted():
    events, dispatcher = await run(TakeNote, heard("inform", "发动机号A12345", ("engine_number", "A12345")))
    assert said(dispatcher) == ["utter_ask_task"]
    assert "A12345" not in str(events) + str(dispatcher.messages)


async def test_who_somebody_is_is_noted_though_it_starts_nothing():
    events, dispatcher = await run(TakeNote, heard("inform", "我叫王小明", ("person_name", "王小明")))
    assert said(dispatcher) == ["utter_ask_task"]
    assert slots_set(events)["noted"] == {"person_name": "王小明"}


async def test_inside_a_task_it_is_said_what_the_question_needs():
    _, dispatcher = await run(TakeNote, heard("inform", "9点", form="x_form", requested="account_number"))
    assert said(dispatcher) == ["utter_unclear_account_number"]
    _, dispatcher = await run(OfferChoices, heard("nlu_fallback", "?", form="x_form", requested="date"))
    assert said(dispatcher) == ["utter_unclear"]


@pytest.mark.parametrize(
    ("text", "entities", "slots"),
    [
        ("再查一次", [], {"bill_type": "water", "account_number": "3301234567"}),
        ("不对，是电费", [("bill_type", "electricity")], {"bill_type": "electricity"}),
        ("户号错了，是3307654321", [("account_number", "3307654321")], {"account_number": "3307654321"}),
    ],
)
async def test_the_last_task_is_done_again_or_corrected(text, entities, slots):
    events, _ = await run(TakeNote, heard("inform", text, *entities, slots={"last_task": BILL}))
    assert events[-1]["name"] == QueryUtilityBill.form()
    assert slots.items() <= slots_set(events).items()
    if "bill_type" in slots and slots["bill_type"] == "electricity":
        assert "account_number" not in slots_set(events)


async def test_a_yes_follows_what_was_read_out_but_not_inside_a_task():
    slots = {"follow_up": {"intent": QueryTrafficViolation.intent, "slots": {"plate_number": "浙A12345"}}}
    events, _ = await run(FollowYes, heard("affirm", "好", slots=slots))
    assert events[-1]["name"] == QueryTrafficViolation.form()
    assert slots_set(events)["plate_number"] == "浙A12345"
    _, dispatcher = await run(FollowYes, heard("affirm", "好", slots=slots, form="x_form", requested="date"))
    assert said(dispatcher) == ["utter_unclear"]


@pytest.mark.parametrize(
    ("between", "response"),
    [
        ([], None),
        (["谢谢"], "utter_nothing_to_confirm"),
        (["谢谢", "再见"], "utter_nothing_to_confirm"),
    ],
)
async def test_a_yes_follows_only_what_was_just_read_out(between, response):
    follow_up = {"intent": QueryTrafficViolation.intent, "slots": {"plate_number": "浙A12345"}}
    tracker = heard("affirm", "好的")
    yes = tracker.events[-1]
    past = [{"event": "user", "text": "查违章"}, {"event": "slot", "name": "follow_up", "value": follow_up}]
    tracker.events = [*past, *({"event": "user", "text": text} for text in between), yes]
    tracker.slots["follow_up"] = follow_up
    events, dispatcher = await run(FollowYes, tracker)
    assert said(dispatcher) == ([response] if response else [])
    assert [event.get("name") for event in events if event["event"] == "followup"] == (
        [] if response else [QueryTrafficViolation.form()]
    )


async def test_a_yes_with_nothing_offered_is_told_that_nothing_waits_for_it():
    events, dispatcher = await run(FollowYes, heard("affirm", "好的"))
    assert (events, said(dispatcher)) == ([], ["utter_nothing_to_confirm"])


@pytest.mark.parametrize(
    ("text", "requested", "response"),
    [
        ("水果多少钱一斤", None, "utter_out_of_scope"),
        ("收款方是谁", "confirmation", "utter_read_again"),
        ("今天天气", "account_number", "utter_not_answered"),
        ("33012345678901234", "account_number", "utter_unclear_account_number"),
    ],
)
async def test_what_is_not_ours(text, requested, response):
    tracker = heard("out_of_scope", text, form="pay_utility_bill_form" if requested else None, requested=requested)
    _, dispatcher = await run(AnswerOutOfScope, tracker)
    assert said(dispatcher) == [response]
