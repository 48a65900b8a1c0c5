"""How residents really talk: all at once, out of order, corrected, repeated, in twenty ways of yes and no."""

import pytest

from tests.conversations.talk import Talk

YES = (
    "确认", "是", "是的", "对", "对的", "好", "好的", "行", "可以", "没问题", "没错", "嗯", "嗯嗯", "确定", "同意",
    "中", "OK", "ok的", "好嘞", "就这样", "对对对", "可以的", "交吧", "是滴",
)  # fmt: skip
NO = (
    "不", "不了", "不要", "不是", "不对", "不行", "不用了", "算了", "取消", "不交了", "先不交", "等等再说", "别交", "不确认",
    "不同意", "我再想想", "no", "不办了", "先算了吧", "不需要",
)  # fmt: skip


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture(scope="module")
def asked():
    """One account for the module's yeses and noes."""
    return {}


@pytest.mark.parametrize("words", NO)
def test_twenty_ways_of_no_pay_nothing(house, asked, words):
    account = _account(house, asked)
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    assert talk.requested() == "confirmation"
    talk.say(words)
    assert talk.orders() == []
    assert talk.active_form() is None


@pytest.mark.parametrize("words", YES)
def test_twenty_ways_of_yes_order_once(house, asked, words):
    account = _account(house, asked)
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    talk.say(words)
    assert len(talk.orders()) == 1
    assert talk.cashier_url()


def _account(house, asked):
    if not asked:
        house.reset_city()
        asked.update(house.samples()["accounts"]["water"])
    return asked["one_unpaid"]


def test_everything_at_once_asks_only_for_the_yes(house, samples):
    talk = Talk(house)
    talk.say(f"帮我把电费交了，户号{samples['accounts']['electricity']['one_unpaid']}")
    assert talk.requested() == "confirmation"
    person = samples["people"]["patient"]
    talk = Talk(house)
    talk.say(f"我叫{person['name']}，身份证{person['id_number']}，想挂后天上午市第一人民医院内科的号")
    assert talk.requested() == "slot_choice"
    assert talk.slot("hospital") == "市第一人民医院"
    talk.say("第一个")
    assert talk.requested() == "confirmation"


def test_out_of_order(house, samples):
    talk = Talk(house)
    talk.say("我要交费")
    assert talk.requested() == "bill_type"
    talk.say(samples["accounts"]["gas"]["one_unpaid"])
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.requested() == "bill_type"
    talk.say("燃气费")
    assert talk.requested() == "confirmation"
    talk = Talk(house)
    talk.say("我想挂号")
    talk.say("后天上午")
    assert talk.slot("date") is not None
    assert talk.requested() == "department"
    talk.say("皮肤科")
    assert talk.requested() == "slot_choice"


def test_what_is_owed_is_said_again_and_the_yes_still_waits(house, samples):
    account = samples["accounts"]["water"]["one_unpaid"]
    amount = house.bills("water", account)[0]["amount"]
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    assert amount in talk.say("我一共欠多少来着")
    assert talk.active_form() == "pay_utility_bill_form"
    assert talk.requested() == "confirmation"
    assert talk.orders() == []


def test_a_question_with_a_question_is_explained(house, samples):
    talk = Talk(house)
    question = talk.say("交水费")
    answer = talk.say("户号在哪里看")
    assert "缴费单" in answer
    assert question in answer
    assert talk.requested() == "account_number"


def test_said_again_it_is_asked_again(house, samples):
    talk = Talk(house)
    question = talk.say("我要交水费")
    assert talk.say("我要交水费") == question
    assert talk.active_form() == "pay_utility_bill_form"


@pytest.mark.parametrize(
    ("first", "form", "other", "other_form"),
    [
        ("我要交电费", "pay_utility_bill_form", "先查信用分", "query_credit_score_form"),
        ("查燃气费", "query_utility_bill_form", "等下，我先挂个号", "book_hospital_appointment_form"),
        ("帮我查违章", "query_traffic_violation_form", "先交水费", "pay_utility_bill_form"),
        ("我要交罚款", "pay_traffic_fine_form", "先看看我挂了哪些号", "query_hospital_appointment_form"),
        ("我想挂口腔科", "book_hospital_appointment_form", "先查下违章", "query_traffic_violation_form"),
        ("我要退号", "cancel_hospital_appointment_form", "先查电费", "query_utility_bill_form"),
        ("看下我的信用分", "query_credit_score_form", "先处理违章", "pay_traffic_fine_form"),
    ],
)
def test_any_task_is_left_for_another_and_comes_back(house, samples, first, form, other, other_form):
    talk = Talk(house)
    talk.say(first)
    assert talk.active_form() == form
    talk.say(other)
    assert talk.active_form() == other_form
    answer = talk.say("算了")
    assert "接着办" in answer
    assert talk.active_form() == form


@pytest.mark.parametrize(
    ("first", "slot", "value", "correction", "corrected"),
    [
        ("查水费", "bill_type", "water", "不对，是电费", "electricity"),
        ("交煤气费", "bill_type", "gas", "说错了，水费", "water"),
        ("我想挂口腔科的号", "department", "口腔科", "不是口腔科，是眼科", "眼科"),
        ("挂儿科的号", "department", "儿科", "换成皮肤科", "皮肤科"),
    ],
)
def test_one_value_is_corrected(house, samples, first, slot, value, correction, corrected):
    talk = Talk(house)
    talk.say(first)
    assert talk.slot(slot) == value
    talk.say(correction)
    assert talk.slot(slot) == corrected
    assert talk.active_form() is not None


@pytest.mark.parametrize("first", ["交水费", "查违章", "交罚款", "我要挂号", "查信用分", "退号"])
def test_any_task_is_cancelled_and_a_person_called_in_its_middle(house, samples, first):
    talk = Talk(house)
    talk.say(first)
    form = talk.active_form()
    assert form is not None
    assert "12345" in talk.say("我要找人工客服")
    assert talk.active_form() == form
    assert len(house.hand_overs(talk.conversation_id)) == 1
    talk.say("算了不办了")
    assert talk.active_form() is None


def test_two_kinds_of_bill_in_one_message(house, samples):
    accounts = samples["accounts"]
    talk = Talk(house)
    talk.say("查一下水费和电费")
    assert talk.slot("bill_type") == "water"
    talk.say(accounts["water"]["none_unpaid"])
    assert talk.slot("bill_type") == "electricity"
    talk.say(accounts["electricity"]["none_unpaid"])
    assert talk.active_form() is None
