"""Residents ask for their housing fund; nobody is told a stranger's."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def people(house):
    """Sample people of a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]


def test_a_strangers_account_is_not_told(house, people):
    talk = Talk(house)
    talk.say("查公积金")
    talk.say(f"我叫{people['without_housing_fund']['name']}")
    answer = talk.say(people["with_housing_fund"]["id_number"])
    assert "对不上" in answer
    assert "余额" not in answer


def test_where_it_is_not_offered_nobody_is_asked_for_anything(house, people):
    talk = Talk(house)
    talk.say("换到合肥")
    house.fault(kind="maintenance", path_prefix="/cities/340100/housing-fund", seconds=600)
    assert "维护" in talk.say("查一下公积金余额")
    assert talk.active_form() is None


def test_without_an_account_it_is_said(house, people):
    person = people["without_housing_fund"]
    answer = Talk(house).say(f"我叫{person['name']}，身份证{person['id_number']}，查公积金")
    assert "没有查到" in answer


def test_balance_and_deposits(house, people):
    person = people["with_housing_fund"]
    talk = Talk(house)
    talk.say("我的公积金还有多少")
    assert talk.requested() == "person_name"
    talk.say(f"我叫{person['name']}")
    answer = talk.say(person["id_number"])
    account = house.search("/housing-fund/account", person)
    assert account["balance"] in answer
    assert account["employer"] in answer
    assert answer.count(account["monthly"]) >= len(account["deposits"])
    assert person["id_number"] not in answer
    assert talk.active_form() is None
