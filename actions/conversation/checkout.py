"""The checkout that every payment shares: the cashier link, and what became of the payment."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.city.cities import CITY_TIME
from actions.city.errors import CityError, TooOften
from actions.conversation import signed
from actions.conversation.beginning import all_of_what_was_read_out, start_again
from actions.conversation.doubt import warn_of_paying_again
from actions.conversation.errors import explain
from actions.conversation.outcomes import Outcome, came_of, came_of_order
from actions.conversation.said_paid import look_up, meant, of_service, talked_about
from actions.conversation.several import parts_of
from actions.conversation.speech import yuan
from actions.conversation.task import Task, offers_of, task_for_intent
from actions.conversation.turn import Turn, payload
from actions.ledger import NewOrder, NewPayment, Order, OrderState, Payment, RefundState
from actions.payments import Taken
from manifests.service import PERSON

PAID_FOR = ("biller_code", "payee", "account", "bill_reference", "amount")
"""What of a quote is a yes to: with one of these changed, it is a yes to something else."""

LONGEST_PAYEE = 60
"""Characters that a cashier's page has for the payees; all of them were read out before the yes."""

KEPT = ("intent", "slots", "city_code", "city_service", "kind")
"""What `several.as_of` adds to an offer."""

NOT_DONE = (RefundState.FAILED, RefundState.ABNORMAL)
"""Refunds that a person has to see to."""

STILL_OWED = "still_owed"
"""The slot that keeps what is owed besides what is being paid."""

_MONEY_IN = frozenset({"paid", "settled"})
_UNPAID = (OrderState.CREATED, OrderState.AWAITING_PAYMENT)


async def pay_if_confirmed(turn: Turn, task: type[Task], quote: dict[str, Any] | None) -> bool:
    """After a yes, open the quote's payment and hand out the cashier's link; a payment that lives is used again.

    Between the yes and the link the city is asked once more: what has been paid meanwhile is not paid again, what costs
    another sum needs another yes. Of several, what is left is read out anew with its own total. After a no it is said that
    nothing was paid; without an answer nothing happens.

    Args:
        turn: the turn in which the resident answered; the answer stands in the slot `confirmation`.
        task: what is paid for: its manifest names the payment kind.
        quote: biller_code, payee, account, bill_reference, amount (yuan, text) and subject, as read out; or of several,
            each with these, under `parts` (`several.together`).

    Returns:
        Whether the task is over; if not, the sentence that asks for a yes is read out again.
    """
    answer = turn.slot("confirmation")
    if answer is False:
        turn.say("utter_payment_declined")
        came_of(turn, task, Outcome.DECLINED)
    if quote is None or answer is not True:
        return True
    parts = parts_of(quote)
    try:
        now = await _read_again(turn, task, parts)
    except TooOften as error:
        explain(turn, error)
        turn.forget("confirmation")
        return False
    except CityError:
        turn.say("utter_quote_not_checked")
        turn.forget("confirmation")
        return False
    left = [part for part in now if part is not None]
    for part, new in zip(parts, now, strict=True):
        if new is None:
            turn.say("utter_paid_meanwhile", subject=part["subject"], payee=part["payee"])
        elif _differs(part, new):
            turn.say("utter_quote_changed", subject=part["subject"], before=part["amount"], now=new["amount"])
    if not left:
        came_of(turn, task, Outcome.NOTHING_OWED)
        return True
    if len(left) < len(parts) or any(_differs(part, new) for part, new in zip(parts, left, strict=True)):
        turn.forget("confirmation")
        task.quote_anew(turn, left)
        return False
    try:
        payment = await context.current().payments.open_payment(_new_payment(turn, task, quote))
    except Taken as taken:
        return _without(turn, task, parts, taken.orders)
    except CityError:
        turn.say("utter_payment_not_opened")
        came_of(turn, task, Outcome.FAILED)
        return True
    signed.hand_out(turn, payment.number)
    _remember_what_is_left(turn, task, parts, payment)
    report_payment(turn, payment)
    return True


async def _read_again(turn: Turn, task: type[Task], parts: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
    """Each part as the city has it now; those that `several.as_of` has kept are read again as they were read.

    Raises:
        CityError: the city does not say of one of them; nothing may be ordered then.
    """
    of: dict[str, list[int]] = {}
    for place, part in enumerate(parts):
        of.setdefault(json.dumps([part.get("intent"), part.get("city_code"), part.get("slots")]), []).append(place)
    now: list[dict[str, Any] | None] = [None] * len(parts)
    for places in of.values():
        part = parts[places[0]]
        kept_by = task_for_intent(part.get("intent") or "")
        there = turn if kept_by is None else turn.as_if({**part["slots"], "city_code": part["city_code"]})
        found = await (kept_by or task).read_all_again(there, [parts[place] for place in places])
        for place, new in zip(places, found, strict=True):
            kept = {name: parts[place][name] for name in KEPT if name in parts[place]}
            now[place] = None if new is None else {**new, **kept}
    return now


def _differs(part: dict[str, Any], new: dict[str, Any]) -> bool:
    return any(new[name] != part[name] for name in PAID_FOR)


def _new_payment(turn: Turn, task: type[Task], quote: dict[str, Any]) -> NewPayment:
    """What was said yes to, as a payment: an order for each part.

    A part may say for itself where it belongs (`city_code`, `city_service`, `kind`); else it is the task's.
    """
    orders = tuple(
        NewOrder(
            city_code=part.get("city_code") or turn.city_code,
            city_service=part.get("city_service") or task.city_service(turn) or "",
            kind=part.get("kind") or task.manifest.pays or "",
            biller_code=part["biller_code"],
            payee=part["payee"],
            account=part["account"],
            bill_reference=part["bill_reference"],
            amount=Decimal(part["amount"]),
            subject=part["subject"],
            conversation_id=turn.conversation_id,
        )
        for part in parts_of(quote)
    )
    payees = list(dict.fromkeys(order.payee for order in orders))
    payee = quote["payee"] if len(quote["payee"]) <= LONGEST_PAYEE else f"{payees[0]}等 {len(payees)} 家"
    return NewPayment(orders, quote["subject"], payee, turn.conversation_id)


def _without(turn: Turn, task: type[Task], parts: list[dict[str, Any]], taken: list[Order]) -> bool:
    """Say what is being paid otherwise, and have the rest read out anew; whether there is none."""
    for order in taken:
        if order.state in _UNPAID:
            until = f"{order.expires_at.astimezone(CITY_TIME):%H:%M}" if order.expires_at else "过半小时"
            turn.say("utter_bill_taken", subject=order.subject, until=until)
        else:
            report(turn, order)
    names = {(order.biller_code, order.account, order.bill_reference) for order in taken}
    left = [part for part in parts if (part["biller_code"], part["account"], part["bill_reference"]) not in names]
    if not left:
        if all(order.state in _UNPAID for order in taken):
            came_of(turn, task, Outcome.FAILED)
        return True
    turn.forget("confirmation")
    task.quote_anew(turn, left)
    return False


def _remember_what_is_left(turn: Turn, task: type[Task], parts: list[dict[str, Any]], payment: Payment) -> None:
    """Keep that more is owed than is paid now, so that it can be offered once this is paid."""
    left = len(offers_of(turn)) - len(parts)
    # Who somebody is stands in no button; it is kept for the next task anyway.
    slots = {slot: value for slot, value in task.known(turn).items() if slot not in PERSON}
    is_more = left > 0 and all(offer.get("bill_reference") for offer in offers_of(turn))
    turn.set(STILL_OWED, {"payment": payment.number, "intent": task.intent, "slots": slots} if is_more else None)


def report_payment(turn: Turn, payment: Payment) -> None:
    """Say how far `payment` has come, each of its orders by its receipt or its refund."""
    if len(payment.orders) == 1:
        report(turn, payment.first, _next_one(turn, payment))
        return
    alike = len({(order.state, order.refund_state) for order in payment.orders}) == 1
    if payment.first.paid_amount is not None or (alike and payment.state is not OrderState.SETTLED):
        # The first order stands for the trade; what is said is said of all.
        report(turn, replace(payment.first, subject=payment.subject, amount=payment.total, payee=payment.payee))
        return
    settled = [order for order in payment.orders if order.state is OrderState.SETTLED]
    others = [order for order in payment.orders if order.state is not OrderState.SETTLED]
    if settled:
        total = sum((order.amount for order in settled), Decimal(0))
        turn.offer(
            "utter_payments_settled",
            _next_one(turn, payment),
            count=len(settled),
            amount=yuan(total),
            lines=lines_of_receipts(settled),
        )
    for order in others:
        report(turn, order)
    came_of_order(turn, _standing_for(payment))


def _standing_for(payment: Payment) -> Order:
    """The order that says most of a payment: one that waits for its receipt, then one that has it, then any."""
    by_state = {order.state: order for order in reversed(payment.orders)}
    return by_state.get(OrderState.PAID) or by_state.get(OrderState.SETTLED) or payment.first


def lines_of_receipts(orders: list[Order]) -> str:
    """Settled orders with the number of each receipt: 1. 2026年10月水费 45.60 元 R…."""
    return "\n".join(
        f"{place}. {order.subject} {yuan(order.amount)} 元 {order.receipt_number}"
        for place, order in enumerate(orders, start=1)
    )


def _next_one(turn: Turn, payment: Payment) -> list[tuple[str, str]]:
    """The button that goes on to what was owed besides, once a payment is made; none where nothing was."""
    owed = turn.slot(STILL_OWED) or {}
    return [("接着交下一笔", payload(owed["intent"], **owed["slots"]))] if owed.get("payment") == payment.number else []


def report(turn: Turn, order: Order, then: Sequence[tuple[str, str]] = ()) -> None:
    """Say how far `order` has come: "paid" only where the cashier has confirmed it.

    Args:
        turn: whose resident is told.
        order: what was ordered.
        then: buttons that go on from there, once it is settled.
    """
    came_of_order(turn, order)
    values = {"subject": order.subject, "amount": yuan(order.amount), "payee": order.payee}
    if order.state == "awaiting_payment":
        turn.offer(
            "utter_cashier_link", [("我已付款", payload("check_payment"))], cashier_url=order.cashier_url, **values
        )
    elif order.state == "settled":
        turn.offer("utter_payment_settled", list(then), receipt_number=order.receipt_number, **values)
    elif order.state == "paid":
        turn.offer("utter_payment_settling", [("查看进度", payload("check_payment"))], **values)
    elif order.state == "mispaid" and order.refund_state not in NOT_DONE:
        turn.say("utter_payment_mispaid", paid_amount=yuan(order.refund_amount), **values)
    elif order.refund_state is None:
        turn.say("utter_payment_closed", **values)
    else:
        _report_refund(turn, order, {**values, "amount": yuan(order.refund_amount)})


def _report_refund(turn: Turn, order: Order, values: dict[str, str]) -> None:
    """Say what has become of money that goes back; `amount` is what was paid."""
    if order.refund_state in NOT_DONE:
        turn.offer("utter_refund_by_hand", [("转人工", payload("handoff_human"))], **values)
    elif order.state == "paid_late":
        turn.say("utter_payment_late", **values)
    elif order.state == "refunding":
        turn.say("utter_payment_refunding", **values)
    else:
        turn.say("utter_payment_refunded", **values)


async def as_they_stand(turn: Turn, orders: Sequence[Order]) -> AsyncIterator[Payment]:
    """The payments of some orders, each once, as the provider has them now; of one that it does not answer for, that is said.

    The resident may have paid: to say that nothing was charged would be a guess, and to give the link again would invite to
    pay twice.
    """
    payments = context.current().payments
    for number in dict.fromkeys(order.payment_number for order in orders):
        try:
            checked = await payments.check_payment(number)
        except CityError:
            again = [("再查一次", payload("check_payment"))]
            turn.offer("utter_payment_unknown", again, subject=(await payments.payment(number)).subject)
        else:
            yield checked


class CheckPayment(Action):
    """The resident says it is paid, or asks whether it is: the provider is asked, never the resident believed."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_check_payment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Report every recent payment of the conversation, each by itself; then an open task goes on."""
        turn = Turn(dispatcher, tracker)
        read_out = all_of_what_was_read_out(turn)
        if read_out is not None and not tracker.active_loop:
            # 都交了 after a list of bills wants them paid.
            return [*start_again(turn, *read_out), FollowupAction(read_out[0].form())]
        payments = context.current().payments
        orders = await payments.recent_orders(turn.conversation_id)
        about = meant(turn)
        if about is not None:
            orders = of_service(about, orders)
        if not orders:
            return look_up(turn, about or talked_about(turn))
        last_asked_for = None
        async for checked in as_they_stand(turn, orders):
            if checked.state == "awaiting_payment":
                values = {"subject": checked.subject, "amount": yuan(checked.total)}
                again = [("我已付款", payload("check_payment"))]
                turn.offer("utter_payment_not_seen", again, cashier_url=checked.first.cashier_url, **values)
            else:
                report_payment(turn, checked)
            last_asked_for = last_asked_for or checked
        if last_asked_for is not None:
            came_of_order(turn, _standing_for(last_asked_for))
            if about is not None and any(order.state in _MONEY_IN for order in last_asked_for.orders):
                warn_of_paying_again(turn)
        form = (tracker.active_loop or {}).get("name")
        return [*turn.events, FollowupAction(form)] if form else turn.events
