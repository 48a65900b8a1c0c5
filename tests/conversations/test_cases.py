"""A trouble is reported, asked after, added to and withdrawn: what the city then has, and what it must never have."""

import re

import pytest

from tests.conversations.talk import Talk

NUMBER = re.compile(r"编号 (\d{14})")
NOISE = "我要投诉，楼下烧烤店半夜一两点还在放音乐，吵得睡不着"


@pytest.fixture
def talk(house):
    """A conversation with a freshly seeded city."""
    house.reset_city()
    return Talk(house)


def cases(house):
    """All cases that the city has."""
    return house.sandbox_rows("SELECT * FROM cases ORDER BY opened_at")


def reported(talk, text=NOISE):
    """Report something; its number."""
    talk.say(text)
    talk.say("不留")
    return NUMBER.search(talk.say("提交")).group(1)


def test_nothing_is_sent_without_a_yes(house, talk):
    before = len(cases(house))
    talk.say(NOISE)
    talk.say("13812345678")
    assert talk.requested() == "confirmation"
    talk.say("要多久才能答复")
    talk.say("不提交")
    assert len(cases(house)) == before
    assert talk.active_form() is None
    assert "没有提交" in talk.said


def test_a_whole_story_asks_only_how_to_be_reached(house, talk):
    talk.say(NOISE)
    assert talk.requested() == "contact"
    said = talk.say("13812345678")
    assert "138****5678" in said
    number = NUMBER.search(talk.say("对，提交吧")).group(1)
    case = cases(house)[-1]
    assert (case["case_number"], case["kind"], case["contact"]) == (number, "noise", "13812345678")
    assert "烧烤店" in case["words"]
    assert [one.conversation["case_number"] for one in house.hand_overs(talk.conversation_id)] == [number]


def test_the_words_are_the_residents_own_whatever_they_sound_like(house, talk):
    talk.say("我要投诉")
    assert talk.requested() == "case_kind"
    talk.press("道路")
    assert talk.requested() == "problem"
    talk.say("人民路和中山路口井盖没了，昨天我爸骑车差点摔，身份证 330105198810030018 电话 13812345678")
    assert talk.requested() == "contact"
    talk.say("不用留")
    talk.say("提交")
    case = cases(house)[-1]
    assert (case["kind"], case["contact"]) == ("street", None)
    assert "井盖没了" in case["words"]
    assert "330105198810030018" not in case["words"]
    assert "13812345678" not in case["words"]


@pytest.mark.parametrize("stop", ["算了", "转人工", "查一下水费"])
def test_who_leaves_at_the_question_is_not_reported(house, talk, stop):
    before = len(cases(house))
    talk.say("我要投诉")
    talk.press("垃圾")
    talk.say(stop)
    assert talk.requested() != "contact"
    assert len(cases(house)) == before


def test_the_city_is_down_when_it_is_sent(house, talk):
    before = len(cases(house))
    talk.say(NOISE)
    talk.say("不留")
    house.fault(kind="error_500", path_prefix="/cities/330100/cases")
    assert "编号" not in talk.say("提交")
    house.clear_faults()
    assert len(cases(house)) == before


def test_a_yes_that_is_answered_too_late_reports_once(house, talk):
    before = len(cases(house))
    talk.say(NOISE)
    talk.say("不留")
    house.fault(kind="broken_json", path_prefix="/cities/330100/cases", times=1)
    talk.say("提交")
    talk.say("提交")
    assert len(cases(house)) <= before + 1


def test_it_is_asked_after_added_to_and_withdrawn(house, talk):
    number = reported(talk)
    assert number in talk.say("我的投诉怎么样了")
    talk.say("补充一下我的投诉")
    assert talk.requested() == "addition"
    talk.say("隔壁超市的喇叭也很吵")
    added = house.sandbox_rows("SELECT words FROM case_additions WHERE case_number = :number", number=number)
    assert [row["words"] for row in added] == ["隔壁超市的喇叭也很吵"]
    assert number in talk.say("撤回投诉")
    assert cases(house)[-1]["withdrawn_at"] is None
    talk.say("确认撤回")
    assert cases(house)[-1]["withdrawn_at"] is not None
    assert "已撤回" in talk.say("我的诉求怎么样了")
    talk.say("再补充一下我的投诉")
    talk.say("又开始吵了")
    assert len(house.sandbox_rows("SELECT * FROM case_additions WHERE case_number = :number", number=number)) == 1


def test_a_second_case_begins_anew(house, talk):
    first = reported(talk)
    talk.say("我要投诉")
    assert talk.requested() == "case_kind"
    talk.press("垃圾")
    assert talk.requested() == "problem"
    talk.say("菜场后门的垃圾堆了一个星期")
    assert talk.requested() == "contact"
    talk.say("不留")
    second = NUMBER.search(talk.say("提交")).group(1)
    assert [case["kind"] for case in cases(house)][-2:] == ["noise", "rubbish"]
    said = talk.say("我的投诉怎么样了")
    assert first in said
    assert second in said


def test_whoever_it_speaks_of_it_is_the_residents_own(house, talk):
    account = house.samples()["accounts"]["water"]["none_unpaid"]
    talk.say(f"查水费 {account}")
    number = reported(talk, "我要投诉邻居老王家，天天半夜拉二胡，我爸被吵得睡不着")
    assert number in talk.say("我的投诉怎么样了")
    assert account in talk.say("查水费")


def test_a_question_withdraws_nothing(house, talk):
    reported(talk)
    talk.say("撤回投诉")
    talk.say("撤了还能再提吗")
    assert cases(house)[-1]["withdrawn_at"] is None
    talk.say("不撤了")
    assert cases(house)[-1]["withdrawn_at"] is None


def test_another_conversation_needs_the_number(house, talk):
    number = reported(talk)
    other = Talk(house)
    other.say("我的投诉怎么样了")
    assert other.requested() == "case_number"
    assert "没有编号" in other.say("33010099999999")
    assert "噪音扰民" in other.say(number)
    assert "烧烤店" not in other.said


def test_trouble_with_a_payment_names_it_to_the_city(house, talk):
    account = house.samples()["accounts"]["water"]["one_unpaid"]
    talk.say(f"交水费 {account}")
    talk.say("确认")
    talk.press_pay()
    talk.wait_until_settled()
    order = talk.orders()[-1]
    talk.say("交错户号了要求退钱，帮我登记一下投诉")
    talk.say("不留")
    assert f"{order.amount:.2f}" in talk.said
    talk.say("提交")
    case = cases(house)[-1]
    assert case["kind"] in ("wrong_account", "refund")
    assert order.trade_number in case["trades"]


def test_a_yes_is_no_addition_and_what_was_told_with_the_request_is_one(house, talk):
    number = reported(talk)

    def added():
        rows = house.sandbox_rows("SELECT words FROM case_additions WHERE case_number = :number", number=number)
        return [row["words"] for row in rows]

    talk.say("我要补充")
    assert talk.requested() == "addition"
    talk.say("对")
    assert added() == []
    assert talk.requested() == "addition"
    talk.say("算了")
    talk.say("补充一下，昨天又吵到凌晨三点")
    assert added() == ["昨天又吵到凌晨三点"]


def test_what_is_told_while_the_kind_is_asked_is_kept(house, talk):
    talk.say("我要投诉")
    assert "健身器材" in talk.say("公园里的健身器材少了一个脚踏，好几天没人修")
    assert talk.requested() == "case_kind"
    assert "健身器材" not in talk.say("谢谢")
    talk.press("其他")
    assert talk.requested() == "contact"


def test_a_person_called_after_a_report_gets_the_conversation(house, talk):
    number = reported(talk)
    talk.say("转人工")
    records = [one.conversation for one in house.hand_overs(talk.conversation_id)]
    assert len(records) == 2
    assert [record.get("case_number") for record in records if "messages" not in record] == [number]
