"""Residents ask for their residence permit; nobody is told a stranger's."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def people(house):
    """Sample people of a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]


def told(house, person):
    """What somebody is told who says all at once."""
    return Talk(house).say(f"我叫{person['name']}，身份证{person['id_number']}，查居住证")


def test_a_strangers_permit_is_not_told(house, people):
    talk = Talk(house)
    talk.say("查居住证")
    talk.say(f"我叫{people['without_residence_permit']['name']}")
    assert "对不上" in talk.say(people["with_residence_permit"]["id_number"])
    assert "有效" not in talk.said


def test_where_it_is_not_offered_and_about_rules_nobody_is_asked_for_anything(house):
    talk = Talk(house)
    assert "半年" in talk.say("办居住证要准备啥材料")
    assert talk.active_form() is None
    talk.say("换到阿勒泰")
    assert "还没有接入" in talk.say("我的居住证到期没有")
    assert talk.active_form() is None


def test_without_a_permit_it_is_said(house, people):
    assert "没有查到" in told(house, people["without_residence_permit"])


def test_one_that_ran_out_or_is_in_making(house, people):
    person = people["suspended_residence_permit"]
    permit = house.search("/residence-permit/permit", person)
    assert f"{permit['valid_until']} 到期，没有签注" in told(house, person)
    person = people["in_making_residence_permit"]
    permit = house.search("/residence-permit/permit", person)
    assert f"正在办理，{permit['issued_on']} 能领" in told(house, person)


def test_until_when_it_is_valid_and_when_to_endorse_it(house, people):
    person = people["with_residence_permit"]
    talk = Talk(house)
    talk.say("帮我看看居住证啥时候过期")
    talk.say(f"我叫{person['name']}")
    answer = talk.say(person["id_number"])
    permit = house.search("/residence-permit/permit", person)
    assert permit["state"] == "valid"
    assert f"有效，到 {permit['valid_until']} 为止" in answer
    assert f"{permit['endorse_from']} 起可以签注" in answer
    assert person["id_number"] not in answer
    assert len(answer) < 80
    assert talk.active_form() is None
