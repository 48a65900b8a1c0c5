"""The handler of water, electricity and gas bills, against a scripted city."""

import datetime as dt
import time
from decimal import Decimal

import pytest
from rasa_sdk.interfaces import ActionExecutionRejection

from actions.city.errors import InMaintenance, NotConnected, NotFound, Unavailable
from actions.conversation import signed
from actions.services.utility_bills import (
    PayUtilityBill,
    QueryUtilityBill,
    months_asked,
    spoken_month,
)
from city_api.utility_bills import Account, Bill, Biller, Bills
from tests.actions.conversation.trackers import heard, said, sign, slots_set
from tests.actions.services.scripted import made, run

EndPayment = made("action_pay_utility_bill")
PAY = PayUtilityBill.form()


def bill(period, amount, status="unpaid"):
    """A month's bill."""
    return Bill(
        bill_id=f"B{period}",
        period=period,
        usage="12.50",
        unit="立方米",
        amount=amount,
        status=status,
        due_on="2026-11-30",
    )


def bills(*found):
    """An account's bills."""
    account = Account(account_number="3301234567", holder_name_masked="王*", address_masked="文*路")
    return Bills(biller=Biller(code="hz-water", name="杭州市水务集团"), account=account, bills=list(found))


def asks(intent="pay_utility_bill", **slots):
    """A message that starts a task, everything said at once."""
    return heard(
        intent, "", ("bill_type", "water"), ("account_number", "3301234567"), slots=slots, after=["action_leave_task"]
    )


async def test_a_message_for_another_task_is_rejected():
    tracker = heard("query_credit_score", form=PAY, requested="account_number")
    with pytest.raises(ActionExecutionRejection) as rejection:
        await run(PayUtilityBill, tracker)
    assert rejection.value.action_name == PAY


@pytest.mark.parametrize(
    ("error", "response"),
    [
        (Unavailable(), "utter_city_unavailable"),
        (InMaintenance(dt.datetime(2026, 11, 24, 10, tzinfo=dt.timezone.utc)), "utter_city_maintenance"),
        (NotConnected(), "utter_service_not_connected"),
    ],
)
async def test_an_error_of_the_city_ends_the_task_in_plain_words(error, response):
    events, dispatcher, _ = await run(PayUtilityBill, asks(), bills=error)
    assert said(dispatcher) == [response]
    assert slots_set(events)["requested_slot"] is None


async def test_an_unknown_account_is_forgotten_and_asked_for_again():
    events, dispatcher, _ = await run(PayUtilityBill, asks(), bills=NotFound("account_not_found"))
    assert said(dispatcher) == ["utter_account_not_found"]
    assert slots_set(events)["account_number"] is None
    assert slots_set(events)["requested_slot"] == "account_number"


async def test_nothing_owed_ends_the_task():
    events, dispatcher, _ = await run(PayUtilityBill, asks(), bills=bills())
    assert said(dispatcher) == ["utter_nothing_owed"]
    assert slots_set(events)["requested_slot"] is None


async def test_one_bill_goes_straight_to_the_yes():
    events, _, _ = await run(PayUtilityBill, asks(), bills=bills(bill("2026-10", "45.60")))
    slots = slots_set(events)
    assert slots["requested_slot"] == "confirmation"
    (quote,) = slots["quote"]["offers"]
    assert (quote["amount"], quote["account"], quote["payee"]) == ("45.60", "3301234567", "杭州市水务集团")


async def test_several_bills_are_offered_oldest_first():
    events, _, _ = await run(PayUtilityBill, asks(), bills=bills(bill("2026-10", "45.60"), bill("2026-09", "40.00")))
    slots = slots_set(events)
    assert slots["requested_slot"] == "bill_choice"
    assert [offer["amount"] for offer in slots["quote"]["offers"]] == ["40.00", "45.60"]


async def test_the_quote_is_used_while_it_fits_and_asked_for_anew_when_it_does_not():
    quote = {"basis": ["330100", "water", "3301234567"], "offers": [{"amount": "45.60"}]}
    slots = {"bill_type": "water", "account_number": "3301234567", "quote": quote}
    tracker = heard("affirm", "确认", slots=slots, form=PAY, requested="confirmation")
    _, _, services = await run(PayUtilityBill, tracker, bills=bills())
    services.city.bills.assert_not_awaited()
    moved = {**slots, "city_code": "330400"}
    tracker = heard("affirm", "确认", slots=moved, form=PAY, requested="confirmation")
    events, _, services = await run(PayUtilityBill, tracker, bills=bills(bill("2026-10", "45.60")))
    services.city.bills.assert_awaited_once()
    assert slots_set(events)["confirmation"] is None


async def test_two_kinds_of_bill_are_done_one_after_the_other():
    tracker = heard(
        "query_utility_bill",
        "水费和电费",
        ("bill_type", "water"),
        ("bill_type", "electricity"),
        after=["action_leave_task"],
    )
    events, _, _ = await run(QueryUtilityBill, tracker)
    slots = slots_set(events)
    assert slots["bill_type"] == "water"
    assert slots["waiting_tasks"] == [
        {
            "form": "query_utility_bill_form",
            "slots": {"bill_type": "electricity"},
            "first_time": True,
            "called": "电费",
        }
    ]


async def test_the_account_used_before_is_used_again_for_its_own_bill_only():
    tracker = heard(
        "query_utility_bill",
        "查电费",
        ("bill_type", "electricity"),
        slots={"known_accounts": {"330100/water": "3301234567", "330400/electricity": "3304234567"}},
    )
    events, _, _ = await run(QueryUtilityBill, tracker)
    assert slots_set(events)["requested_slot"] == "account_number"


async def test_a_look_up_says_the_total():
    _, dispatcher, _ = await run(
        QueryUtilityBill, asks("query_utility_bill"), bills=bills(bill("2026-10", "45.60"), bill("2026-09", "40.05"))
    )
    (message,) = dispatcher.messages
    assert message["response"] == "utter_bills_owed"
    assert message["total"] == "85.65"
    assert message["count"] == 2


@pytest.mark.parametrize(("answer", "paid"), [(True, True), (False, False), (None, False)])
async def test_only_a_yes_pays(answer, paid):
    quote = {
        "kind": "utility_bill",
        "biller_code": "hz-water",
        "payee": "杭州市水务集团",
        "account": "3301234567",
        "bill_reference": "B2026-10",
        "amount": "45.60",
        "subject": "水费",
    }
    slots = {"quote": {"offers": [quote]}, "bill_choice": "1", "bill_type": "water", "confirmation": answer}
    events, dispatcher, services = await run(
        EndPayment,
        heard("affirm", "确认", slots={**slots, "account_number": "3301234567", "bill_name": "水费"}),
        bills=bills(bill("2026-10", "45.60")),
        open_payment=Unavailable(),
    )
    assert services.payments.open_payment.await_count == int(paid)
    if paid:
        assert services.payments.open_payment.await_args.args[0].total == Decimal("45.60")
        assert said(dispatcher) == ["utter_payment_not_opened"]
    assert slots_set(events)["quote"] is None


def test_a_month_as_residents_read_it():
    assert spoken_month("2026-01") == "2026年1月"


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("水费多少", set()),
        ("上个月水费多少", {"2026-10"}),
        ("上上个月的", {"2026-09"}),
        ("十月电费", {"2026-10"}),
        ("10月的", {"2026-10"}),
        ("1月电费", {"2026-01"}),
        ("今年的水费", {f"2026-{month:02d}" for month in range(1, 12)}),
        ("最近半年", {f"2026-{month:02d}" for month in range(5, 12)}),
    ],
)
def test_the_months_that_are_asked_for(text, months):
    assert months_asked(text, dt.date(2026, 11, 24)) == months


async def test_another_amount_than_billed_is_said_to_be_impossible():
    words = [("bill_type", "water"), ("account_number", "3301234567"), ("amount", "100.00")]
    tracker = heard("pay_utility_bill", "交水费100元", *words, after=["action_leave_task"])
    events, dispatcher, _ = await run(PayUtilityBill, tracker, bills=bills(bill("2026-10", "45.60")))
    assert said(dispatcher) == ["utter_amount_as_billed"]
    assert slots_set(events)["requested_slot"] == "confirmation"


async def test_an_account_said_to_be_wrong_is_asked_for_and_not_taken_from_memory():
    slots = {
        "bill_type": "water",
        "account_number": "3301234567",
        "known_accounts": {"330100/water": "3301234567", "330100/gas": "3309999999"},
        "quote": {"basis": ["330100", "water", "3301234567"], "offers": [{"amount": "45.60"}]},
        "bill_choice": "1",
    }
    tracker = heard("deny", "不对，户号错了", slots=slots, form=PAY, requested="confirmation")
    events, _, services = await run(PayUtilityBill, tracker, bills=bills(bill("2026-10", "45.60")))
    services.city.bills.assert_not_awaited()
    assert slots_set(events)["requested_slot"] == "account_number"
    assert slots_set(events)["known_accounts"] == {"330100/gas": "3309999999"}


async def test_what_was_looked_up_elsewhere_is_still_to_be_paid_with_it_when_the_quote_is_too_old(monkeypatch):
    power = {"bill_type": "electricity", "account_number": "3309999999"}
    kept = {
        **{"intent": PayUtilityBill.intent, "slots": power, "city_code": "330100", "city_service": "electricity"},
        **{
            "payee": "国网",
            "account": "3309999999",
            "bill_reference": "B9",
            "amount": "10.00",
            "subject": "电费",
            "line": "9月",
        },
    }
    own = {**kept, "bill_reference": "B10", "account": "3301234567"}
    own = {name: value for name, value in own.items() if name not in ("intent", "slots", "city_code", "city_service")}
    quote = {"basis": ["330100", "water", "3301234567"], "offers": [kept, own]}
    slots = {"bill_type": "water", "account_number": "3301234567", "bill_choice": "all", "quote": quote}
    tracker = sign(heard("affirm", "确认", slots=slots, form=PAY, requested="confirmation"), PayUtilityBill)
    later = time.time() + 31 * 60
    monkeypatch.setattr(signed, "_now", lambda: later)
    events, dispatcher, _ = await run(PayUtilityBill, tracker, bills=bills(bill("2026-10", "45.60")))
    read_out = slots_set(events)
    assert said(dispatcher) == ["utter_quote_expired"]
    assert [(one["account"], one["amount"]) for one in read_out["quote"]["offers"]] == [
        ("3309999999", "10.00"),
        ("3301234567", "45.60"),
    ]
    assert (read_out["confirmation"], read_out["requested_slot"]) == (None, "confirmation")
    assert "bill_choice" not in read_out
