"""A payment that does not go through is no payment, and a no to one thing closes no order of another, over HTTP."""

import re

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture
def open_order(house, samples):
    """A conversation in which a water bill waits for its payment."""
    talk = Talk(house)

    def open_it():
        talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
        talk.say("确认")
        return any(order.state == "awaiting_payment" for order in talk.orders())

    house.wait_for(open_it)
    return talk


@pytest.mark.parametrize("words", ["付款链接打不开", "怎么一直付不了款", "收银台进不去"])
def test_trouble_at_the_cashier_gives_the_link_again_and_how_long_it_is_good(open_order, words):
    answer = open_order.say(words)
    (order,) = open_order.orders()
    assert order.cashier_url in answer
    assert re.search(r"\d\d:\d\d 前有效", answer)
    assert "不会收两次" in answer
    assert order.state == "awaiting_payment"


@pytest.mark.parametrize("words", ["好了没", "你们把我的钱弄哪去了"])
def test_who_asks_where_the_money_is_is_told_of_the_payment(open_order, words):
    answer = open_order.say(words)
    assert open_order.orders()[0].subject in answer
    assert open_order.active_form() is None


def test_trouble_after_it_went_through_is_told_of_the_payment_and_gets_no_link(open_order):
    open_order.press_pay()
    open_order.wait_until_settled()
    answer = open_order.say("付款链接打不开")
    (order,) = open_order.orders()
    assert order.receipt_number in answer
    assert order.cashier_url not in answer


def test_trouble_is_no_guess_where_the_provider_does_not_answer(house, open_order):
    house.fault(kind="error_500", path_prefix="/payments/trades")
    answer = open_order.say("付款链接打不开")
    house.clear_faults()
    assert "暂时查不到付款结果" in answer
    assert open_order.orders()[0].cashier_url not in answer


def test_trouble_with_nothing_to_pay_is_not_taken_for_paid(house, samples):
    talk = Talk(house)
    talk.say("查水费")
    answer = talk.say("付款链接打不开")
    assert "没有等您付款的订单" in answer
    assert talk.requested() == "account_number"
    assert talk.slot("said_paid") is None


@pytest.mark.parametrize("words", ["收据呢", "没有扣我钱吧？"])
def test_who_asks_for_a_receipt_or_a_charge_is_not_told_that_they_said_paid(house, samples, words):
    talk = Talk(house)
    talk.say(f"查水费 {samples['accounts']['water']['one_unpaid']}")
    answer = talk.say(words)
    assert "您说已经付" not in answer
    assert "好的" not in answer
    assert "还没有缴费记录" in answer


@pytest.mark.parametrize("words", ["不交", "算了不交了", "不要了"])
def test_a_no_to_what_was_just_offered_leaves_the_order_of_before(open_order, samples, words):
    open_order.say(f"查停车费 {samples['plates']['parking_one']}")
    answer = open_order.say(words)
    (order,) = open_order.orders()
    assert order.state == "awaiting_payment"
    assert order.subject in answer
    open_order.say(f"{order.subject}取消付款")
    assert open_order.orders()[0].state == "closed"


def test_a_request_after_a_pause_is_done_and_the_open_one_waits(house, samples):
    person = samples["people"]["with_housing_fund"]
    talk = Talk(house)
    talk.say("公积金有多少")
    talk.say(person["name"])
    answer = talk.say("等等，先查社保")
    assert "不办" not in answer
    assert "social_insurance" in talk.active_form()


@pytest.mark.parametrize("words", ["冇错", "对额"])
def test_a_yes_in_dialect_is_one(house, samples, words):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say(words)
    assert len(talk.orders()) == 1
