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


def open_ones(house, plate):
    """A plate's violations that are not paid."""
    return [violation for violation in house.violations(plate) if violation["status"] != "paid"]


def assert_told(answer, violations, told=True):
    """See that place, time and points of violations were told, or none of them."""
    for violation in violations:
        assert (violation["place"] in answer) is told
        assert (violation["behaviour"] in answer) is told
        assert (violation["occurred_at"][11:16] in answer) is told
    assert ("还剩" in answer) is told


def another(number):
    """An engine number's end that is not this one."""
    return f"{number[:-1]}{(int(number[-1]) + 1) % 10}"


def test_who_has_only_the_plate_is_told_how_many_and_how_much(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    violations = open_ones(house, plate)
    talk = Talk(house)
    answer = talk.say(f"{plate}有没有违章")
    assert f"{len(violations)} 条" in answer
    assert f"{sum(float(violation['fine']) for violation in violations):.2f}" in answer
    assert "发动机号" in answer
    assert_told(answer, violations, told=False)
    assert talk.active_form() is None


@pytest.mark.parametrize(
    "ways",
    [
        ["{plate}有没有违章，发动机号后六位{end}"],
        ["{plate}有没有违章", "{end}"],
        ["{plate}有没有违章", "发动机号后六位是{end}"],
        ["{plate}有没有违章", "看时间地点", "{end}"],
        ["{plate}有没有违章", "好的", "后六位{end}"],
        ["{plate}有没有违章", "我叫{name}，身份证{id_number}"],
        ["{plate}有没有违章", "看时间地点", "{id_number}", "{name}"],
        ["我叫{name}，身份证号{id_number}，查一下{plate}的违章"],
    ],
    ids=lambda ways: " / ".join(ways),
)
def test_who_proves_is_told_where_and_when(house, samples, ways):
    plate = samples["plates"]["camera_unconfirmed"]
    known = {"plate": plate, "end": house.engine_number(plate), **house.owner(plate)}
    talk = Talk(house)
    for words in ways:
        answer = talk.say(words.format(**known))
    assert_told(answer, open_ones(house, plate))
    assert talk.active_form() is None
    assert talk.slot("engine_number") is None


def test_what_has_been_proved_is_not_asked_for_again_for_the_same_plate_only(house, samples):
    plate, other = samples["plates"]["camera_unconfirmed"], samples["plates"]["decided_unpaid"]
    talk = Talk(house)
    talk.say(f"查{plate}的违章，发动机号后六位{house.engine_number(plate)}")
    assert_told(talk.say(f"{other}有没有违章"), open_ones(house, other), told=False)
    talk.press("看时间地点")
    assert talk.requested() == "engine_number"
    talk.say("算了")
    assert_told(talk.say(f"{plate}有没有违章"), open_ones(house, plate))
    assert house.engine_number(plate) not in str(talk.tracker()["slots"])


def test_the_next_person_at_the_same_screen_has_to_prove_anew(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    talk = Talk(house)
    talk.say(f"查{plate}的违章，发动机号后六位{house.engine_number(plate)}")
    talk.say("下一位")
    assert_told(talk.say(f"{plate}有没有违章"), open_ones(house, plate), told=False)


def test_wrong_proofs_are_told_nothing_and_stopped_and_are_no_outage(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    violations, end, stranger = open_ones(house, plate), house.engine_number(plate), house.stranger(plate)
    talk = Talk(house)
    talk.say(f"{plate}有没有违章")
    talk.press("看时间地点")
    answer = talk.say(another(end))
    assert "对不上" in answer
    assert_told(answer, violations, told=False)
    assert talk.requested() == "engine_number"
    answer = talk.say(f"我叫{stranger['name']}，身份证{stranger['id_number']}")
    assert f"不在{stranger['name'][0]}*" in answer
    assert_told(answer, violations, told=False)
    for _ in range(3):
        assert talk.requested() == "engine_number"
        talk.say(another(end))
    answer = talk.say(end)
    assert "15 分钟" in answer
    assert "没有回应" not in answer
    assert talk.active_form() is None
    assert_told(talk.said, violations, told=False)
    assert f"{len(violations)} 条" in Talk(house).say(f"{plate}有没有违章")


def test_an_engine_number_is_in_no_log(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    end = house.engine_number(plate)
    talk = Talk(house)
    talk.say(f"查{plate}的违章，发动机号后六位{end}")
    talk.say(f"发动机号{another(end)}")
    assert end not in house.log_text()
    assert another(end) not in house.log_text()


def test_a_clean_plate_is_said_to_be_clean(house, samples):
    assert "没有" in Talk(house).say(f"{samples['plates']['clean']}有没有违章")


def choose_first(talk, violations):
    """Of several violations, all open ones a camera's and undecided, choose the first; of one there is no choice."""
    undecided = [violation for violation in violations if violation["status"] != "paid"]
    assert all(violation["camera"] and violation["status"] == "unconfirmed" for violation in undecided)
    if len(undecided) > 1:
        assert talk.requested() == "violation_choice"
        talk.say("第一条")
    assert talk.requested() == "person_name"


def wants_to_pay(house, plate, words="{plate}交罚款"):
    """A conversation in which the plate's engine number has been told, after it was asked to pay."""
    talk = Talk(house)
    talk.say(words.format(plate=plate))
    assert talk.requested() == "engine_number"
    talk.say(house.engine_number(plate))
    return talk


def introduce(talk, person):
    """Say who drove, name and ID number a message each."""
    talk.say(person["name"])
    assert talk.requested() == "id_number"
    return talk.say(person["id_number"])


def on_record(house):
    """All that an acceptance could change: offences, decisions, licences and owners."""
    tables = ("violations", "decisions", "residents", "vehicles")
    return {table: house.sandbox_rows(f"SELECT * FROM {table} ORDER BY 1") for table in tables}


def test_a_camera_offence_is_confirmed_by_its_driver_then_its_fine_is_paid(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    owner = house.owner(plate)
    talk = wants_to_pay(house, plate, "处理一下{plate}的违章，交罚款")
    choose_first(talk, house.violations(plate))
    read_back = introduce(talk, owner)
    assert talk.requested() == "offence_confirmation"
    assert f"{owner['name'][0]}*" in read_back
    assert owner["name"] not in read_back
    assert "分" in read_back
    talk.say("没有异议，确认")
    assert talk.requested() == "confirmation"
    assert talk.orders() == []
    decision = talk.slot("quote")["fine"]["account"]
    who = "SELECT id_number FROM residents JOIN decisions ON driver_id = id WHERE decision_number = :number"
    assert house.sandbox_rows(who, number=decision) == [{"id_number": owner["id_number"]}]
    talk.say("确认缴款")
    assert talk.orders()[0].amount > 0
    talk.press_pay()
    assert RECEIPT.search(talk.wait_until_settled())
    assert house.decision(decision)["status"] == "paid"


def test_a_stranger_with_the_plate_alone_accepts_nothing(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    before = on_record(house)
    talk = Talk(house)
    assert_told(talk.say(f"{plate}交罚款"), open_ones(house, plate), told=False)
    for words in ("没有异议，确认", "确认", "/affirm"):
        talk.say(words)
    assert on_record(house) == before
    assert talk.orders() == []


@pytest.mark.parametrize(("licence", "told"), [(True, "名下"), (False, "驾驶证")])
def test_a_stranger_with_a_name_of_their_own_is_told_where_to_go(house, samples, licence, told):
    plate = samples["plates"]["camera_unconfirmed"]
    before = on_record(house)
    talk = wants_to_pay(house, plate)
    choose_first(talk, house.violations(plate))
    introduce(talk, house.stranger(plate, licence))
    assert talk.requested() == "offence_confirmation"
    answer = talk.say("没有异议，确认")
    assert told in answer
    assert "12123" in answer
    assert "没有回应" not in answer
    assert talk.active_form() is None
    assert on_record(house) == before
    assert talk.orders() == []


def test_a_wrong_id_number_accepts_nothing_and_the_owner_still_can(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    owner, before = house.owner(plate), on_record(house)
    talk = wants_to_pay(house, plate)
    choose_first(talk, house.violations(plate))
    introduce(talk, {**owner, "id_number": house.stranger(plate)["id_number"]})
    assert talk.requested() == "person_name"
    talk.say("没有异议，确认")
    assert on_record(house) == before
    introduce(talk, owner)
    talk.say("没有异议，确认")
    assert talk.requested() == "confirmation"


def test_who_was_named_for_another_matter_is_named_before_the_yes(house, samples):
    plate, person = samples["plates"]["camera_unconfirmed"], samples["people"]["with_credit"]
    stranger = person if person["id_number"] != house.owner(plate)["id_number"] else house.stranger(plate)
    before = on_record(house)
    talk = Talk(house)
    talk.say(f"我叫{stranger['name']} 身份证{stranger['id_number']} 查信用分")
    assert "不在" in talk.say(f"{plate}交罚款")
    talk.say(house.engine_number(plate))
    if talk.requested() == "violation_choice":
        talk.say("第一条")
    assert talk.requested() == "offence_confirmation"
    assert f"{stranger['name'][0]}*" in talk.said
    talk.say("不是我，不确认")
    assert talk.active_form() is None
    assert on_record(house) == before


def test_what_is_decided_already_is_paid_by_whoever_has_the_engine_number(house, samples):
    talk = wants_to_pay(house, samples["plates"]["decided_unpaid"])
    assert talk.requested() == "confirmation"


def test_what_was_looked_up_is_paid_without_another_proof(house, samples):
    plate = samples["plates"]["decided_unpaid"]
    talk = Talk(house)
    talk.say(f"{plate}有没有违章")
    talk.say(house.engine_number(plate))
    talk.press("处理并缴款")
    assert talk.requested() == "confirmation"
    talk.say("确认缴款")
    assert [str(order.amount) for order in talk.orders()] == [open_ones(house, plate)[0]["fine"]]


def test_the_sum_that_is_told_is_the_sum_that_is_asked(house, samples):
    late = (
        "SELECT plate, decision_number FROM decisions JOIN violations USING (violation_id) "
        "WHERE receipt_number IS NULL AND city_code = '330100' ORDER BY decided_at LIMIT 1"
    )
    (found,) = house.sandbox_rows(late)
    decision = house.decision(found["decision_number"])
    assert float(decision["late_fee"]) > 0
    total = sum(float(violation["total"]) for violation in open_ones(house, found["plate"]))
    talk = Talk(house)
    answer = talk.say(f"{found['plate']}有没有违章")
    assert f"{total:.2f}" in answer
    assert decision["late_fee"] in answer
    assert "明天再加" in answer
    answer = talk.say(house.engine_number(found["plate"]))
    assert f"{total:.2f}" in answer
    assert decision["total"] in answer
    assert decision["total"] in talk.say(f"交罚款，决定书编号{found['decision_number']}")


def test_a_clean_plate_is_not_asked_for_a_proof(house, samples):
    talk = Talk(house)
    assert "没有要交" in talk.say(f"{samples['plates']['clean']}交罚款")
    assert talk.active_form() is None


def test_an_offence_not_confirmed_stays_unconfirmed(house, samples):
    plate = samples["plates"]["camera_unconfirmed"]
    before = house.violations(plate)
    talk = wants_to_pay(house, plate)
    choose_first(talk, before)
    introduce(talk, house.owner(plate))
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


def may_be(plate, masked):
    """Whether a masked plate may be this one."""
    return len(plate) == len(masked) and all(shown in ("*", char) for char, shown in zip(plate, masked, strict=True))


def test_another_plate_leaves_the_decision_and_a_yes_pays_no_fine_of_it(house, samples):
    number = samples["decision_numbers"]["unpaid"]
    masked = house.decision(number)["plate_number_masked"]
    plate = next(one for one in samples["plates"].values() if one and not may_be(one, masked))
    talk = Talk(house)
    talk.say(f"{number} 交罚款")
    answer = talk.say(f"不是这个车，是{plate}")
    assert masked in answer
    assert talk.slot("decision_number") is None
    assert talk.requested() != "confirmation"
    talk.say("确认")
    assert talk.orders() == []


def test_a_decision_nobody_knows_is_said(house, samples):
    talk = Talk(house)
    talk.say("交罚款，决定书编号330100999999999")
    assert talk.active_form() == "pay_traffic_fine_form"
    assert talk.orders() == []


REGRETS = ["我要撤销刚才的确认", "刚才点错了", "能反悔吗"]


def accepted(house, samples):
    """A conversation in which the owner has just accepted an offence, and the decision's number."""
    plate = samples["plates"]["camera_unconfirmed"]
    talk = wants_to_pay(house, plate)
    choose_first(talk, house.violations(plate))
    introduce(talk, house.owner(plate))
    talk.say("没有异议，确认")
    return talk, talk.slot("quote")["fine"]["account"]


def assert_stands(answer, decision):
    """See that nothing sounds as if an acceptance were undone, and that it is said what can be done."""
    assert "好的" not in answer
    assert decision in answer
    assert all(word in answer for word in ("撤不回来", "60 日", "行政复议", "6 个月", "行政诉讼", "12123"))


def test_an_acceptance_that_is_regretted_stands_and_that_is_said(house, samples):
    talk, decision = accepted(house, samples)
    before = on_record(house)
    for words in REGRETS:
        assert_stands(talk.say(words), decision)
        assert talk.requested() == "confirmation"
    answer = talk.say("不了")
    assert "好的" not in answer
    assert "没有扣款" in answer
    assert decision in answer
    assert talk.active_form() is None
    assert_stands(talk.press("不服"), decision)
    for words in REGRETS:
        assert_stands(talk.say(words), decision)
    assert on_record(house) == before
    assert talk.orders() == []


def test_the_fine_is_still_paid_by_who_regretted(house, samples):
    talk, decision = accepted(house, samples)
    talk.say("能反悔吗")
    talk.say("确认缴款")
    assert [order.bill_reference for order in talk.orders()] == [decision]
    assert_stands(talk.say("我要撤销刚才的确认"), decision)


@pytest.mark.parametrize("words", REGRETS)
def test_where_nothing_was_accepted_here_nothing_is_said_to_be_undone(house, samples, words):
    answer = Talk(house).say(words)
    assert "好的" not in answer
    assert "没有撤销" in answer
    assert "行政复议" in answer


def test_the_next_person_has_accepted_nothing(house, samples):
    talk, decision = accepted(house, samples)
    talk.say("下一位")
    assert decision not in talk.say("我要撤销刚才的确认")
