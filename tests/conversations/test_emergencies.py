"""Danger is heard in any turn, before forms and rules, and what was being done is left as it stands."""

import itertools

import pytest

from tests.conversations.talk import Talk

DANGERS = [
    ("medical", "我爸突然倒地上了叫不醒", "120"),
    ("self_harm", "真的不想活了", "12356"),
    ("fire", "楼下着火了好大的烟", "119"),
    ("gas", "厨房好大一股煤气味", "119"),
    ("electricity", "电线掉下来一直冒火花", "95598"),
    ("crime", "有人在撬我家的门", "110"),
    ("fraud", "我被骗子骗走两万块钱", "96110"),
    ("traffic_accident", "刚刚在路口被车撞了", "122"),
    ("child", "我家孩子走丢了", "110"),
    ("flood", "车库被水淹了人出不来", "119"),
    ("lift", "我们被困在电梯里出不来", "119"),
]


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.mark.parametrize(("kind", "words", "number"), DANGERS)
def test_danger_is_heard_at_the_start_and_inside_a_form(house, kind, words, number):
    talk = Talk(house)
    assert number in talk.say(words)
    assert talk.active_form() is None
    talk = Talk(house)
    talk.say("交水费")
    asked = talk.requested()
    answer = talk.say(f"等下 {words}")
    assert number in answer
    assert "好的" not in answer
    assert (talk.active_form(), talk.requested()) == ("pay_utility_bill_form", asked)


@pytest.mark.parametrize(
    ("danger", "after"), zip(DANGERS, itertools.cycle(["好的", "不用了", "继续", "确认", "打过了"]), strict=False)
)
def test_a_quote_is_neither_confirmed_nor_cancelled(house, samples, danger, after):
    _, words, number = danger
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    answer = talk.say(words)
    assert number in answer
    assert "确认缴费吗" not in answer
    answer = talk.say(after)
    assert "确认缴费吗" in answer
    assert (talk.requested(), talk.orders()) == ("confirmation", [])
    talk.say("确认")
    assert [order.state for order in talk.orders()] == ["awaiting_payment"]


def test_an_answer_after_danger_is_taken(house, samples):
    account = samples["accounts"]["water"]["one_unpaid"]
    talk = Talk(house)
    talk.say("交水费")
    talk.say("家里着火了")
    talk.say(account)
    assert (talk.slot("account_number"), talk.requested()) == (account, "confirmation")


def test_a_booking_that_sounds_like_danger_is_warned_of_and_goes_on(house):
    talk = Talk(house)
    answer = talk.say("胸口疼得厉害挂什么科")
    assert "120" in answer
    assert talk.active_form() == "book_hospital_appointment_form"
