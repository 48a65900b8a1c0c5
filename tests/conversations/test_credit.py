"""Residents ask for their credit score; nobody is told a stranger's."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def people(house):
    """Sample people of a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]


def test_a_strangers_score_is_not_told(house, people):
    talk = Talk(house)
    talk.say("查信用分")
    talk.say(f"我叫{people['patient']['name']}")
    answer = talk.say(people["with_credit"]["id_number"])
    assert "对不上" in answer
    assert "等级" not in answer


def test_the_score_its_grade_and_what_moved_it(house, people):
    person = people["with_credit"]
    talk = Talk(house)
    answer = talk.say(f"我叫{person['name']}，身份证{person['id_number']}，我的信用分多少")
    assert talk.active_form() is None
    record = house.credit(person)
    assert str(record["score"]) in answer
    assert record["grade"] in answer
    for factor in record["factors"]:
        assert factor["name"] in answer
    assert person["id_number"] not in answer


def test_what_an_id_number_is_for_is_said_once(house, people):
    talk = Talk(house)
    talk.say("查信用分")
    first = talk.say(f"我叫{people['patient']['name']}")
    assert talk.requested() == "id_number"
    assert "30 天" in first
    assert "对不上" in talk.say(people["with_credit"]["id_number"])
    again = talk.say(f"我叫{people['with_credit']['name']}")
    assert talk.requested() == "id_number"
    assert "30 天" not in again


def test_no_record_is_said(house, people):
    person = people["without_credit"]
    talk = Talk(house)
    talk.say("信用分")
    talk.say(f"我叫{person['name']}")
    assert "还没有" in talk.say(person["id_number"])
    assert talk.active_form() is None
