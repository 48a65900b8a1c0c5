"""Which city, which hospital, whose number is meant: what was said in passing changes nothing, and nobody is guessed."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.mark.parametrize(
    "words",
    [
        "我在北京出差，帮家里查下水费，户号{}",
        "人在上海回不去，先查一下家里水费 户号{}",
        "刚从嘉兴回来，查水费户号{}",
    ],
)
def test_a_city_in_passing_is_no_change_of_city(house, samples, words):
    talk = Talk(house)
    talk.say(words.format(samples["accounts"]["water"]["one_unpaid"]))
    assert talk.slot("city_code") == "330100"
    assert "1 笔未缴" in talk.said


def test_two_cities_are_both_done_each_with_its_own_account(house, samples):
    elsewhere = house.sandbox.get("/admin/samples", params={"city": "330400"}).json()["accounts"]["water"]
    talk = Talk(house)
    talk.say("查杭州和嘉兴的水费")
    talk.say(samples["accounts"]["water"]["one_unpaid"])
    assert "1 笔未缴" in talk.said
    assert talk.slot("city_code") == "330400"
    assert talk.requested() == "account_number"
    assert "嘉兴" in talk.say(elsewhere["one_unpaid"])
    assert talk.active_form() is None


def test_a_name_that_sounds_like_another_is_asked_about(house, samples):
    talk = Talk(house)
    talk.say("换到苏洲")
    assert {button["title"] for button in talk.replies[-1]["buttons"]} == {"苏州", "宿州"}
    assert talk.slot("city_code") == "330100"
    talk.press("宿州")
    assert talk.slot("city_code") == "341300"


def test_a_county_without_a_file_is_served_by_its_prefecture(house, samples):
    talk = Talk(house)
    talk.say("换到海宁")
    assert talk.slot("city") == "嘉兴"
    talk.say("换到义乌")
    assert talk.slot("city") == "义乌"


def test_another_hospital_is_never_booked_silently(house, samples):
    talk = Talk(house)
    talk.say("挂浙一医院的口腔科")
    assert "没有“浙一医院”" in talk.said
    assert talk.slot("hospital") is None


def test_a_hospital_is_the_citys_own(house, samples):
    talk = Talk(house)
    talk.say("换到嘉兴")
    talk.say("挂市一院的内科")
    assert talk.slot("hospital") == "嘉兴市第一医院"


def test_an_id_number_is_nobodys_account(house, samples):
    talk = Talk(house)
    talk.say("查水费")
    number = samples["people"]["with_credit"]["id_number"]
    assert number not in talk.say(number)
    assert talk.requested() == "account_number"
    assert talk.slot("account_number") is None


def test_a_yes_means_only_what_was_just_offered(house, samples):
    talk = Talk(house)
    talk.say(f"查水费 户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("谢谢")
    talk.say("好的")
    assert talk.active_form() is None
    talk.say(f"查水费 户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("好的")
    assert talk.requested() == "confirmation"


def test_a_day_that_is_over_or_too_far_is_said(house, samples):
    talk = Talk(house)
    talk.say("挂口腔科")
    assert "已经过去" in talk.say("昨天")
    assert talk.requested() == "date"
    assert "还没有放号" in talk.say("两个月后")
    assert talk.requested() == "date"
