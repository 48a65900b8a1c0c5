"""A task left for another waits with what it knew, and is brought back by name."""

from decimal import Decimal
from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services
from actions.conversation import signed
from actions.conversation.session import StartSession
from actions.conversation.switching import CancelTask, LeaveTask, ResumeTask
from actions.conversation.turn import Turn
from actions.conversation.waiting import MOST_TASKS_WAITING
from actions.services.credit import QueryCreditScore
from tests.actions.conversation.trackers import NOWHERE, city, heard, said, slots_set

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


WAITS = {"form": PAY, "slots": {"bill_type": "water", "account_number": "3301234567"}, "first_time": False}


@pytest.mark.parametrize(
    ("said_now", "left"),
    [
        ([("bill_type", "water")], []),
        ([("bill_type", "water"), ("account_number", "3301234567")], []),
        ([("bill_type", "gas")], [WAITS]),
        ([("bill_type", "water"), ("account_number", "3307654321")], [WAITS]),
        ([], [WAITS]),
    ],
)
async def test_what_waits_no_longer_does_when_it_is_begun_anew_with_the_same_words(said_now, left):
    other = {"form": QUERY, "slots": {"bill_type": "water"}, "first_time": True}
    tracker = heard("pay_utility_bill", "交水费", *said_now, slots={"waiting_tasks": [WAITS, other]})
    events, _ = await run(LeaveTask, tracker)
    assert tracker.slots["waiting_tasks"] == [*left, other]
    assert ("waiting_tasks" in slots_set(events)) is not bool(left)


async def test_the_last_that_waited_leaves_nothing_behind():
    tracker = heard("pay_utility_bill", "交水费", ("bill_type", "water"), slots={"waiting_tasks": [WAITS]})
    events, _ = await run(LeaveTask, tracker)
    assert slots_set(events) == {"waiting_tasks": None}


async def test_no_more_than_so_many_wait_and_the_oldest_goes_which_is_said():
    numbers = range(MOST_TASKS_WAITING)
    waiting = [
        {"form": QUERY, "slots": {"plate_number": f"浙A{n:05}"}, "first_time": True, "called": f"浙A{n:05}"}
        for n in numbers
    ]
    slots = {"bill_type": "water", "waiting_tasks": waiting}
    events, dispatcher = await run(LeaveTask, heard("query_credit_score", "查信用分", slots=slots, form=PAY))
    assert slots_set(events)["waiting_tasks"][:-1] == waiting[1:]
    assert slots_set(events)["waiting_tasks"][-1]["form"] == PAY
    (message,) = dispatcher.messages
    assert message["response"] == "utter_no_longer_waiting"
    assert message["task"] == "查交通违法 浙A00000"


class TestCities:
    """A request waits with the city it is for."""

    async def test_of_two_cities_the_second_waits(self):
        told = (city("杭州"), city("嘉兴"), ("bill_type", "water"))
        events, _ = await run(LeaveTask, heard("query_utility_bill", "杭州和嘉兴的水费", *told))
        assert slots_set(events)["waiting_tasks"] == [
            {"form": "query_utility_bill_form", "slots": {"bill_type": "water"}, "first_time": True, "city": ["嘉兴"]}
        ]

    async def test_of_three_the_second_comes_first(self):
        told = (city("杭州"), city("嘉兴"), city("湖州"), ("bill_type", "water"))
        events, _ = await run(LeaveTask, heard("query_utility_bill", "杭州、嘉兴、湖州的水费", *told))
        assert [entry["city"] for entry in slots_set(events)["waiting_tasks"]] == [["湖州"], ["嘉兴"]]

    async def test_a_city_in_passing_waits_for_nothing(self):
        told = (city("北京", role="passing"), city("杭州"), ("bill_type", "water"))
        events, _ = await run(LeaveTask, heard("query_utility_bill", "我在北京，查杭州水费", *told))
        assert slots_set(events) == {}

    async def resume(self, *waiting, **slots):
        """Resume the last of `waiting`; its events and what was said."""
        return await run(ResumeTask, heard("inform", slots={"waiting_tasks": list(waiting), **slots}))

    async def test_it_is_done_there(self):
        events, dispatcher = await self.resume({**WAITS, "first_time": True, "city": ["嘉兴"]})
        assert said(dispatcher) == ["utter_city_switched", "utter_next_task"]
        assert {
            "city": "嘉兴",
            "city_code": "330400",
            "waiting_tasks": None,
            "bill_type": "water",
        }.items() <= slots_set(events).items()
        assert events[-1]["name"] == PAY

    async def test_where_one_is_already_nothing_is_said_of_it(self):
        events, dispatcher = await self.resume({**WAITS, "city": ["杭州"]})
        assert said(dispatcher) == ["utter_resume_task"]
        assert "city" not in slots_set(events)

    async def test_without_a_city_it_is_done_where_one_is(self):
        _, dispatcher = await self.resume(WAITS, city="嘉兴", city_code="330400")
        assert said(dispatcher) == ["utter_resume_task"]

    async def test_one_that_is_not_served_is_said_and_not_done_elsewhere(self):
        before = {"form": QUERY, "slots": {}, "first_time": False}
        events, dispatcher = await self.resume(before, {**WAITS, "city": ["拉萨"]})
        assert said(dispatcher) == ["utter_city_not_served", "utter_resume_task"]
        assert "bill_type" not in slots_set(events)
        assert slots_set(events)["waiting_tasks"] is None
        assert events[-1]["name"] == QUERY

    async def test_nor_asked_for_again(self):
        events, dispatcher = await self.resume({**WAITS, "city": ["拉萨"]})
        assert said(dispatcher) == ["utter_city_not_served"]
        assert slots_set(events) == {"waiting_tasks": None}
        assert [event["event"] for event in events] == ["slot"]

    async def test_a_task_that_is_left_waits_with_its_city(self):
        slots = {"bill_type": "water", "account_number": "3301234567"}
        told = (city("嘉兴"), ("plate_number", "浙F12345"))
        events, _ = await run(LeaveTask, heard("query_traffic_violation", "查嘉兴的违章", *told, slots=slots, form=PAY))
        (waiting,) = slots_set(events)["waiting_tasks"]
        assert (waiting["form"], waiting["city"]) == (PAY, ["杭州"])
        events, dispatcher = await self.resume(waiting, city="嘉兴", city_code="330400")
        assert said(dispatcher) == ["utter_city_switched", "utter_resume_task"]
        assert slots_set(events)["city_code"] == "330100"

    async def test_left_before_the_city_was_known_it_waits_for_any(self):
        events, _ = await run(
            LeaveTask, heard("query_traffic_violation", "查违章", slots={**NOWHERE, "bill_type": "water"}, form=PAY)
        )
        (waiting,) = slots_set(events)["waiting_tasks"]
        assert "city" not in waiting


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
    assert slots_set(events) == {
        "bill_type": None,
        "requested_slot": None,
        "outcome": "left",
        "last_task_done": "pay_utility_bill",
        "last_city_service": "water",
    }


def order(state="awaiting_payment"):
    """A payment order as the ledger gives it."""
    values = {
        "subject": "水费",
        "amount": Decimal("45.60"),
        "payee": "水务",
        "receipt_number": "R1",
        "trade_number": "T1",
        "payment_number": "T1",
    }
    return SimpleNamespace(
        state=state,
        expires_at=None,
        account="3301234567",
        refund_state=None,
        kind="utility_bill",
        city_service="water",
        cashier_url="http://127.0.0.1/cashier/t",
        **values,
    )


def payment(*orders):
    """The payment of some orders."""
    state, total = orders[0].state, sum(one.amount for one in orders)
    return SimpleNamespace(
        number="T1", subject="水费", total=total, payee="水务", state=state, first=orders[0], orders=orders
    )


async def cancel(text, *orders, given_up="closed", handed_out=True):
    """Say a no with no task open while `orders`, of one payment, wait; what was said, and the payments that were asked."""
    payments = SimpleNamespace(
        open_orders=AsyncMock(return_value=list(orders)),
        payment=AsyncMock(return_value=payment(*orders) if orders else None),
        give_up_payment=AsyncMock(return_value=payment(order(given_up))),
    )
    services = Services(cities=MagicMock(), payments=payments, ledger=MagicMock(), settings=MagicMock())
    tracker = heard("deny", text)
    for one in orders if handed_out else ():
        signed.hand_out(Turn(CollectingDispatcher(), tracker), one.trade_number)
    with context.use(services):
        _, dispatcher = await run(CancelTask, tracker)
    return said(dispatcher), payments


async def test_cancelling_nothing_is_said():
    assert (await cancel("算了"))[0] == ["utter_nothing_to_cancel"]


async def test_a_no_after_the_link_says_that_the_payment_waits():
    spoken, payments = await cancel("不用了", order())
    assert spoken == ["utter_payment_waits"]
    payments.give_up_payment.assert_not_awaited()


@pytest.mark.parametrize(
    ("became", "response"), [("closed", "utter_payment_closed"), ("settled", "utter_payment_settled")]
)
async def test_a_no_to_paying_closes_the_order_unless_it_was_paid_meanwhile(became, response):
    spoken, payments = await cancel("不想付了", order(), given_up=became)
    assert spoken == [response]
    payments.give_up_payment.assert_awaited_once_with("T1", "test")


async def test_an_order_that_was_not_handed_out_in_this_conversation_is_not_closed_by_it():
    spoken, payments = await cancel("不想付了", order(), handed_out=False)
    assert spoken == ["utter_order_runs_out"]
    payments.give_up_payment.assert_not_awaited()


async def test_an_order_that_another_opened_is_only_left():
    spoken, _ = await cancel("不想付了", order(), given_up="awaiting_payment")
    assert spoken == ["utter_payment_left"]


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


class TestCitiesOfSeveralRequests:
    """查杭州的水费，再查嘉兴的违章: each request is for the city that its own words name."""

    WORDS = "查杭州的水费，再查苏州的违章"

    def tracker(self, **second):
        tracker = heard("query_utility_bill", self.WORDS)
        tracker.latest_message["entities"] = [
            {"entity": "city", "value": "杭州", "start": 1, "end": 3},
            {"entity": "city", "value": "苏州", "start": 9, "end": 11, **second},
            {"entity": "second_intent", "value": "query_traffic_violation", "start": 7, "end": 14},
        ]
        return tracker

    async def test_the_second_waits_for_its_own(self):
        events, _ = await run(LeaveTask, self.tracker())
        (entry,) = slots_set(events)["waiting_tasks"]
        assert (entry["form"], entry["city"]) == (QUERY, ["苏州"])

    async def test_which_of_two_that_sound_alike_is_asked(self):
        events, _ = await run(LeaveTask, self.tracker(candidates=["苏州", "宿州"]))
        (entry,) = slots_set(events)["waiting_tasks"]
        slots = {"waiting_tasks": [entry]}
        events, dispatcher = await run(ResumeTask, heard("query_utility_bill", slots=slots))
        assert said(dispatcher) == ["utter_which_city"]
        assert slots_set(events) == {"waiting_tasks": None}

    async def test_a_number_stays_in_its_city(self):
        tracker = heard("query_utility_bill", "杭州和嘉兴的水费户号3301234567")
        tracker.latest_message["entities"] = [
            {"entity": "city", "value": "杭州", "start": 0, "end": 2},
            {"entity": "city", "value": "嘉兴", "start": 3, "end": 5},
            {"entity": "bill_type", "value": "water", "start": 6, "end": 8},
            {"entity": "account_number", "value": "3301234567", "start": 10, "end": 20},
        ]
        events, _ = await run(LeaveTask, tracker)
        (entry,) = slots_set(events)["waiting_tasks"]
        assert entry["slots"] == {"bill_type": "water"}
