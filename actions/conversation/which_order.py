"""Which of the orders that wait for their payment a message means, and whether it wants them closed.

A link that is closed cannot be paid any more, so only clear words close one: whoever pays later keeps it.
"""

from __future__ import annotations

import re
from datetime import datetime
from difflib import SequenceMatcher

from actions.conversation.named import named
from actions.conversation.speech import CITY_TIME, yuan
from actions.conversation.task import task_of
from actions.conversation.turn import Turn, payload
from actions.ledger import Order, Payment
from manifests import services

LEAST_SHARED = 2
"""A piece of what an order is for counts from so many characters on: 费 alone names every one."""
_CANCELS = re.compile(r"取消|撤|作废|关[掉闭了]|反悔|后悔|不要了")
_NAMES_A_PAYMENT = re.compile(r"付款|订单|链接")
_KEEPS = re.compile(r"(?:不|别|没)(?:要|用|想|必|能)?(?:取消|撤|作废|关)|[?？吗么]|怎么|如何|要不|能不|是不是|行不行")
# 不付了, 别交: an end. 还没付, 等下付 have no such word, and 先不付 is for now.
_NO_MORE = re.compile(r"(?:不|别)(?:想|打算|准备|愿意|用|需要|必|要|给我|帮我)?再?[付交缴]")
_FOR_NOW = re.compile(r"先|暂|急|现在|目前|这会|今天|今晚")


def wants_closed(text: str) -> bool:
    """Whether `text`, which refuses, clearly wants an order closed; a question, or a no for now, does not."""
    if _KEEPS.search(text):
        return False
    return bool(_CANCELS.search(text) or (_NO_MORE.search(text) and not _FOR_NOW.search(text)))


def declines_an_offer(turn: Turn) -> bool:
    """Whether a no is one to what our latest answer offered to begin (现在交), and to no order that waits from before.

    Where an order, its link, its service or a value of it is named, or its button was pressed, the no is about the order.
    """
    if turn.is_button or named(turn) or _NAMES_A_PAYMENT.search(turn.text):
        return False
    values = {found["entity"] for found in turn.entities} - {"second_intent"}
    return not values and any(task_of(str(button.get("payload"))) for button in turn.buttons_offered())


def meant(turn: Turn, orders: list[Order]) -> list[Order]:
    """Those of `orders` that the latest message may mean: one where it names one, all where it names none.

    An order is named by a value of it (a button carries its number), or by a piece of what it is for.

    Args:
        turn: what was said.
        orders: that wait.

    Returns:
        The orders; none where something else is named.
    """
    pressed = [order for order in orders if any(found["value"] == order.trade_number for found in turn.entities)]
    if pressed:
        return pressed
    about = named(turn)
    kinds = {task.pays for _, task, service in services().tasks() if service.name in about}
    left = [order for order in orders if order.kind in kinds] if about else orders
    of_services = {name for service in services() for name in service.entities}
    things = {str(found["value"]) for found in turn.entities if found["entity"] in of_services}
    sums = {str(found["value"]) for found in turn.entities if found["entity"] == "amount"}
    if things:
        left = [order for order in left if things & {order.account, order.city_service}]
    if sums:
        left = [order for order in left if yuan(order.amount) in {yuan(said) for said in sums}]
    if len(left) < 2:
        return left
    shared = {order.trade_number: _shared(turn.text, f"{order.subject} {yuan(order.amount)}") for order in left}
    most = max(shared.values())
    return [order for order in left if shared[order.trade_number] == most]


def ask_which(turn: Turn, payments: list[Payment]) -> None:
    """Ask which of several payments is to be closed, a button each."""
    choices = [
        (f"{payment.subject} {yuan(payment.total)} 元", payload("deny", order=payment.first.trade_number))
        for payment in payments
    ]
    turn.offer("utter_which_order", choices, count=len(payments))


def say_it_is_one(turn: Turn, payment: Payment) -> None:
    """Say that a part of a payment cannot be closed alone; the button closes all of it."""
    cancel = [("整笔都取消", payload("deny", order=payment.first.trade_number))]
    turn.offer("utter_payment_is_one", cancel, count=len(payment.orders), amount=yuan(payment.total))


def say_it_waits(turn: Turn, payment: Payment) -> None:
    """Say that a payment was left as it is, and until when its link is good."""
    cancel = [("取消付款", payload("deny", order=payment.first.trade_number))]
    good = good_until(payment.first)
    if good:
        turn.offer("utter_payment_waits", cancel, subject=payment.subject, good=good)
    else:
        turn.offer("utter_link_expired", cancel, subject=payment.subject)


def good_until(order: Order) -> str:
    """Until when an order's link is good, as it is said: 14:30 前有效; empty where that is over."""
    until = order.expires_at
    if until is not None and until <= datetime.now(CITY_TIME):
        return ""
    return f" {until.astimezone(CITY_TIME):%H:%M} 前有效" if until is not None else "还有效"


def _shared(text: str, subject: str) -> int:
    pieces = SequenceMatcher(None, text, subject, autojunk=False).get_matching_blocks()
    return sum(piece.size for piece in pieces if piece.size >= LEAST_SHARED)
