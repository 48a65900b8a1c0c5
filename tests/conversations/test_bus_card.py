"""Residents look up what is left on a bus card and top it up."""

from decimal import Decimal

import pytest

from tests.conversations.talk import RECEIPT, Talk

UNKNOWN = "3104330100000000000"


@pytest.fixture
def card(house):
    """A card of a freshly seeded city that is nearly empty."""
    house.reset_city()
    return house.samples()["bus_cards"]["low"]


def balance(house, card):
    """What is left on a card, as the city has it."""
    return Decimal(house.get(f"/bus-card/cards/{card}")["balance"])


def test_where_there_are_no_bus_cards_nothing_is_asked(house):
    talk = Talk(house)
    talk.say("换到合肥")
    assert "合肥还没有接入" in talk.say("充公交卡")
    assert (talk.active_form(), talk.requested()) == (None, None)


@pytest.mark.parametrize("said", ["公交卡丢了怎么办", "公交卡怎么退"])
def test_questions_about_rules_are_answered_and_start_nothing(house, said):
    talk = Talk(house)
    assert "公共交通集团" in talk.say(said)
    assert talk.active_form() is None


def test_an_unknown_card_is_asked_again(house, card):
    talk = Talk(house)
    talk.say("充公交卡")
    assert f"没有查到卡号 {UNKNOWN}" in talk.say(UNKNOWN)
    assert "公交卡号" in talk.say("卡号 12345")
    assert talk.requested() == "card_number"
    talk.say(f"{card[:4]} {card[4:8]} {card[8:12]} {card[12:16]} {card[16:]}")
    assert talk.requested() == "amount"


@pytest.mark.parametrize("said", ["5块", "9", "501", "八百", "充一千块", "50.5元", "20.5"])
def test_a_sum_that_cannot_be_is_asked_again(house, card, said):
    talk = Talk(house)
    talk.say(f"给公交卡{card}充值")
    assert "一次能充 10 到 500 元" in talk.say(said)
    assert talk.requested() == "amount"
    talk.say("随便吧我也不知道")
    assert talk.requested() == "amount"


@pytest.mark.parametrize("said", ["80", "八十", "那就充八十吧", "80块", '/inform{"amount": "80.00"}'])
def test_a_sum_however_it_is_said(house, card, said):
    talk = Talk(house)
    talk.say(f"给公交卡{card}充值")
    assert "付 80.00 元" in talk.say(said)


def test_a_no_pays_nothing(house, card):
    talk = Talk(house)
    talk.say(f"给公交卡{card}充50元")
    assert "没有扣款" in talk.say("不充了")
    assert talk.orders() == []


def test_yes_twice_and_asking_again_is_one_payment(house, card):
    before, talk = balance(house, card), Talk(house)
    talk.say(f"给公交卡{card}充50元")
    talk.say("确认")
    talk.say("确认")
    talk.say(f"给公交卡{card}充50元")
    talk.say("确认")
    assert len(talk.orders()) == 1
    talk.press_pay()
    talk.wait_until_settled()
    talk.say("确认")
    assert balance(house, card) == before + 50


def test_another_sum_takes_the_place_of_an_unpaid_one(house, card):
    before, talk = balance(house, card), Talk(house)
    talk.say(f"给公交卡{card}充50元")
    talk.say("确认")
    talk.say("充公交卡，100元")
    talk.say("确认")
    assert [order.state for order in talk.orders()] == ["closed", "awaiting_payment"]
    talk.press_pay()
    talk.wait_until_settled()
    assert balance(house, card) == before + 100


def test_the_same_sum_once_more_is_a_second_top_up(house, card):
    before, talk = balance(house, card), Talk(house)
    house.fault(kind="notice_never")
    talk.say(f"给公交卡{card}充20元")
    talk.say("确认")
    talk.press_pay()
    talk.say(f"给公交卡{card}充20元")
    assert RECEIPT.search(talk.said)  # what nobody has told us is found out before another is offered
    talk.say("确认")
    talk.press_pay()
    talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled", "settled"]
    assert balance(house, card) == before + 40


def test_paid_where_nobody_can_say_so_is_not_paid_again(house, card):
    before, talk = balance(house, card), Talk(house)
    talk.say(f"给公交卡{card}充20元")
    talk.say("确认")
    house.fault(kind="notice_never")
    talk.press_pay()
    house.fault(kind="unavailable", path_prefix="/payments")
    talk.say(f"给公交卡{card}充20元")
    talk.say("确认")
    house.clear_faults()
    house.rest_circuits()
    talk.wait_until_settled()
    assert (len(talk.orders()), balance(house, card)) == (1, before + 20)


def test_what_is_left_leads_to_a_receipt(house, card):
    before, talk = balance(house, card), Talk(house)
    assert f"余额是 {before} 元" in talk.say(f"公交卡 {card} 还有多少钱")
    talk.press("充值")
    talk.press("50 元")
    for word in ("杭州市公共交通集团有限公司", card, "付 50.00 元"):
        assert word in talk.said
    talk.say("确认")
    talk.press_pay()
    assert RECEIPT.search(talk.wait_until_settled())
    assert f"余额是 {before + 50} 元" in talk.say("查公交卡余额")
