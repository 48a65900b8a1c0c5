"""Residents look up and pay what they owe for parking."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def plates(house):
    """Plates of a freshly seeded city, by how many stays are unpaid."""
    house.reset_city()
    return house.samples()["plates"]


def test_nothing_owed_is_said(house, plates):
    assert "没有没交" in Talk(house).say(f"查停车费，{plates['parking_none']}")


def test_a_no_pays_nothing(house, plates):
    talk = Talk(house)
    talk.say(f"交停车费，{plates['parking_one']}")
    assert talk.requested() == "confirmation"
    talk.say("不交了")
    assert talk.orders() == []


def test_of_two_stays_one_is_chosen_and_paid_once(house, plates):
    talk = Talk(house)
    talk.say("交停车费")
    talk.say(plates["parking_two"])
    assert talk.requested() == "stay_choice"
    talk.say("第二笔")
    assert plates["parking_two"] in talk.said
    stays = house.get(f"/parking/vehicles/{plates['parking_two']}/stays")["stays"]
    assert stays[1]["fee"] in talk.said
    talk.say("确认")
    talk.press_pay()
    talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled"]
    left = house.get(f"/parking/vehicles/{plates['parking_two']}/stays")["stays"]
    assert [stay["stay_id"] for stay in left] == [stays[0]["stay_id"]]


def test_what_is_owed_leads_to_paying_it(house, plates):
    talk = Talk(house)
    talk.say(f"{plates['parking_one']} 有没有停车费没交")
    talk.press("现在交")
    assert talk.active_form() == "pay_parking_fee_form"
    assert talk.requested() == "confirmation"


def test_both_stays_are_paid_with_one_link(house, plates):
    talk = Talk(house)
    talk.say(f"交停车费，{plates['parking_two']}")
    talk.say("两笔一起交")
    assert talk.requested() == "confirmation"
    assert "合计" in talk.said
    assert talk.orders() == []
    talk.say("两笔都交")
    assert len({order.payment_number for order in talk.orders()}) == 1
    talk.press_pay()
    talk.wait_until_settled()
    assert [order.state for order in talk.orders()] == ["settled", "settled"]
    assert house.get(f"/parking/vehicles/{plates['parking_two']}/stays")["stays"] == []
