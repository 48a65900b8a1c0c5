"""The checkout that every payment shares: the cashier link, and what became of the payment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.city.errors import CityError, TooOften
from actions.conversation import signed
from actions.conversation.doubt import warn_of_paying_again
from actions.conversation.errors import explain
from actions.conversation.outcomes import Outcome, came_of, came_of_order
from actions.conversation.said_paid import look_up, meant, of_service, talked_about
from actions.conversation.speech import yuan
from actions.conversation.task import Task
from actions.conversation.turn import Turn, payload
from actions.ledger import Order, RefundState

PAID_FOR = ("biller_code", "payee", "account", "bill_reference", "amount")
"""What of a quote is a yes to: with one of these changed, it is a yes to something else."""

_MONEY_IN = frozenset({"paid", "settled"})


async def pay_if_confirmed(turn: Turn, task: type[Task], quote: dict[str, Any] | None) -> bool:
    """After a yes, open the quote's payment order and hand out the cashier's link; an order that lives is used again.

    Between the yes and the link the city is asked once more: what has been paid meanwhile is not paid again, what costs
    another sum needs another yes. After a no it is said that nothing was paid; without an answer nothing happens.

    Args:
        turn: the turn in which the resident answered; the answer stands in the slot `confirmation`.
        task: what is paid for: its manifest names the payment kind.
        quote: biller_code, payee, account, bill_reference, amount (yuan, text) and subject, as read out.

    Returns:
        Whether the task is over; if not, the sentence that asks for a yes is read out again.
    """
    answer = turn.slot("confirmation")
    if answer is False:
        turn.say("utter_payment_declined")
        came_of(turn, task, Outcome.DECLINED)
    if quote is None or answer is not True:
        return True
    try:
        now = await task.read_again(turn, quote)
    except TooOften as error:
        explain(turn, error)
        turn.forget("confirmation")
        return False
    except CityError:
        turn.say("utter_quote_not_checked")
        turn.forget("confirmation")
        return False
    if now is None:
        turn.say("utter_paid_meanwhile", subject=quote["subject"], payee=quote["payee"])
        came_of(turn, task, Outcome.NOTHING_OWED)
        return True
    if any(now[name] != quote[name] for name in PAID_FOR):
        turn.say("utter_quote_changed", subject=quote["subject"], before=quote["amount"], now=now["amount"])
        turn.forget("confirmation")
        task.quote_anew(turn, now)
        return False
    try:
        order = await _open_order(turn, task, quote)
    except CityError:
        turn.say("utter_payment_not_opened")
        came_of(turn, task, Outcome.FAILED)
        return True
    signed.hand_out(turn, order.trade_number)
    report(turn, order)
    return True


async def _open_order(turn: Turn, task: type[Task], quote: dict[str, Any]) -> Order:
    return await context.current().payments.open_order(
        city_code=turn.city_code,
        city_service=task.city_service(turn) or "",
        kind=task.manifest.pays or "",
        biller_code=quote["biller_code"],
        payee=quote["payee"],
        account=quote["account"],
        bill_reference=quote["bill_reference"],
        amount=Decimal(quote["amount"]),
        subject=quote["subject"],
        conversation_id=turn.conversation_id,
    )


def report(turn: Turn, order: Order) -> None:
    """Say how far `order` has come: "paid" only where the cashier has confirmed it."""
    came_of_order(turn, order)
    values = {"subject": order.subject, "amount": yuan(order.amount), "payee": order.payee}
    if order.state == "awaiting_payment":
        turn.offer(
            "utter_cashier_link", [("我已付款", payload("check_payment"))], cashier_url=order.cashier_url, **values
        )
    elif order.state == "settled":
        turn.say("utter_payment_settled", receipt_number=order.receipt_number, **values)
    elif order.state == "paid":
        turn.offer("utter_payment_settling", [("查看进度", payload("check_payment"))], **values)
    elif order.refund_state in (RefundState.FAILED, RefundState.ABNORMAL):
        turn.offer("utter_refund_by_hand", [("转人工", payload("handoff_human"))], **values)
    elif order.state == "mispaid":
        turn.say("utter_payment_mispaid", paid_amount=yuan(order.refund_amount), **values)
    elif order.state == "paid_late":
        turn.say("utter_payment_late", **values)
    elif order.state == "refunding":
        turn.say("utter_payment_refunding", **values)
    elif order.state == "refunded":
        turn.say("utter_payment_refunded", **values)
    else:
        turn.say("utter_payment_closed", **values)


class CheckPayment(Action):
    """The resident says it is paid, or asks whether it is: the provider is asked, never the resident believed."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_check_payment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Report every recent order of the conversation, each by itself; then an open task goes on."""
        turn = Turn(dispatcher, tracker)
        payments = context.current().payments
        orders = await payments.recent_orders(turn.conversation_id)
        about = meant(turn)
        if about is not None:
            orders = of_service(about, orders)
        if not orders:
            return look_up(turn, about or talked_about(turn))
        last_asked_for = None
        for order in orders:
            try:
                checked = await payments.check(order.trade_number)
            except CityError:
                # The resident may have paid: to say that nothing was charged would be a guess.
                turn.offer("utter_payment_unknown", [("再查一次", payload("check_payment"))], subject=order.subject)
                continue
            if checked.state == "awaiting_payment":
                values = {"subject": checked.subject, "amount": yuan(checked.amount)}
                again = [("我已付款", payload("check_payment"))]
                turn.offer("utter_payment_not_seen", again, cashier_url=checked.cashier_url, **values)
            else:
                report(turn, checked)
            last_asked_for = last_asked_for or checked
        if last_asked_for is not None:
            came_of_order(turn, last_asked_for)
            if about is not None and last_asked_for.state in _MONEY_IN:
                warn_of_paying_again(turn)
        form = (tracker.active_loop or {}).get("name")
        return [*turn.events, FollowupAction(form)] if form else turn.events
