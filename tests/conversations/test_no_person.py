"""No person is wanted, or none any more: nobody is called, and no task is given up by it, over HTTP."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


def states(talk):
    """The state of each hand-over of the conversation."""
    return [one.state for one in talk.house.hand_overs(talk.conversation_id)]


@pytest.mark.parametrize("words", ["不用转人工了", "不要人工了", "别转人工"])
def test_a_no_to_a_person_calls_none(house, samples, words):
    talk = Talk(house)
    talk.say(words)
    assert states(talk) == []


def test_who_was_called_need_not_come_and_the_payment_waits_for_its_yes(house, samples):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("转人工")
    assert states(talk) == ["waiting"]
    talk.say("不用人工了，我自己来")
    assert states(talk) == ["closed"]
    assert talk.requested() == "confirmation"
    talk.say("确认")
    assert len(talk.orders()) == 1
    talk.say("转人工")
    assert sorted(states(talk)) == ["closed", "waiting"]


def test_what_was_reported_stays_with_the_staff(house, samples):
    talk = Talk(house)
    talk.say("我要投诉，楼下烧烤店半夜一两点还在放音乐，吵得睡不着")
    talk.say("不留")
    talk.say("提交")
    talk.say("不用人工了")
    assert states(talk) == ["waiting"]
