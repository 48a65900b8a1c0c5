"""Several numbers in one message are all done, in turn, each by name; nothing is left out silently. Over HTTP, with the rows."""

import pytest

from tests.conversations.talk import Talk

UNKNOWN, UNKNOWN_TOO = "3301000000", "3301000009"
PAY, QUERY = "pay_utility_bill_form", "query_utility_bill_form"


@pytest.fixture
def town(house):
    """Samples of a freshly seeded city."""
    house.reset_city()
    return house.samples()


@pytest.fixture
def water(town):
    """Sample accounts of the water biller."""
    return town["accounts"]["water"]


def tail(number):
    """How a number is called among others."""
    return f"…{number[-4:]}"


def waiting(talk):
    """The numbers that wait, the next one first."""
    return [entry["slots"].get("account_number") for entry in reversed(talk.slot("waiting_tasks") or [])]


class TestUnhappy:
    @pytest.mark.parametrize("words", ["不是{0}，是{1}", "{0}不对，应该是{1}", "换成{1}"])
    def test_a_correction_is_one_request(self, house, water, words):
        talk = Talk(house)
        talk.say(f"交水费{water['two_unpaid']}")
        talk.say(words.format(water["two_unpaid"], water["one_unpaid"]))
        assert talk.slot("account_number") == water["one_unpaid"]
        assert talk.slot("waiting_tasks") is None
        assert talk.requested() == "confirmation"

    def test_neither_a_telephone_nor_a_sum_nor_an_id_number_is_a_request(self, house, town, water):
        talk = Talk(house)
        person = town["people"]["with_credit"]
        talk.say(f"交水费{water['one_unpaid']}，电话13655999964，身份证{person['id_number']}")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert talk.slot("waiting_tasks") is None

    def test_a_number_said_twice_is_one(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['one_unpaid']}")
        assert talk.slot("waiting_tasks") is None
        assert talk.requested() == "confirmation"

    @pytest.mark.parametrize("place", [0, 1])
    def test_a_wrong_one_is_told_for_itself_and_the_others_go_on(self, house, water, place):
        numbers = [water["one_unpaid"], water["none_unpaid"]]
        numbers.insert(place, UNKNOWN)
        talk = Talk(house)
        answer = talk.say(f"查水费{'、'.join(numbers)}")
        assert f"没有查到户号 {UNKNOWN}" in answer
        for number in (water["one_unpaid"], water["none_unpaid"]):
            assert f"户号 {number}" in answer
        assert talk.active_form() is None
        assert talk.slot("waiting_tasks") is None

    def test_the_last_one_wrong_is_asked_for_again(self, house, water):
        talk = Talk(house)
        talk.say(f"查水费{water['one_unpaid']}、{UNKNOWN}")
        assert talk.requested() == "account_number"
        assert f"户号 {water['none_unpaid']}" in talk.say(water["none_unpaid"])

    def test_all_wrong_is_said_of_each(self, house, town):
        talk = Talk(house)
        answer = talk.say(f"查水费{UNKNOWN}和{UNKNOWN_TOO}")
        assert f"没有查到户号 {UNKNOWN}" in answer
        assert f"没有查到户号 {UNKNOWN_TOO}" in answer

    def test_more_than_five_are_not_done_and_that_is_said(self, house, water):
        numbers = [*water.values(), *(f"330100000{n}" for n in range(4))]
        talk = Talk(house)
        answer = talk.say(f"查水费{' '.join(numbers)}")
        for number in numbers[:3]:
            assert f"户号 {number}" in answer
        for number in numbers[3:5]:
            assert f"没有查到户号 {number}" in answer
        assert "一次最多" in answer
        for number in numbers[5:]:
            assert tail(number) in answer
            assert number not in answer

    def test_a_no_leaves_out_one_and_the_next_is_asked_for(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say("不了")
        assert talk.slot("account_number") == water["two_unpaid"]
        assert talk.requested() == "bill_choice"
        talk.say("算了")
        assert talk.active_form() is None
        assert talk.orders() == []

    @pytest.mark.parametrize("words", ["都不办了", "一个都不交了", "全都不要了"])
    def test_a_no_to_all_is_one_to_all(self, house, water, words):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        assert tail(water["two_unpaid"]) in talk.say(words)
        assert talk.active_form() is None
        assert talk.slot("waiting_tasks") is None
        assert talk.orders() == []

    def test_one_that_waits_is_given_up_by_its_number(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}、{water['two_unpaid']}和{water['none_unpaid']}")
        talk.say(f"{water['two_unpaid']}不交了")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert waiting(talk) == [water["none_unpaid"]]
        assert talk.requested() == "confirmation"

    def test_a_yes_is_to_the_one_that_was_read_out(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say("确认")
        assert [order.account for order in talk.orders()] == [water["one_unpaid"]]

    def test_while_the_city_is_away_each_says_so(self, house, water):
        house.fault(kind="unavailable", path_prefix="/cities/330100/utilities")
        talk = Talk(house)
        answer = talk.say(f"查水费{water['one_unpaid']}和{water['two_unpaid']}")
        assert answer.count("没有回应") == 2
        assert talk.active_form() is None
        house.clear_faults()
        house.rest_circuits()


class TestInTurn:
    def test_two_accounts_are_both_paid(self, house, water):
        talk = Talk(house)
        answer = talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        assert answer.index(tail(water["one_unpaid"])) < answer.index(tail(water["two_unpaid"]))
        assert talk.slot("account_number") == water["one_unpaid"]
        assert waiting(talk) == [water["two_unpaid"]]
        answer = talk.say("确认")
        assert tail(water["two_unpaid"]) in answer
        talk.press("交")
        talk.say("确认")
        assert [order.account for order in talk.orders()] == [water["one_unpaid"], water["two_unpaid"]]
        assert {order.state for order in talk.orders()} == {"awaiting_payment"}
        due = {
            bill["bill_id"]
            for number in (water["one_unpaid"], water["two_unpaid"])
            for bill in house.bills("water", number)
        }
        assert {order.bill_reference for order in talk.orders()} <= due

    def test_all_the_plates_are_looked_up(self, house, town):
        plates = town["plates"]
        each = [plates["camera_unconfirmed"], plates["clean"], plates["decided_unpaid"]]
        talk = Talk(house)
        answer = talk.say(f"{each[0]}、{each[1]}和{each[2]}有没有违章")
        places = [answer.index(f"\n{plate} ") for plate in each]
        assert places == sorted(places)
        for plate in each:
            owed = sum(violation["status"] != "paid" for violation in house.violations(plate))
            told = answer.split(f"\n{plate} ")[1]
            assert told.startswith(f"有 {owed} 条" if owed else "没有")
        assert talk.active_form() is None

    def test_two_fines_by_their_decisions(self, house, town):
        numbers = town["decision_numbers"]
        talk = Talk(house)
        talk.say(f"交罚单{numbers['unpaid']}和{numbers['paid']}")
        talk.say("确认")
        (order,) = talk.orders()
        assert order.account == numbers["unpaid"]
        assert "收据号" in talk.said
        assert talk.active_form() is None

    def test_two_plates_to_pay_for_parking(self, house, town):
        plates = town["plates"]
        talk = Talk(house)
        talk.say(f"交停车费{plates['parking_one']}和{plates['parking_none']}")
        talk.say("确认")
        assert [order.city_service for order in talk.orders()] == ["parking"]
        assert plates["parking_none"] in talk.said
        assert talk.active_form() is None

    def test_several_bills_each_with_several_numbers(self, house, town, water):
        electricity = town["accounts"]["electricity"]
        talk = Talk(house)
        answer = talk.say(f"查水费{water['one_unpaid']}、{water['none_unpaid']}和电费{electricity['one_unpaid']}")
        assert f"水务集团，户号 {water['one_unpaid']}" in answer
        assert f"水务集团，户号 {water['none_unpaid']}" in answer
        assert f"供电公司，户号 {electricity['one_unpaid']}" in answer

    def test_the_number_before_its_bill(self, house, town, water):
        electricity = town["accounts"]["electricity"]
        answer = Talk(house).say(f"{water['one_unpaid']}的水费和{electricity['one_unpaid']}的电费")
        assert f"水务集团，户号 {water['one_unpaid']}" in answer
        assert f"供电公司，户号 {electricity['one_unpaid']}" in answer

    def test_said_in_answer_to_the_question(self, house, water):
        talk = Talk(house)
        talk.say("交水费")
        talk.say(f"{water['one_unpaid']}\n{water['two_unpaid']}")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert waiting(talk) == [water["two_unpaid"]]

    def test_one_more_at_the_yes_comes_after_what_waits(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say(f"还有{water['none_unpaid']}")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert waiting(talk) == [water["two_unpaid"], water["none_unpaid"]]
        assert talk.requested() == "confirmation"

    def test_told_before_the_task(self, house, water):
        talk = Talk(house)
        talk.say(f"{water['one_unpaid']}和{water['none_unpaid']}")
        talk.press("查")
        answer = talk.say("水费")
        for number in (water["one_unpaid"], water["none_unpaid"]):
            assert f"户号 {number}" in answer
        assert talk.active_form() is None

    def test_told_before_the_task_that_is_then_named_in_words(self, house, water):
        talk = Talk(house)
        talk.say(f"{water['one_unpaid']}和{water['none_unpaid']}")
        answer = talk.say("查水费")
        for number in (water["one_unpaid"], water["none_unpaid"]):
            assert f"户号 {number}" in answer

    def test_another_task_in_between(self, house, town, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say(f"先看看{town['plates']['clean']}和{town['plates']['decided_unpaid']}有没有违章")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert waiting(talk) == [water["two_unpaid"]]
        assert talk.requested() == "confirmation"

    def test_each_of_two_requests_has_its_numbers(self, house, town, water):
        plates = town["plates"]
        talk = Talk(house)
        answer = talk.say(
            f"查水费{water['one_unpaid']}和{water['none_unpaid']}，再查违章{plates['clean']}和{plates['decided_unpaid']}"
        )
        for said in (water["one_unpaid"], water["none_unpaid"]):
            assert f"户号 {said}" in answer
        for said in (plates["clean"], plates["decided_unpaid"]):
            assert f"\n{said} " in answer
        assert talk.active_form() is None

    def test_each_in_its_city(self, house, water):
        there = house.samples(city="330400")["accounts"]["water"]["one_unpaid"]
        talk = Talk(house)
        answer = talk.say(f"杭州{water['one_unpaid']}和嘉兴{there}的水费")
        assert f"户号 {water['one_unpaid']}" in answer
        assert f"户号 {there}" in answer
        assert talk.slot("city_code") == "330400"

    def test_cards_each_with_the_sum(self, house, town):
        card = house.sandbox_rows("SELECT * FROM bus_cards LIMIT 2")
        numbers = [str(row["card_number"]) for row in card]
        talk = Talk(house)
        talk.say(f"给公交卡{numbers[0]}和{numbers[1]}各充50元")
        talk.say("确认")
        talk.say("确认")
        assert [(order.account, str(order.amount)) for order in talk.orders()] == [(one, "50.00") for one in numbers]


class TestWhose:
    """Each number is used for whom it was said to be, and remembered for nobody else."""

    @pytest.mark.parametrize(
        "words", ["交水费，我家{0}和我妈家{1}", "交水费，{0}是我家的，{1}是我妈家的", "交水费{0}和我妈家的{1}"]
    )
    def test_ones_own_and_the_mothers(self, house, water, words):
        talk = Talk(house)
        answer = talk.say(words.format(water["one_unpaid"], water["two_unpaid"]))
        assert "妈妈" in answer
        assert talk.slot("things_of") is None
        assert talk.slot("account_number") == water["one_unpaid"]
        talk.say("不了")
        assert talk.slot("things_of") == "family/妈妈"
        assert talk.slot("account_number") == water["two_unpaid"]
        talk.say("不了")
        talk.say("交我自己家的水费")
        assert talk.slot("account_number") == water["one_unpaid"]
        assert talk.orders() == []

    def test_both_are_the_mothers(self, house, water):
        talk = Talk(house)
        talk.say(f"帮我妈交水费，{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say("不了")
        assert talk.slot("things_of") == "family/妈妈"
        talk.say("不了")
        talk.say("交我自己家的水费")
        assert talk.requested() == "account_number"

    def test_the_others_first_and_then_ones_own(self, house, water):
        talk = Talk(house)
        talk.say(f"帮我妈{water['two_unpaid']}和我家{water['one_unpaid']}交水费")
        assert talk.slot("things_of") == "family/妈妈"
        assert talk.slot("account_number") == water["two_unpaid"]
        talk.say("不了")
        assert talk.slot("things_of") is None
        assert talk.slot("account_number") == water["one_unpaid"]

    def test_a_new_person_takes_over_nothing_that_waits(self, house, water):
        talk = Talk(house)
        talk.say(f"交水费{water['one_unpaid']}和{water['two_unpaid']}")
        talk.say("下一位")
        assert talk.active_form() is None
        assert talk.slot("waiting_tasks") is None
