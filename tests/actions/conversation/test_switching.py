"""A task left for another waits with what it knew, and is brought back by name."""

from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services
from actions.conversation.session import StartSession
from actions.conversation.switching import CancelTask, LeaveTask, ResumeTask
from actions.services.credit import QueryCreditScore
from tests.actions.conversation.trackers import heard, said, slots_set

PAY, QUERY = "pay_utility_bill_form", "query_traffic_violation_form"


async def run(action, tracker):
    """Run `action`; its events and what was said."""
    dispatcher = CollectingDispatcher()
    events = await action().run(dispatcher, tracker, {})
    return events, dispatcher


async def test_the_open_task_waits_as_it_stood_before_the_message():
    slots = {"bill_type": "water", "account_number": "3301234567", "confirmation": None}
    tracker = heard(
        "query_utility_bill", "查电费", ("bill_type", "electricity"), slots=slots, form=PAY, requested="confirmation"
    )
    events, _ = await run(LeaveTask, tracker)
    (waiting,) = slots_set(events)["waiting_tasks"]
    assert waiting["form"] == PAY
    assert waiting["slots"] == {"bill_type": "water", "account_number": "3301234567"}
    assert {"event": "active_loop", "timestamp": None, "name": None} in events
    assert slots_set(events)["account_number"] is None


async def test_a_yes_does_not_wait_with_its_task():
    slots = {"bill_type": "water", "confirmation": True, "quote": {"basis": []}}
    events, _ = await run(LeaveTask, heard("query_traffic_violation", slots=slots, form=PAY))
    assert "confirmation" not in slots_set(events)["waiting_tasks"][0]["slots"]


async def test_the_same_task_is_not_left():
    events, _ = await run(LeaveTask, heard("pay_utility_bill", slots={"bill_type": "water"}, form=PAY))
    assert events == []


async def test_what_a_failed_turn_left_behind_is_no_quote_of_today():
    events, _ = await run(LeaveTask, heard("pay_utility_bill", slots={"quote": {"basis": []}, "confirmation": True}))
    assert slots_set(events) == {"quote": None, "confirmation": None}


async def test_the_second_request_of_a_message_waits_for_the_first():
    tracker = heard("query_utility_bill", "查水费，再看看违章", ("second_intent", "query_traffic_violation"))
    events, _ = await run(LeaveTask, tracker)
    assert [entry["form"] for entry in slots_set(events)["waiting_tasks"]] == [QUERY]


async def test_all_further_requests_wait_in_the_order_said_with_what_only_they_hear():
    words = [("second_intent", "pay_utility_bill"), ("bill_type", "water"), ("second_intent", "query_credit_score")]
    events, _ = await run(LeaveTask, heard("query_traffic_violation", "查违章、交水费、再看看信用分", *words))
    assert slots_set(events)["waiting_tasks"] == [
        {"form": QueryCreditScore.form(), "slots": {}, "first_time": True},
        {"form": PAY, "slots": {"bill_type": "water"}, "first_time": True},
    ]


async def test_it_is_resumed_by_name_with_what_it_knew():
    waiting = [{"form": PAY, "slots": {"bill_type": "water"}, "first_time": False}]
    events, dispatcher = await run(ResumeTask, heard("inform", slots={"waiting_tasks": waiting}))
    assert said(dispatcher) == ["utter_resume_task"]
    assert slots_set(events) == {"waiting_tasks": None, "bill_type": "water"}
    assert events[-1]["event"] == "followup"
    assert events[-1]["name"] == PAY


async def test_with_nothing_waiting_nothing_is_said():
    events, dispatcher = await run(ResumeTask, heard("inform"))
    assert (events, dispatcher.messages) == ([], [])


async def test_a_form_that_is_gone_is_passed_over():
    waiting = [{"form": "gone_form", "slots": {}}]
    events, dispatcher = await run(ResumeTask, heard("inform", slots={"waiting_tasks": waiting}))
    assert (events, dispatcher.messages) == ([], [])


async def test_cancelling_forgets_the_task_and_says_which():
    events, dispatcher = await run(CancelTask, heard("deny", slots={"bill_type": "water"}, form=PAY))
    assert said(dispatcher) == ["utter_task_cancelled"]
    assert slots_set(events) == {"bill_type": None, "requested_slot": None}


def order(state="awaiting_payment"):
    """A payment order as the ledger gives it."""
    values = {
        "subject": "水费",
        "amount": Decimal("45.60"),
        "payee": "水务",
        "receipt_number": "R1",
        "trade_number": "T1",
    }
    return SimpleNamespace(state=state, cashier_url="http://127.0.0.1/cashier/t", **values)


async def cancel(text, *orders, given_up="closed"):
    """Say a no with no task open while `orders` wait; what was said, and the payments that were asked."""
    payments = SimpleNamespace(
        open_orders=AsyncMock(return_value=list(orders)), give_up=AsyncMock(return_value=order(given_up))
    )
    services = Services(cities=MagicMock(), payments=payments, ledger=MagicMock(), settings=MagicMock())
    with context.use(services):
        _, dispatcher = await run(CancelTask, heard("deny", text))
    return said(dispatcher), payments


async def test_cancelling_nothing_is_said():
    assert (await cancel("算了"))[0] == ["utter_nothing_to_cancel"]


async def test_a_no_after_the_link_says_that_the_payment_waits():
    spoken, payments = await cancel("不用了", order())
    assert spoken == ["utter_payment_waits"]
    payments.give_up.assert_not_awaited()


@pytest.mark.parametrize(
    ("became", "response"), [("closed", "utter_payment_closed"), ("settled", "utter_payment_settled")]
)
async def test_a_no_to_paying_closes_the_order_unless_it_was_paid_meanwhile(became, response):
    spoken, payments = await cancel("不想付了", order(), given_up=became)
    assert spoken == [response]
    payments.give_up.assert_awaited_once_with("T1")


async def test_a_new_session_keeps_the_accounts_and_forgets_quotes_yeses_and_people():
    slots = {
        "known_accounts": {"water": "3301234567"},
        "quote": {"basis": []},
        "confirmation": True,
        "id_number": "330102199003071230",
        "bill_type": "water",
    }
    settings = SimpleNamespace(default_city="")
    with context.use(Services(cities=MagicMock(), payments=MagicMock(), ledger=MagicMock(), settings=settings)):
        events, dispatcher = await run(StartSession, heard("greet", slots=slots, form=PAY))
    kept = slots_set(events)
    assert {name: kept[name] for name in ("city", "city_code", "known_accounts", "plate_example")} == {
        "city": "杭州",
        "city_code": "330100",
        "known_accounts": {"water": "3301234567"},
        "plate_example": "浙A12345",
    }
    assert not {"quote", "confirmation", "id_number", "bill_type"} & set(kept)
    assert said(dispatcher) == ["utter_unfinished_task"]
    assert events[0]["event"] == "session_started"
    assert events[-1]["name"] == "action_listen"
