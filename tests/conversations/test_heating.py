"""Residents of northern cities look up and pay what they owe for heating."""

from decimal import Decimal

import pytest

from tests.conversations.talk import Talk

JINAN = "370100"


@pytest.fixture
def accounts(house):
    """Heating accounts of a freshly seeded 济南, by how many bills are unpaid."""
    house.reset_city()
    return house.samples(JINAN)["heating_accounts"]


@pytest.fixture
def talk(house):
    """A resident of 济南."""
    talk = Talk(house)
    talk.say("换到济南")
    return talk


def unpaid(house, account):
    """An account's unpaid bills, as the city has them."""
    return house.get(f"/heating/accounts/{account}/bills", city=JINAN)["bills"]


@pytest.mark.parametrize("said", ["交取暖费", "查一下暖气费，户号3701234567"])
def test_where_nobody_heats_nothing_is_asked(house, said):
    talk = Talk(house)
    assert "杭州还没有接入" in talk.say(said)
    assert (talk.active_form(), talk.requested()) == (None, None)


def test_an_unknown_account_is_asked_again(accounts, talk):
    assert "取暖费的户号，在供热缴费单或供热合同上，10 位数字" in talk.say("交取暖费")
    assert "没有查到户号 3701000000" in talk.say("3701000000")
    assert talk.requested() == "account_number"
    assert "10 位数字" in talk.say("天王盖地虎123456")
    talk.say(f"供热卡号 {accounts['one']}")
    assert talk.requested() == "confirmation"


def test_nothing_owed_is_said(accounts, talk):
    assert f"户号 {accounts['none']} 的取暖费都交清了" in talk.say(f"取暖费多少，户号{accounts['none']}")


def test_a_no_pays_nothing(house, accounts, talk):
    talk.say(f"交取暖费，户号{accounts['one']}")
    assert "没有扣款" in talk.say("不交了")
    assert talk.orders() == []
    assert len(unpaid(house, accounts["one"])) == 1


def test_yes_twice_is_one_order(accounts, talk):
    talk.say(f"交暖气费，户号{accounts['one']}")
    talk.say("确认")
    talk.say("确认")
    talk.say(f"交暖气费，户号{accounts['one']}")
    talk.say("确认")
    assert [order.state for order in talk.orders()] == ["awaiting_payment"]


@pytest.mark.parametrize("said", ["取暖费怎么算", "暖气不热找谁"])
def test_rules_are_not_ours(talk, said):
    assert "还办不了" in talk.say(said)


def test_of_two_seasons_one_is_chosen_and_paid_once(house, accounts, talk):
    old, new = unpaid(house, accounts["two"])
    assert f"共 {float(old['amount']) + float(new['amount']):.2f} 元" in talk.say(f"查暖气费 {accounts['two']}")
    talk.press("现在交")
    assert talk.requested() == "season_choice"
    talk.say("第二笔")
    for word in ("济南市热力集团有限公司", accounts["two"], f"金额 {new['amount']} 元", f"{new['begins_in']}—"):
        assert word in talk.said
    talk.say("确认")
    talk.press_pay()
    assert "收据号 R" in talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled"]
    assert unpaid(house, accounts["two"]) == [old]


def test_both_seasons_are_paid_with_one_link_after_the_list(house, accounts, talk):
    """Also where 都交了吧 alone is more like another service's request: what was read out is meant."""
    bills = unpaid(house, accounts["two"])
    total = sum(Decimal(bill["amount"]) for bill in bills)
    talk.say(f"查暖气费 {accounts['two']}")
    talk.say("都交了吧")
    assert f"合计 {total:.2f} 元" in talk.said
    assert (talk.active_form(), talk.requested()) == ("pay_heating_bill_form", "confirmation")
    assert talk.orders() == []
    talk.say("确认")
    assert len({order.payment_number for order in talk.orders()}) == 1
    talk.press_pay()
    talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled", "settled"]
    assert unpaid(house, accounts["two"]) == []
