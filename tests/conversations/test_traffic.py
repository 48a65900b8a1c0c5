"""Residents look up violations, confirm camera offences and pay fines."""

import pytest

from tests.conversations.talk import RECEIPT, Talk


@pytest.fixture
def samples(house):
    """Sample plates and decisions of a freshly seeded city."""
    house.reset_city()
    return house.samples()


def test_a_plate_nobody_has_is_asked_for_again(house, samples):
    talk = Talk(house)
    talk.say("查违章")
    talk.say("浙A00000")
    assert talk.active_form() == "query_traffic_violation_form"
    assert talk.slot("plate_number") is None


def test_a_word_after_a_plate_makes_no_other_plate_of_it(house, samples):
    talk = Talk(house)
    assert "浙AH3390 这辆车" in talk.say("帮我查浙AH3390 一下")


def test_a_plate_that_can_be_read_two_ways_is_asked_about(house, samples):
    talk = Talk(house)
    talk.say("查浙AD8812 1的违章")
    assert talk.slot("plate_number") is None
    assert talk.requested() == "plate_number"
    assert "浙AD88121 这辆车" in talk.press("浙AD88121")


def test_letters_alone_never_go_to_the_city(house, samples):
    talk = Talk(house)
    answer = talk.say("查浙ABCDEF的违章")
    assert "省份简称" in answer
    assert talk.requested() == "plate_number"


def test_violations_are_read_out_with_points_left(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    answer = Talk(house).say(f"查一下{plate}的违章")
    violation = next(v for v in house.violations(plate) if v["status"] != "paid")
    assert violation["place"] in answer
    assert violation["behaviour"] in answer
    assert violation["fine"] in answer
    assert "还剩" in answer


def test_a_clean_plate_is_said_to_be_clean(house, samples):
    assert "没有" in Talk(house).say(f"{samples['plates']['clean']}有没有违章")


def choose_first(talk, violations):
    """Of several violations, all open ones a camera's and undecided, choose the first; of one there is no choice."""
    undecided = [violation for violation in violations if violation["status"] != "paid"]
    assert all(violation["camera"] and violation["status"] == "unconfirmed" for violation in undecided)
    if len(undecided) > 1:
        assert talk.requested() == "violation_choice"
        talk.say("第一条")
    assert talk.requested() == "offence_confirmation"


def test_a_camera_offence_is_confirmed_then_its_fine_is_paid(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    talk = Talk(house)
    talk.say(f"处理一下{plate}的违章，交罚款")
    choose_first(talk, house.violations(plate))
    talk.say("没有异议，确认")
    assert talk.requested() == "confirmation"
    assert talk.orders() == []
    decision = talk.slot("quote")["fine"]["account"]
    talk.say("确认缴款")
    assert talk.orders()[0].amount > 0
    talk.press_pay()
    assert RECEIPT.search(talk.wait_until_settled())
    assert house.decision(decision)["status"] == "paid"


def test_an_offence_not_confirmed_stays_unconfirmed(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    before = house.violations(plate)
    talk = Talk(house)
    talk.say(f"{plate}交罚款")
    choose_first(talk, before)
    talk.say("不是我开的，不确认")
    assert talk.active_form() is None
    assert house.violations(plate) == before
    assert talk.orders() == []


def test_a_fine_is_paid_by_its_decision_number(house, samples):
    number = samples["decision_numbers"]["unpaid"]
    talk = Talk(house)
    answer = talk.say(f"交罚款，决定书编号{number}")
    assert house.decision(number)["total"] in answer
    talk.say("是的")
    talk.press_pay()
    talk.wait_until_settled()
    assert house.decision(number)["status"] == "paid"
    assert "已经缴清" in Talk(house).say(f"交罚款，决定书编号{number}")


def test_a_decision_nobody_knows_is_said(house, samples):
    talk = Talk(house)
    talk.say("交罚款，决定书编号330100999999999")
    assert talk.active_form() == "pay_traffic_fine_form"
    assert talk.orders() == []
