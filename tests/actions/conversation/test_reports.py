"""What is said of a payment: of several orders each by its receipt or its money, what is alike of all once."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.checkout import report_payment
from actions.conversation.turn import Turn
from actions.ledger import Order, OrderState, Payment, RefundState
from actions.services import load_handlers
from tests.actions.conversation.trackers import heard, said

NOW = dt.datetime(2026, 11, 25, tzinfo=dt.timezone.utc)


def order(number, state, refund=None, **values):
    """One order of the payment TP."""
    return Order(
        id=number,
        trade_number=f"T{number}",
        payment_number="TP",
        kind="utility_bill",
        city_code="330100",
        city_service="water",
        biller_code="330100-water",
        payee="杭州市水务集团",
        account="3301234567",
        bill_reference=f"B{number}",
        amount=Decimal(10 * number),
        subject=f"{number}月水费",
        conversation_id="a",
        state=OrderState(state),
        created_at=NOW,
        updated_at=NOW,
        receipt_number=f"R{number}" if state == "settled" else None,
        refund_state=RefundState(refund) if refund else None,
        **values,
    )


def report(*orders, slots=None):
    """Report a payment of some orders; the turn in which it was done."""
    load_handlers()
    turn = Turn(CollectingDispatcher(), heard("check_payment", "付好了", slots=slots or {}))
    total = sum((one.amount for one in orders), Decimal(0))
    report_payment(turn, Payment("TP", total, "水费 3 笔", "杭州市水务集团", "a", orders))
    return turn


def test_each_receipt_is_named_and_each_refund_by_itself():
    turn = report(order(1, "settled"), order(2, "refunded", "done"), order(3, "settled"))
    assert said(turn.dispatcher) == ["utter_payments_settled", "utter_payment_refunded"]
    settled, back = turn.dispatcher.messages
    assert (settled["count"], settled["amount"]) == (2, "40.00")
    assert [receipt in settled["lines"] for receipt in ("R1", "R2", "R3")] == [True, False, True]
    assert (back["subject"], back["amount"]) == ("2月水费", "20.00")
    assert turn.slot("outcome") == "paid"


def test_what_still_waits_for_its_receipt_says_what_has_come_of_all():
    turn = report(order(1, "settled"), order(2, "paid"), order(3, "refunding", "processing"))
    assert said(turn.dispatcher) == ["utter_payments_settled", "utter_payment_settling", "utter_payment_refunding"]
    assert turn.slot("outcome") == "settling"


@pytest.mark.parametrize(
    ("state", "refund", "response", "outcome"),
    [
        ("awaiting_payment", None, "utter_cashier_link", "awaiting_payment"),
        ("closed", None, "utter_payment_closed", "cancelled"),
        ("paid", None, "utter_payment_settling", "settling"),
        ("paid_late", "processing", "utter_payment_late", "refunded"),
        ("refunding", "processing", "utter_payment_refunding", "refunded"),
        ("refunding", "failed", "utter_refund_by_hand", "refunded"),
        ("refunded", "done", "utter_payment_refunded", "refunded"),
    ],
)
def test_what_is_alike_is_said_once_of_the_total(state, refund, response, outcome):
    turn = report(*(order(number, state, refund) for number in (1, 2, 3)))
    assert said(turn.dispatcher) == [response]
    assert (turn.dispatcher.messages[0]["subject"], turn.dispatcher.messages[0]["amount"]) == ("水费 3 笔", "60.00")
    assert turn.slot("outcome") == outcome


@pytest.mark.parametrize(
    ("state", "refund", "response", "amount"),
    [
        ("mispaid", "processing", "utter_payment_mispaid", "60.00"),
        ("mispaid", "abnormal", "utter_refund_by_hand", "1.00"),
        ("paid_late", "requested", "utter_payment_late", "1.00"),
        ("refunded", "done", "utter_payment_refunded", "1.00"),
    ],
)
def test_another_sum_is_said_of_all_and_is_what_was_paid(state, refund, response, amount):
    first = replace(order(1, state, refund), paid_amount=Decimal("1.00"))
    turn = report(first, order(2, "closed"), order(3, "closed"))
    assert said(turn.dispatcher) == [response]
    (message,) = turn.dispatcher.messages
    assert (message["amount"], message.get("paid_amount", "1.00")) == (amount, "1.00")


@pytest.mark.parametrize(("of", "buttons"), [("TP", 1), ("TX", 0)])
def test_the_next_one_is_offered_after_its_own_payment_alone(of, buttons):
    slots = {"still_owed": {"payment": of, "intent": "pay_utility_bill", "slots": {"bill_type": "water"}}}
    turn = report(order(1, "settled"), slots=slots)
    assert len(turn.dispatcher.messages[0]["buttons"]) == buttons
    assert report(order(1, "paid"), slots=slots).dispatcher.messages[0]["buttons"][0]["payload"] == "/check_payment"
