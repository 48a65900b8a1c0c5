"""Residents ask for their social insurance; nobody is told a stranger's."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def people(house):
    """Sample people of a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]


def test_a_strangers_record_is_not_told(house, people):
    talk = Talk(house)
    talk.say("查社保")
    talk.say(f"我叫{people['without_social_insurance']['name']}")
    assert "对不上" in talk.say(people["with_social_insurance"]["id_number"])
    assert "个月" not in talk.said


def test_without_a_record_it_is_said(house, people):
    person = people["without_social_insurance"]
    assert "没有查到" in Talk(house).say(f"我叫{person['name']}，身份证{person['id_number']}，查社保")


def test_in_maintenance_and_about_rules_nobody_is_asked_for_anything(house, people):
    talk = Talk(house)
    assert "12333" in talk.say("养老保险断几个月会清零吗")
    assert talk.active_form() is None
    talk.say("换到厦门")
    house.fault(kind="maintenance", path_prefix="/cities/350200/social-insurance", seconds=600)
    assert "维护" in talk.say("社保交了几个月了")
    assert talk.active_form() is None


def test_months_by_kind_and_the_last_payment(house, people):
    person = people["with_social_insurance"]
    talk = Talk(house)
    talk.say("单位给我交社保了吗")
    talk.say(f"我叫{person['name']}")
    answer = talk.say(person["id_number"])
    record = house.search("/social-insurance/record", person)
    for told in ("正常缴费", record["employer"], record["last_own"], record["last_by_employer"]):
        assert told in answer
    for name, months in zip(("养老", "医疗", "失业", "工伤", "生育"), record["months"].values(), strict=True):
        assert f"{name} {months} 个月" in answer
    assert person["id_number"] not in answer
    assert len(answer) < 180
    assert talk.active_form() is None
