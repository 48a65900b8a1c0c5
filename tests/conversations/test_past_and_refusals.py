"""Nothing is paid that was paid already or that was refused, over HTTP; the ledger and the city are read afterwards."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def water(house):
    """Sample accounts of the water biller."""
    house.reset_city()
    return house.samples()["accounts"]["water"]


@pytest.fixture
def at_the_quote(house, water):
    """A resident who has just been read a bill and asked for a yes."""
    talk = Talk(house)
    talk.say(f"交水费，户号{water['one_unpaid']}")
    assert talk.requested() == "confirmation"
    return talk


def buttons(talk):
    """The payloads of the last answer's buttons."""
    return [button["payload"] for reply in talk.replies for button in reply.get("buttons", [])]


@pytest.mark.parametrize(
    "words", ["水费我交过了，户号{}", "我水费交了两遍，{}，怎么办", "昨天交的水费怎么还没到账 户号{}"]
)
def test_what_was_paid_is_looked_up_and_never_offered(house, water, words):
    talk = Talk(house)
    answer = talk.say(words.format(water["one_unpaid"]))
    assert "不要再付" in answer
    assert house.bills("water", water["one_unpaid"])[0]["amount"] in answer
    assert not any("pay_" in sent for sent in buttons(talk))
    assert "/handoff_human" in buttons(talk)
    talk.say("好的")
    assert talk.active_form() is None
    assert talk.orders() == []


def test_the_account_is_asked_for_once(house, water):
    talk = Talk(house)
    talk.say("水费交了怎么还没销账")
    assert talk.requested() == "account_number"
    answer = talk.say(water["none_unpaid"])
    assert "已缴" in answer
    assert "不要再付" in answer
    assert talk.active_form() is None
    assert talk.slot("said_paid") is None


def test_what_nobody_named_is_asked(house, water):
    talk = Talk(house)
    assert "不要再付" in talk.say("我已经付过了")
    talk.press("水")
    talk.say("水费")
    answer = talk.say(water["one_unpaid"])
    assert "/handoff_human" in buttons(talk)
    assert not any("pay_" in sent for sent in buttons(talk))
    assert "不要再付" in answer
    assert talk.orders() == []


def test_a_later_look_up_offers_to_pay_again(house, water):
    talk = Talk(house)
    talk.say(f"水费我交过了，户号{water['one_unpaid']}")
    talk.say("查一下水费")
    assert any("pay_" in sent for sent in buttons(talk))


def test_paid_here_is_said_with_its_receipt(house, at_the_quote):
    at_the_quote.say("确认")
    at_the_quote.press_pay()
    at_the_quote.wait_until_settled()
    answer = at_the_quote.say("水费我交了两遍")
    assert at_the_quote.orders()[-1].receipt_number in answer
    assert "不要再付" in answer
    assert len(at_the_quote.orders()) == 1


def test_paid_already_leaves_the_quote(at_the_quote):
    answer = at_the_quote.say("水费我交过了")
    assert "不要再付" in answer
    assert at_the_quote.active_form() is None
    at_the_quote.say("确认")
    assert at_the_quote.orders() == []


@pytest.mark.parametrize("words", ["我不想交水费", "我没让你交水费", "勿付了", "唔交住"])
def test_a_refusal_leaves_the_quote(at_the_quote, words):
    assert "没有扣款" in at_the_quote.say(words)
    assert at_the_quote.active_form() is None
    assert at_the_quote.orders() == []


@pytest.mark.parametrize("words", ["别给我挂号", "先交100行不行", "我没有手机银行的能不能去营业厅交", "嗯？", "确认？"])
def test_what_is_no_answer_keeps_the_quote(at_the_quote, words):
    assert "好的" not in at_the_quote.say(words)
    assert at_the_quote.requested() == "confirmation"
    at_the_quote.say("确认")
    assert [order.state for order in at_the_quote.orders()] == ["awaiting_payment"]


@pytest.mark.parametrize("words", ["確認", "對", "交", "付款", "好的谢谢", "y", "ok", "嗯嗯", "确认🙏"])
def test_a_plain_yes_is_heard(at_the_quote, words):
    at_the_quote.say(words)
    assert [order.state for order in at_the_quote.orders()] == ["awaiting_payment"]


@pytest.mark.parametrize("words", ["确认一下金额", "什么确认", "可以吗"])
def test_what_sounds_like_a_yes_is_none(at_the_quote, words):
    at_the_quote.say(words)
    assert at_the_quote.requested() == "confirmation"
    assert at_the_quote.orders() == []


@pytest.mark.parametrize(
    "words",
    [
        "我不想交电费",
        "别给我挂号",
        "我没说要查违章",
        "不要帮我取消挂号",
        "不要查我的信用分",
        "罚款我不交",
        "不用充公交卡",
    ],
)
def test_a_refusal_starts_nothing(house, water, words):
    talk = Talk(house)
    talk.say(words)
    assert talk.active_form() is None
    assert talk.orders() == []


def test_not_this_but_that_does_that(house, water):
    talk = Talk(house)
    talk.say("我不是要交水费，是要挂号")
    assert talk.active_form() == "book_hospital_appointment_form"
    assert not talk.slot("waiting_tasks")


@pytest.mark.parametrize("words", ["昨天没交成，今天交水费", "上个月的水费还没交，交一下", "不是说要交水费吗，交吧"])
def test_who_asks_to_pay_still_pays(house, water, words):
    talk = Talk(house)
    talk.say(words)
    assert talk.active_form() == "pay_utility_bill_form"
    talk.say(water["one_unpaid"])
    assert talk.requested() == "confirmation"


def test_a_yes_with_nothing_open_claims_nothing(house, water):
    talk = Talk(house)
    assert "没有等您确认的事" in talk.say("确认")
