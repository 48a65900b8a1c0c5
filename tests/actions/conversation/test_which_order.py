"""An order is closed by clear words alone, and the one that they name."""

import datetime as dt
from decimal import Decimal
from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.turn import Turn
from actions.conversation.which_order import ask_which, meant, say_it_waits, wants_closed
from tests.actions.conversation.trackers import heard, said


def order(number, service, subject, amount="45.60", kind="utility_bill", expires_at=None):
    """An order that waits for its payment."""
    return SimpleNamespace(
        trade_number=number,
        city_service=service,
        subject=subject,
        amount=Decimal(amount),
        kind=kind,
        account=f"33012345{len(subject)}",
        expires_at=expires_at,
    )


def alone(one):
    """The payment of an order alone."""
    return SimpleNamespace(number=one.trade_number, subject=one.subject, total=one.amount, first=one, orders=(one,))


WATER = order("TA", "water", "2026年10月水费")
OLDER = order("TB", "water", "2026年9月水费", "51.20")
GAS = order("TC", "gas", "2026年10月燃气费")
FINE = order("TD", "traffic", "交通罚款", "150.00", kind="traffic_fine")


def turn(text, *entities):
    """A turn in which a refusal was said."""
    return Turn(CollectingDispatcher(), heard("deny", text, *entities))


@pytest.mark.parametrize(
    "text",
    ["取消付款", "取消", "燃气费取消付款", "订单关掉", "不要了", "不想付了", "别交了", "不付了", "我反悔了", "撤销订单", "先取消吧"],
)  # fmt: skip
def test_clear_words_close(text):
    assert wants_closed(text)


@pytest.mark.parametrize(
    "text",
    [
        "还没付", "等下付", "晚点再付", "待会儿再付款", "我还没付钱呢", "先不付", "今天先不付了", "明天再交", "暂时不交", "不急着付",
        "算了", "不用了", "别取消", "先不要取消", "没取消", "能取消付款吗", "怎么取消", "不付会怎么样", "要不要付", "不能付款", "付不了",
    ],
)  # fmt: skip
def test_other_words_close_nothing(text):
    assert not wants_closed(text)


@pytest.mark.parametrize(
    ("text", "entities", "named"),
    [
        ("取消付款", [], [WATER, OLDER, GAS, FINE]),
        ("燃气费取消付款", [("bill_type", "gas")], [GAS]),
        ("水费取消付款", [("bill_type", "water")], [WATER, OLDER]),
        ("9月的水费取消付款", [("bill_type", "water")], [OLDER]),
        ("9月的取消付款", [], [OLDER]),
        ("51.20那笔取消付款", [("amount", "51.2")], [OLDER]),
        ("51.20那笔取消付款", [], [OLDER]),
        ("罚款取消付款", [], [FINE]),
        ("电费取消付款", [("bill_type", "electricity")], []),
        ("停车费取消付款", [], []),
        ("取消户号3309999999的付款", [("account_number", "3309999999")], []),
        ('/deny{"order": "TC"}', [("order", "TC")], [GAS]),
        ('/deny{"order": "TX"}', [("order", "TX")], [WATER, OLDER, GAS, FINE]),
    ],
)
def test_which_is_meant(text, entities, named):
    assert meant(turn(text, *entities), [WATER, OLDER, GAS, FINE]) == named


def test_of_the_only_one_nothing_needs_to_be_said_unless_another_is_named():
    assert meant(turn("取消付款"), [GAS]) == [GAS]
    assert meant(turn("停车费取消付款"), [GAS]) == []


def test_a_button_each_carries_the_number_of_its_order():
    asked = turn("取消付款")
    ask_which(asked, [alone(WATER), alone(GAS)])
    (message,) = asked.dispatcher.messages
    assert [button["payload"] for button in message["buttons"]] == ['/deny{"order": "TA"}', '/deny{"order": "TC"}']


@pytest.mark.parametrize(
    ("minutes", "response"), [(None, "utter_payment_waits"), (5, "utter_payment_waits"), (-5, "utter_link_expired")]
)
def test_until_when_the_link_is_good(minutes, response):
    later = turn("等下付")
    now = dt.datetime.now(dt.timezone.utc)
    at = None if minutes is None else now + dt.timedelta(minutes=minutes)
    say_it_waits(later, alone(order("TA", "water", "水费", expires_at=at)))
    assert said(later.dispatcher) == [response]
