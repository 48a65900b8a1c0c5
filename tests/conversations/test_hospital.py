"""Residents find doctors, book, see and cancel hospital visits."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.conversations.talk import Talk


def house_today() -> date:
    """The day it is for residents."""
    return datetime.now(ZoneInfo("Asia/Shanghai")).date()


@pytest.fixture
def patient(house):
    """A person whose name and ID number belong together, in a freshly seeded city."""
    house.reset_city()
    return house.samples()["people"]["patient"]


def book(talk, patient, words="挂后天上午口腔科的号"):
    """Go as far as the question that asks for a yes."""
    talk.say(words)
    talk.say("第一个")
    talk.say(f"我叫{patient['name']}")
    talk.say(patient["id_number"])
    assert talk.requested() == "confirmation"


def test_name_and_id_number_that_do_not_belong_together_book_nothing(house, patient):
    other = house.samples()["people"]["with_credit"]
    talk = Talk(house)
    talk.say("挂后天上午口腔科的号")
    talk.say("第一个")
    talk.say(f"我叫{other['name']}")
    assert "对不上" in talk.say(patient["id_number"])
    assert talk.requested() == "person_name"
    assert talk.slot("id_number") is None


def test_a_visit_is_booked_seen_and_cancelled(house, patient):
    talk = Talk(house)
    book(talk, patient)
    assert house.appointments(patient) == []
    assert "预约号" in talk.say("确认")
    (appointment,) = house.appointments(patient)
    assert appointment["status"] == "booked"
    assert appointment["department"] == "口腔科"
    assert appointment["period"] == "morning"
    assert "口腔科" in talk.say("看看我挂了哪些号")
    talk.say("把号退了")
    talk.say("确认")
    assert [a["status"] for a in house.appointments(patient)] == ["cancelled"]


def test_of_two_days_it_is_asked_which(house):
    talk = Talk(house)
    talk.say("挂口腔科的号")
    talk.say("明天或者后天")
    assert talk.requested() == "date"
    assert talk.slot("date") is None
    tomorrow = house_today() + timedelta(days=1)
    talk.press(f"{tomorrow.month}月{tomorrow.day}日")
    assert talk.slot("date") in (tomorrow.isoformat(), None)  # None where that day has no places left
    assert "对不上" not in talk.said


def test_a_weekday_that_contradicts_the_date_is_asked_about(house):
    talk = Talk(house)
    talk.say("挂口腔科的号")
    day = house_today() + timedelta(days=2)
    other = "一二三四五六日"[(day.weekday() + 1) % 7]
    assert "对不上" in talk.say(f"{day.month}月{day.day}号周{other}")
    assert talk.requested() == "date"
    assert talk.slot("date") is None
    assert {
        button["title"][: len(f"{day.month}月{day.day}日")]
        for reply in talk.replies
        for button in reply.get("buttons", [])
    } >= {f"{day.month}月{day.day}日"}


def test_a_day_of_a_story_is_not_the_booking_s(house):
    talk = Talk(house)
    talk.say("帮我挂口腔科的号，我孙子昨天来电话了")
    assert talk.requested() == "date"
    assert "已经过去" not in talk.said


def test_a_no_books_nothing(house, patient):
    talk = Talk(house)
    book(talk, patient)
    talk.say("不了")
    assert house.appointments(patient) == []
    assert talk.active_form() is None


def test_a_place_taken_meanwhile_is_answered_with_the_next_ones(house, patient):
    talk = Talk(house)
    book(talk, patient)
    chosen = talk.slot("quote")["offers"][0]["slot_id"]
    house.fill_slot(chosen)
    assert "约走" in talk.say("确认")
    assert talk.requested() == "slot_choice"
    assert chosen not in [offer["slot_id"] for offer in talk.slot("quote")["offers"]]
    talk.say("第一个")
    talk.say("确认")
    assert len(house.appointments(patient)) == 1


def test_the_day_is_changed_before_the_yes(house, patient):
    talk = Talk(house)
    book(talk, patient)
    talk.say("换成大后天下午")
    assert talk.requested() == "slot_choice"
    assert talk.slot("period") == "afternoon"
    talk.say("第一个")
    talk.say("可以")
    assert [a["period"] for a in house.appointments(patient)] == ["afternoon"]


def test_a_symptom_names_the_department(house, patient):
    talk = Talk(house)
    talk.say("小孩发烧了想挂号")
    assert talk.slot("department") == "儿科"
    assert talk.requested() == "date"


def test_booked_twice_on_one_day_is_said(house, patient):
    talk = Talk(house)
    book(talk, patient)
    talk.say("确认")
    talk.say("挂后天上午口腔科的号")
    talk.say("第二个")
    talk.say("确认")
    assert len(house.appointments(patient)) == 1


def test_nothing_booked_is_said(house, patient):
    talk = Talk(house)
    talk.say("我约了哪天的号")
    talk.say(f"我叫{patient['name']}")
    assert "没有" in talk.say(patient["id_number"])
    assert talk.active_form() is None
