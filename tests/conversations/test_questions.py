"""Residents ask: it is answered from data/knowledge, nothing is started, confirmed or forgotten by it, and the open question comes once more."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


def buttons(talk):
    """The payloads of all buttons of the latest answer."""
    return [button["payload"] for reply in talk.replies for button in reply.get("buttons") or []]


def test_a_question_is_answered_and_starts_nothing(house):
    talk = Talk(house)
    assert "千分之一" in talk.say("电费滞纳金怎么算的")
    assert (talk.active_form(), talk.requested(), talk.orders()) == (None, None, [])
    assert "/query_utility_bill" in buttons(talk)
    # What the answer offers is a press away.
    talk.press("查水电燃气费")
    assert talk.active_form() == "query_utility_bill_form"


@pytest.mark.parametrize("yes", ["好的", "嗯", "知道了谢谢"])
def test_a_yes_to_an_answer_presses_no_button_under_it(house, yes):
    talk = Talk(house)
    talk.say("几号抄表，多久出一次账单")
    assert buttons(talk) == ["/query_utility_bill"]
    talk.say(yes)
    assert (talk.active_form(), talk.orders()) == (None, [])


def test_where_none_is_sure_the_likeliest_questions_are_offered_and_a_press_answers(house):
    talk = Talk(house)
    talk.say("毛坯房还没有煤气 要怎么通")
    offered = [payload for payload in buttons(talk) if payload.startswith("/tell_article")]
    if offered:  # a model that is sure answers at once
        assert "{" not in talk.say(offered[0])
    assert talk.active_form() is None


def test_more_is_told_to_who_wants_it(house):
    talk = Talk(house)
    brief = talk.say("违约金一天多少")
    talk.press("再说细一点")
    assert "第三十九条" in talk.said
    assert "第三十九条" not in brief
    assert talk.active_form() is None


def test_whom_to_ask_is_the_citys_own_where_its_file_tells_and_the_number_that_knows_where_not(house):
    talk = Talk(house)
    talk.say("换到嘉兴")
    answer = talk.say("水表前面的管子漏水归谁修")
    assert "嘉兴市嘉源给排水公司" in answer
    assert "12345" in answer
    assert "95598" in talk.say("我们这儿停电停到几点")
    assert "{" not in talk.said


def test_a_question_between_question_and_answer_fills_no_slot_and_the_question_comes_back_once(house, samples):
    talk = Talk(house)
    asked = talk.say("交水费") and talk.said.splitlines()[-1]
    assert talk.requested() == "account_number"
    answer = talk.say("对了，水费能开发票吗")
    assert "发票" in answer
    assert answer.count(asked) == 1
    assert (talk.active_form(), talk.requested()) == ("pay_utility_bill_form", "account_number")
    assert talk.slot("account_number") is None
    # No other task is offered while one asks.
    assert not [payload for payload in buttons(talk) if "utility_bill" in payload]
    talk.say(samples["accounts"]["water"]["one_unpaid"])
    assert talk.requested() == "confirmation"


def test_a_question_at_the_quote_is_no_yes_and_no_no_and_the_quote_is_said_briefly(house, samples):
    talk = Talk(house)
    quote = talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    answer = talk.say("晚几天交会加钱吗")
    assert "违约金" in answer
    assert "户主" not in answer
    amount = quote.partition("金额 ")[2].partition(" 元")[0]
    assert f"{amount} 元" in answer
    assert (talk.requested(), talk.orders()) == ("confirmation", [])
    assert buttons(talk)[-2:] == ["/affirm", "/deny"]
    talk.say("确认")
    assert [(str(order.amount), order.state) for order in talk.orders()] == [(amount, "awaiting_payment")]


def test_a_no_after_a_question_is_still_a_no(house, samples):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("能不能先交一半")
    assert "没有扣款" in talk.say("那不交了")
    assert (talk.active_form(), talk.orders()) == (None, [])


def test_the_list_is_not_read_again_after_a_question(house, samples):
    talk = Talk(house)
    lines = talk.say(f"交水费，户号{samples['accounts']['water']['two_unpaid']}")
    assert talk.requested() == "bill_choice"
    answer = talk.say("欠费会影响征信吗")
    assert "第几个" in answer
    assert lines.splitlines()[-1] not in answer
    assert talk.slot("bill_choice") is None
    talk.say("第一个")
    assert talk.requested() == "confirmation"


def test_a_waiting_task_still_waits_after_a_question(house):
    talk = Talk(house)
    talk.say("交水费")
    talk.say("先查下违章")
    talk.say("停水到几点")
    assert talk.active_form() == "query_traffic_violation_form"
    assert [entry["form"] for entry in talk.slot("waiting_tasks")] == ["pay_utility_bill_form"]


@pytest.mark.parametrize("words", ["能帮我查下水费吗", "可以挂号吗", "我水费多少", "违章罚款能不能在这交，我想交掉"])
def test_a_request_that_is_put_as_a_question_stays_a_request(house, words):
    talk = Talk(house)
    talk.say(words)
    assert talk.active_form() is not None


def test_danger_is_heard_before_a_question(house):
    talk = Talk(house)
    assert "119" in talk.say("厨房好大一股煤气味，燃气安检多久一次")
