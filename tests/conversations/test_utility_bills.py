"""Residents look up and pay water, electricity and gas bills, over HTTP against the three real processes."""

from decimal import Decimal

import pytest

from bot.runtime import tokens
from tests.conversations.talk import RECEIPT, Talk


@pytest.fixture
def water(house):
    """Sample accounts of the water biller."""
    house.reset_city()
    return house.samples()["accounts"]["water"]


def test_an_account_nobody_has_is_asked_for_again(house, water):
    talk = Talk(house)
    talk.say("我要交水费")
    assert "9999999999" in talk.say("9999999999")
    assert talk.slot("account_number") is None
    assert talk.active_form() == "pay_utility_bill_form"
    talk.say(water["one_unpaid"])
    assert talk.requested() == "confirmation"


def test_nothing_owed_is_said_and_nothing_is_ordered(house, water):
    talk = Talk(house)
    assert "没有欠费" in talk.say(f"交水费，户号{water['none_unpaid']}")
    assert talk.active_form() is None
    assert talk.orders() == []


def test_a_no_pays_nothing(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    assert "没有扣款" in talk.say("不交了")
    assert talk.orders() == []
    assert talk.active_form() is None


def test_a_yes_beside_a_correction_is_no_yes(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say(f"好的，不过户号是{water['two_unpaid']}")
    assert talk.orders() == []
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.slot("confirmation") is None


def test_a_greeting_pays_nothing(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    for greeting in ("你好", "您好呀"):
        talk.say(greeting)
        assert talk.orders() == []
        assert talk.requested() == "confirmation"


def test_a_yes_that_the_assistant_never_heard_orders_nothing(house, water):
    """Any program of the machine reaches the action server's port, and could write a conversation in which yes was said."""
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    tracker = talk.tracker()
    tracker["slots"]["confirmation"] = True
    for shown in ({}, {"Authorization": "Bearer made-up-by-a-stranger"}, tokens.bearer(tokens.REST)):
        refused = house.call_action("action_pay_utility_bill", tracker, shown)
        assert (refused.status_code, refused.json()) == (401, {"code": "unauthorized"})
    # The secret alone makes no yes either: see test_forged.py, with a call that does order something.
    assert house.call_action("action_pay_utility_bill", tracker).status_code == 200
    assert talk.orders() == []


def test_paid_is_said_only_after_the_cashier_confirmed(house, water):
    talk = Talk(house)
    question = talk.say(f"交水费，户号{water['one_unpaid']}")
    bill = house.bills("water", water["one_unpaid"])[0]
    assert bill["amount"] in question
    assert water["one_unpaid"] in question
    answer = talk.say("确认")
    assert talk.cashier_url() in answer
    assert not RECEIPT.search(answer)
    assert not RECEIPT.search(talk.say("我付好了"))
    assert talk.orders()[0].state == "awaiting_payment"
    talk.press_pay()
    assert RECEIPT.search(talk.wait_until_settled())
    (order,) = talk.orders()
    assert order.state == "settled"
    assert order.amount == Decimal(bill["amount"])
    paid = house.bill("water", water["one_unpaid"], bill["bill_id"])
    assert paid["status"] == "paid"
    assert paid["receipt_number"] == order.receipt_number


def test_the_yes_said_twice_makes_one_order(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say("确认")
    talk.say("确认")
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say("对，交吧")
    assert len(talk.orders()) == 1
    talk.press_pay()
    talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled"]


def test_the_notice_sent_twice_moves_the_order_once(house, water):
    house.fault(kind="notice_twice", path_prefix="/cashier", times=1)
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say("确认")
    talk.press_pay()
    talk.wait_until_settled()
    moves = talk.moves()
    assert moves.count("paid") == 1
    assert moves.count("settled") == 1


def test_the_notice_never_sent_is_found_by_asking_the_provider(house, water):
    house.fault(kind="notice_never", path_prefix="/cashier", times=1)
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say("确认")
    talk.press_pay()
    assert RECEIPT.search(talk.wait_until_settled())
    assert talk.orders()[0].state == "settled"


def test_killed_between_paid_and_settled_it_settles_once_after_the_start(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    talk.say("确认")
    house.fault(kind="unavailable", path_prefix="/cities/330100/utilities/bills")
    talk.press_pay()
    house.wait_for(lambda: talk.orders()[0].state == "paid")
    house.kill_actions()
    house.clear_faults()
    assert talk.orders()[0].state == "paid"
    house.restart_actions()
    house.wait_for(lambda: talk.orders()[0].state == "settled")
    assert talk.moves().count("settled") == 1
    assert RECEIPT.search(talk.say("付好了"))


def test_several_bills_are_chosen_from(house, water):
    talk = Talk(house)
    talk.say(f"交水费，户号{water['two_unpaid']}")
    assert talk.requested() == "bill_choice"
    newest, oldest = house.bills("water", water["two_unpaid"])[:2]
    assert "没有这个选项" in talk.say("第九个")
    assert oldest["amount"] in talk.say("第一个")
    talk.say("确认")
    talk.press_pay()
    talk.wait_until_settled()
    assert house.bill("water", water["two_unpaid"], oldest["bill_id"])["status"] == "paid"
    assert house.bill("water", water["two_unpaid"], newest["bill_id"])["status"] == "unpaid"


def test_a_look_up_says_period_usage_and_amount(house, water):
    talk = Talk(house)
    answer = talk.say(f"户号{water['two_unpaid']}，水费欠多少")
    for bill in house.bills("water", water["two_unpaid"])[:2]:
        assert bill["amount"] in answer
        assert bill["usage"] in answer
    assert talk.active_form() is None


def test_what_was_told_is_not_asked_again(house, water):
    talk = Talk(house)
    talk.say(f"户号{water['one_unpaid']}，水费欠多少")
    talk.say("那就把水费交了")
    assert talk.requested() == "confirmation"


@pytest.mark.parametrize(
    ("kind", "word"),
    [("unavailable", "没有回应"), ("error_500", "没有回应"), ("broken_json", "没有回应"), ("maintenance", "维护")],
)
def test_a_city_that_fails_has_its_own_plain_answer(house, water, kind, word):
    house.fault(kind=kind, path_prefix="/cities/330100/utilities")
    talk = Talk(house)
    assert word in talk.say(f"查水费，户号{water['one_unpaid']}")
    assert talk.active_form() is None
    house.clear_faults()
    house.rest_circuits()
    assert "未缴" in talk.say(f"查水费，户号{water['one_unpaid']}")


def test_a_service_the_city_has_not_connected_is_said(house):
    talk = Talk(house)
    talk.say("换到嘉兴")
    gas = house.samples()["accounts"]["gas"]["one_unpaid"]
    assert "没有接入" in talk.say(f"查燃气费，户号{gas}")
