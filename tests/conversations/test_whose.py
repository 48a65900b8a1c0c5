"""Whose thing it is: nobody's number or name is used for another, over HTTP against the three real processes."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def town(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture
def water(town):
    """Sample accounts of the water biller."""
    return town["accounts"]["water"]


def test_ones_own_account_is_not_used_for_another_household(house, water):
    talk = Talk(house)
    talk.say(f"交水费{water['one_unpaid']}")
    talk.say("不了")
    talk.say("帮我爸交水费")
    assert talk.slot("whose") == "family"
    assert talk.requested() == "account_number"
    assert water["one_unpaid"] not in talk.said
    assert talk.orders() == []


def test_the_others_account_is_used_for_them_and_not_for_oneself(house, water):
    talk = Talk(house)
    talk.say(f"查水费{water['two_unpaid']}")
    talk.say("再查下我妈家的水费")
    assert talk.requested() == "account_number"
    talk.say(water["one_unpaid"])
    talk.say("那就把水费交了")
    assert talk.slot("account_number") == water["one_unpaid"]
    talk.say("不了")
    talk.say("交我自己家的水费")
    assert talk.slot("account_number") == water["two_unpaid"]


def test_from_one_person_to_the_next_nothing_goes_along(house, water):
    talk = Talk(house)
    talk.say(f"帮我爸查水费，户号{water['one_unpaid']}")
    talk.say("邻居家的水费呢")
    assert talk.slot("whose") == "acquaintance"
    assert talk.slot("account_number") is None


def test_who_only_tells_me_to_pay_is_not_whose_bill_it_is(house, water):
    talk = Talk(house)
    talk.say(f"查水费{water['one_unpaid']}")
    talk.say("我爸让我交水费")
    assert talk.slot("account_number") == water["one_unpaid"]
    assert talk.requested() == "confirmation"


def test_a_quote_is_no_longer_one_when_it_is_said_to_be_another_persons(house, water):
    talk = Talk(house)
    talk.say(f"交水费{water['one_unpaid']}")
    talk.say("不对，是帮我妈交水费")
    assert talk.requested() == "account_number"
    talk.say("确认")
    assert talk.orders() == []


def test_small_talk_about_a_child_changes_nothing(house, water):
    talk = Talk(house)
    talk.say(f"交水费{water['one_unpaid']}")
    talk.say("孩子在哭，今天天气真差")
    assert talk.slot("account_number") == water["one_unpaid"]
    assert talk.requested() == "confirmation"


@pytest.mark.parametrize("words", ["下一位", "换人了", "换个人办"])
def test_a_new_person_starts_without_the_last_ones_name_and_number(house, town, water, words):
    person = town["people"]["with_credit"]
    talk = Talk(house)
    talk.say(f"交水费{water['one_unpaid']}")
    talk.say(f"我叫{person['name']}，身份证{person['id_number']}，我的信用分多少")
    assert talk.active_form() == "pay_utility_bill_form"
    talk.say(words)
    assert talk.active_form() is None
    assert talk.slot("waiting_tasks") is None
    talk.say("查信用分")
    assert talk.requested() == "person_name"
    talk.say("交水费")
    assert talk.requested() == "account_number"
    assert talk.orders() == []


def test_a_new_person_who_says_at_once_what_to_do(house, town):
    first, second = town["people"]["with_credit"], town["people"]["without_credit"]
    talk = Talk(house)
    talk.say(f"我叫{first['name']}，身份证{first['id_number']}，我的信用分多少")
    talk.say("下一位，查信用分")
    assert talk.requested() == "person_name"
    talk.say(second["name"])
    assert "还没有" in talk.say(second["id_number"])


def test_what_was_left_goes_on_with_whose_it_was(house, water):
    talk = Talk(house)
    talk.say(f"交水费{water['one_unpaid']}")
    talk.say("先查下我妈家的电费")
    assert talk.slot("account_number") is None
    talk.say("算了")
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.slot("account_number") == water["one_unpaid"]
    assert talk.slot("whose") == "self"


@pytest.mark.parametrize("service", ["信用分", "公积金", "社保", "医保", "居住证"])
def test_what_is_personal_is_told_to_nobody_else(house, town, service):
    person = town["people"]["with_credit"]
    talk = Talk(house)
    answer = talk.say(f"查一下我老公的{service}，他叫{person['name']}")
    assert "本人" in answer
    assert talk.active_form() is None
    assert person["name"] not in talk.say(person["id_number"])
    assert talk.active_form() is None
    assert "本人" in talk.say(f"查{service}")
    assert talk.slot("id_number") is None


def test_the_other_named_first_is_the_other_still(house, town):
    person = town["people"]["with_credit"]
    talk = Talk(house)
    talk.say(f"我老公叫{person['name']}")
    assert "等级" not in talk.say(f"{person['id_number']}，查信用分")
    assert "等级" not in talk.say("查他的信用分")
    assert talk.active_form() is None


def test_said_only_when_the_name_is_asked_for_it_is_refused_too(house, town):
    talk = Talk(house)
    talk.say("查公积金")
    assert talk.requested() == "person_name"
    talk.say("是我老婆的公积金")
    assert talk.active_form() is None
    assert talk.slot("outcome") == "failed"


def test_ones_own_is_told_after_a_refusal_without_the_others_name(house, town):
    person = town["people"]["with_credit"]
    talk = Talk(house)
    talk.say("查同事的信用分，他叫何志强")
    talk.press("自己")
    assert talk.requested() == "person_name"
    assert talk.slot("whose") == "self"
    talk.say(person["name"])
    assert str(house.credit(person)["score"]) in talk.say(person["id_number"])


def test_a_visit_may_be_booked_for_somebody_else(house, town):
    talk = Talk(house)
    talk.say("给我妈挂明天上午的内科")
    assert talk.active_form() == "book_hospital_appointment_form"


def test_every_quote_shows_whose_bill_it_is(house, water):
    talk = Talk(house)
    question = talk.say(f"交水费{water['one_unpaid']}")
    answer = house.get(f"/utilities/water/accounts/{water['one_unpaid']}/bills?status=unpaid")
    holder = answer["account"]["holder_name_masked"]
    assert holder in question
    assert answer["account"]["address_masked"] in question
    year, month, day = answer["bills"][0]["due_on"].split("-")
    due = f"{year}年{int(month)}月{int(day)}日"
    assert due in question
    for text, told in (
        ("户主是谁", holder),
        ("地址是哪里", answer["account"]["address_masked"]),
        ("什么时候截止", due),
    ):
        assert told in talk.say(text).splitlines()[0]
        assert talk.requested() == "confirmation"
    assert "对不上" in talk.say("是欧阳修文家的吗")
    assert "看不出来" in talk.say("是我爸家的吗")
    assert talk.requested() == "confirmation"
    talk.say("户主不对")
    assert talk.requested() == "account_number"
    assert talk.orders() == []
