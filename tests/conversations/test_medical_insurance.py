"""Residents ask for their medical insurance; nobody is told a stranger's."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def people(house):
    """Sample people of a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]


def test_a_strangers_account_is_not_told(house, people):
    talk = Talk(house)
    talk.say("查医保")
    talk.say(f"我叫{people['without_medical_insurance']['name']}")
    assert "对不上" in talk.say(people["with_medical_insurance"]["id_number"])
    assert "余额" not in talk.said


def test_who_is_not_insured_is_told(house, people):
    person = people["without_medical_insurance"]
    assert "没有查到" in Talk(house).say(f"我叫{person['name']}，身份证{person['id_number']}，查医保余额")


def test_in_maintenance_and_about_rules_nobody_is_asked_for_anything(house, people):
    talk = Talk(house)
    assert "12393" in talk.say("看病医保能报多少")
    assert talk.active_form() is None
    talk.say("换到南昌")
    house.fault(kind="maintenance", path_prefix="/cities/360100/medical-insurance", seconds=600)
    assert "维护" in talk.say("医保账户还有钱吗")
    assert talk.active_form() is None


def test_balance_and_settlements(house, people):
    person = people["with_medical_insurance"]
    talk = Talk(house)
    talk.say("我医保还有多少钱能用")
    talk.say(f"我叫{person['name']}")
    answer = talk.say(person["id_number"])
    account = house.search("/medical-insurance/account", person)
    assert "职工医保（正常参保）" in answer
    assert f"余额 {account['balance']} 元" in answer
    assert account["settlements"]
    for one in account["settlements"]:
        assert f"{one['settled_on']} {one['place']}，共 {one['total']} 元" in answer
        assert f"个人账户付 {one['by_account']} 元" in answer
    assert person["id_number"] not in answer
    assert len(answer) < 300
    assert talk.active_form() is None
