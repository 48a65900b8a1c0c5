"""What happens around the tasks: left and resumed, cancelled, corrected, a person asked for, and all that is not ours."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


def test_left_for_another_task_it_is_resumed_by_name(house, samples):
    talk = Talk(house)
    talk.say("我要交水费")
    assert talk.requested() == "account_number"
    talk.say("先帮我查下违章")
    assert talk.active_form() == "query_traffic_violation_form"
    answer = talk.say(samples["plates"]["clean"])
    assert "交水电燃气费" in answer
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.slot("bill_type") == "water"
    talk.say(samples["accounts"]["water"]["one_unpaid"])
    assert talk.requested() == "confirmation"


def test_leaving_at_the_yes_asks_the_very_sentence_again(house, samples):
    talk = Talk(house)
    question = talk.say(f"交水费 户号{samples['accounts']['water']['one_unpaid']}")
    answer = talk.say(f"等下，{samples['plates']['clean']}有违章吗")
    assert question.splitlines()[-1] in answer
    assert talk.orders() == []
    talk.say("确认")
    assert len(talk.orders()) == 1


def test_a_look_up_of_another_bill_in_between_does_not_change_what_is_paid(house, samples):
    talk = Talk(house)
    talk.say(f"交水费 户号{samples['accounts']['water']['one_unpaid']}")
    talk.say(f"查一下电费欠多少，户号{samples['accounts']['electricity']['one_unpaid']}")
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.slot("bill_type") == "water"
    assert talk.slot("account_number") == samples["accounts"]["water"]["one_unpaid"]
    assert talk.requested() == "confirmation"


def test_a_task_left_and_cancelled_is_said(house, samples):
    talk = Talk(house)
    talk.say("我要交电费")
    assert "不办了" in talk.say("算了")
    assert talk.active_form() is None
    assert talk.slot("bill_type") is None


@pytest.mark.parametrize("words", ["你好", "谢谢", "你能干什么", "今天天气怎么样", "转人工"])
def test_an_aside_is_answered_and_the_question_asked_again(house, samples, words):
    talk = Talk(house)
    question = talk.say("我要交水费")
    answer = talk.say(words)
    assert question in answer
    assert answer != question
    assert talk.active_form() == "pay_utility_bill_form"


def test_the_bill_is_corrected(house, samples):
    talk = Talk(house)
    talk.say("我要交水费")
    talk.say("不对，是电费")
    assert talk.slot("bill_type") == "electricity"
    talk.say(samples["accounts"]["electricity"]["one_unpaid"])
    assert "电费" in talk.said
    assert talk.requested() == "confirmation"


def test_a_person_is_asked_for_with_the_conversation(house, samples):
    talk = Talk(house)
    talk.say("我要交水费")
    assert "12345" in talk.say("转人工")
    (record,) = house.hand_overs(talk.conversation_id)
    assert record.conversation["task"] == "pay_utility_bill_form"
    assert [message["text"] for message in record.conversation["messages"] if message["from"] == "user"][
        0
    ] == "我要交水费"


def test_the_menu_has_buttons_that_work(house, samples):
    talk = Talk(house)
    talk.say("你好")
    talk.press("查水电")
    assert talk.active_form() == "query_utility_bill_form"
    talk.press("燃气费")
    assert talk.slot("bill_type") == "gas"


def test_bare_information_is_offered_what_can_be_done_with_it(house, samples):
    talk = Talk(house)
    talk.say(samples["plates"]["clean"])
    talk.press("查交通违法")
    assert "没有" in talk.said


@pytest.mark.parametrize("words", ["水果多少钱一斤", "电影票怎么买", "信用社几点开门", "挂钟不走了", "给我讲个笑话"])
def test_what_is_not_ours_starts_nothing(house, samples, words):
    talk = Talk(house)
    talk.say(words)
    assert talk.active_form() is None


def test_a_city_not_served_is_said_and_stays(house, samples):
    talk = Talk(house)
    talk.say("换到拉萨")
    assert talk.slot("city_code") == "330100"
    talk.say("换到嘉兴")
    assert talk.slot("city_code") == "330400"


def test_two_requests_in_one_message_are_both_done(house, samples):
    talk = Talk(house)
    talk.say("查下水费，顺便看看有没有违章")
    answer = talk.say(samples["accounts"]["water"]["one_unpaid"])
    assert "查交通违法" in answer
    assert talk.active_form() == "query_traffic_violation_form"
