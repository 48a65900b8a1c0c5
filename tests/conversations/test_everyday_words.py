"""What residents say besides the textbook: titles typed, choices in words, follow-ups, somebody else's business, danger."""

import pytest

from tests.conversations.talk import Talk


@pytest.fixture
def samples(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.mark.parametrize("words", ["好贵", "好麻烦", "对吗", "嗯？", "确认交100元", "多少钱", "付给谁"])
def test_what_is_no_yes_orders_nothing_and_asks_again(house, samples, words):
    talk = Talk(house)
    question = talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    answer = talk.say(words)
    assert talk.orders() == []
    assert talk.active_form() == "pay_utility_bill_form"
    assert question.splitlines()[-1] in answer


def test_the_title_of_a_button_is_the_button(house, samples):
    talk = Talk(house)
    talk.say(f"查一下电费，户号{samples['accounts']['electricity']['two_unpaid']}")
    talk.say("现在交")
    assert talk.requested() == "bill_choice"
    talk.say(talk.replies[-1]["buttons"][1]["title"])
    assert talk.requested() == "confirmation"
    assert talk.slot("bill_choice") == "2"


def test_a_yes_to_what_is_owed_goes_on_to_paying_it_but_pays_nothing_yet(house, samples):
    talk = Talk(house)
    talk.say(f"查一下电费，户号{samples['accounts']['electricity']['one_unpaid']}")
    talk.say("好的")
    assert talk.requested() == "confirmation"
    assert talk.orders() == []


def test_a_bill_is_chosen_by_its_month_and_changed_at_the_yes(house, samples):
    account = samples["accounts"]["water"]["two_unpaid"]
    newest, oldest = house.bills("water", account)[:2]
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    talk.say(f"{int(newest['period'][-2:])}月的")
    assert newest["amount"] in talk.said
    talk.say("换成第一个")
    assert oldest["amount"] in talk.said
    assert talk.requested() == "confirmation"
    assert talk.orders() == []


def test_a_doctor_is_chosen_in_words(house, samples):
    talk = Talk(house)
    talk.say("挂明天上午内科的号")
    cheapest = min(talk.slot("quote")["offers"], key=lambda offer: float(offer["price"]))
    talk.say("最便宜的")
    chosen = talk.slot("quote")["offers"][int(talk.slot("slot_choice")) - 1]
    assert chosen["price"] == cheapest["price"]
    assert talk.requested() == "person_name"


def test_a_doctors_name_is_not_the_patients(house, samples):
    talk = Talk(house)
    talk.say("挂明天上午内科的号")
    talk.say(talk.slot("quote")["offers"][1]["doctor"])
    assert talk.slot("slot_choice") == "2"
    assert talk.slot("person_name") is None
    assert talk.requested() == "person_name"


def test_somebody_elses_visit_is_not_booked_in_ones_own_name(house, samples):
    me = samples["people"]["patient"]
    talk = Talk(house)
    talk.say("查我挂的号")
    talk.say(f"我叫{me['name']}")
    talk.say(me["id_number"])
    assert talk.slot("person_name") == me["name"]
    talk.say("给我妈挂个后天上午的眼科")
    talk.say("第一个")
    assert talk.requested() == "person_name"
    other = samples["people"]["without_credit"]
    talk.say(other["name"])
    talk.say(other["id_number"])
    talk.say("确认")
    assert len(house.appointments(other)) == 1
    assert talk.slot("person_name") is None


@pytest.mark.parametrize("words", ["确认退号", "查挂号", "开发票", "随便"])
def test_what_is_no_name_is_not_taken_for_one(house, samples, words):
    talk = Talk(house)
    talk.say("退号")
    assert talk.requested() == "person_name"
    talk.say(words)
    assert talk.slot("person_name") is None


def test_cancelling_a_visit_is_confirmed_in_its_own_words(house, samples):
    person = samples["people"]["patient"]
    talk = Talk(house)
    talk.say(f"我叫{person['name']}，身份证{person['id_number']}，挂后天上午皮肤科")
    talk.say("第一个")
    talk.say("确认挂号")
    talk.say("退号")
    assert talk.requested() == "confirmation"
    talk.say("确认退号")
    assert [a["status"] for a in house.appointments(person)] == ["cancelled"]


def test_the_city_in_the_request_is_the_city_that_is_asked(house, samples):
    talk = Talk(house)
    assert "嘉兴" in talk.say("帮我查嘉兴的水费")
    assert talk.slot("city_code") == "330400"
    assert "没有接入" in Talk(house).say("交一下上海的电费")


def test_a_no_to_paying_closes_the_order(house, samples):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("确认")
    talk.say("取消付款")
    assert talk.orders()[0].state == "closed"
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("确认")
    assert [order.state for order in talk.orders()] == ["closed", "awaiting_payment"]


def test_paid_and_the_provider_silent_nobody_is_told_that_nothing_was_charged(house, samples):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("确认")
    house.fault(kind="notice_never", path_prefix="/cashier", times=1)
    house.fault(kind="error_500", path_prefix="/payments/trades")
    talk.press_pay()
    answer = talk.say("我付好了")
    assert "没有扣款" not in answer
    assert "不要再付" in answer


def test_two_bills_with_two_accounts_are_not_mixed_up(house, samples):
    water, electricity = (samples["accounts"][kind]["one_unpaid"] for kind in ("water", "electricity"))
    answer = Talk(house).say(f"查水费{water}和电费{electricity}")
    assert house.bills("water", water)[0]["amount"] in answer
    assert house.bills("electricity", electricity)[0]["amount"] in answer


def test_a_wrong_id_number_is_said_to_be_wrong(house, samples):
    talk = Talk(house)
    talk.say("查信用分")
    talk.say(f"我叫{samples['people']['with_credit']['name']}")
    answer = talk.say("330103198810030011")
    assert "18 位" in answer
    assert talk.requested() == "id_number"


@pytest.mark.parametrize(
    ("words", "number"), [("燃气泄漏了怎么办", "119"), ("我家煤气味好大", "119"), ("不想活了", "12356")]
)
def test_danger_comes_first(house, samples, words, number):
    assert number in Talk(house).say(words)


def test_what_was_noted_is_not_asked_again(house, samples):
    talk = Talk(house)
    talk.say(samples["plates"]["decided_unpaid"])
    talk.say("交罚款")
    assert talk.slot("plate_number") == samples["plates"]["decided_unpaid"]
    assert talk.requested() != "plate_number"


@pytest.mark.parametrize("words", ["交水费", "缴费", "交水费，户号{account}"])
def test_the_request_said_again_is_no_yes(house, samples, words):
    account = samples["accounts"]["water"]["one_unpaid"]
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    talk.say(words.format(account=account))
    assert talk.orders() == []
    assert talk.requested() == "confirmation"


def test_another_bill_is_chosen_at_the_yes_in_words(house, samples):
    account = samples["accounts"]["water"]["two_unpaid"]
    newest, oldest = house.bills("water", account)[:2]
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    talk.say("第二个")
    assert newest["amount"] in talk.said
    talk.say(f"不是这笔，是{int(oldest['period'][-2:])}月的")
    assert oldest["amount"] in talk.said
    talk.say("好的")
    assert str(talk.orders()[0].amount) == oldest["amount"]


def test_the_last_look_up_is_corrected(house, samples):
    talk = Talk(house)
    talk.say(f"查{samples['plates']['clean']}的违章")
    answer = talk.say(f"不对，是{samples['plates']['decided_unpaid']}")
    assert samples["plates"]["decided_unpaid"] in answer
    assert "没办完" in answer


def test_a_no_may_become_a_yes_after_all(house, samples):
    talk = Talk(house)
    talk.say(f"交水费，户号{samples['accounts']['water']['one_unpaid']}")
    talk.say("不交了")
    talk.say("好")
    assert talk.requested() == "confirmation"
    assert talk.orders() == []


def test_who_one_is_told_before_any_task_is_not_asked_again(house, samples):
    person = samples["people"]["with_credit"]
    talk = Talk(house)
    talk.say(f"我叫{person['name']}，身份证{person['id_number']}")
    answer = talk.say("查信用分")
    assert str(house.credit(person)["score"]) in answer
