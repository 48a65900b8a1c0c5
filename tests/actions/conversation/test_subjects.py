"""Several numbers of a kind in one message are several requests, in the order said; what is no number of the kind is none."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.normal_forms import fits
from actions.conversation.subjects import Subject, of_values, several, told_all, told_to, wanted
from actions.conversation.turn import Turn
from actions.services import load_handlers
from actions.services.traffic import QueryTrafficViolation
from actions.services.utility_bills import PayUtilityBill
from bot.nlu.extractor import as_rasa_has_it, finder_as_set
from bot.nlu.gazetteer_files import SETTINGS
from manifests import services
from tests.actions.conversation.trackers import heard

load_handlers()
A, B, C = "3301091674", "3301820301", "3301552277"
CARD, OTHER_CARD = "3104330100714116316", "3104330100714116399"
PAY, QUERY = "pay_utility_bill", "query_utility_bill"
TODAY = date(2026, 11, 25)


def turn(intent, text, *requests, **more):
    """A turn whose entities are those that understanding finds; `requests`: (intent, words) of each further request."""
    found = [as_rasa_has_it(one) for one in finder_as_set(dict(SETTINGS)).find(text, TODAY)]
    found += [
        {"entity": "second_intent", "value": name, "start": text.index(words), "end": text.index(words) + len(words)}
        for name, words in requests
    ]
    return Turn(CollectingDispatcher(), heard(intent, text, *found, **more))


def slots(subjects):
    """What is known of each."""
    return [one.slots for one in subjects]


def water(*numbers):
    """Accounts of the water biller."""
    return [{"bill_type": "water", "account_number": number} for number in numbers]


@pytest.mark.parametrize(
    ("intent", "text"),
    [
        (PAY, f"交水费{A}"),
        (PAY, f"交水费{A}和{A}"),
        (PAY, f"交水费{A}，就是3301-0916-74"),
        (PAY, f"交水费{A}，电话13655999964"),
        (PAY, f"交水费{A}，交43块5"),
        (PAY, f"交水费{A}，身份证330106199206230014"),
        (PAY, f"交水费，不是{A}，是{B}"),
        (PAY, f"交水费{A}，不对，是{B}"),
        (PAY, f"交水费{A}，打错了，应该是{B}"),
        (PAY, f"户号从{A}改成{B}"),
        (PAY, "交水费"),
        (QUERY, "不是水费，是电费"),
        ("query_traffic_violation", "查浙AQ5681的违章"),
        ("pay_traffic_fine", "浙AQ5681的罚单330100004052581"),
        ("book_hospital_appointment", "挂明天和后天的内科"),
        ("query_credit_score", "查信用分330106199206230014"),
    ],
)
def test_one_thing_is_no_list(intent, text):
    assert several(turn(intent, text), intent) == []


@pytest.mark.parametrize(
    ("intent", "text", "each"),
    [
        (PAY, f"交水费{A}和{B}", water(A, B)),
        (PAY, f"{A}和{B}交水费", water(A, B)),
        (PAY, f"户号{A}，户号{B}，两个户号都是我家的，交水费", water(A, B)),
        (PAY, f"交水费{A}、{B}、{A}", water(A, B)),
        (QUERY, f"{A}和{B}", [{"account_number": A}, {"account_number": B}]),
        (
            QUERY,
            f"水费{A}、{B}和电费{C}",
            [*water(A, B), {"bill_type": "electricity", "account_number": C}],
        ),
        (QUERY, f"{A}的水费和{B}的电费", [*water(A), {"bill_type": "electricity", "account_number": B}]),
        (QUERY, f"查水费和电费，{A}和{B}", [*water(A), {"bill_type": "electricity", "account_number": B}]),
        (QUERY, f"水费{A}和电费", [*water(A), {"bill_type": "electricity"}]),
        (QUERY, f"水费和电费{B}", [{"bill_type": "water"}, {"bill_type": "electricity", "account_number": B}]),
        (QUERY, f"水费{A}和电费{A}", [*water(A), {"bill_type": "electricity", "account_number": A}]),
        (QUERY, "水费和电费", [{"bill_type": "water"}, {"bill_type": "electricity"}]),
        (
            "query_traffic_violation",
            "浙AQ5681和浙AN4077有没有违章",
            [{"plate_number": "浙AQ5681"}, {"plate_number": "浙AN4077"}],
        ),
        (
            "pay_traffic_fine",
            "浙AQ5681的罚单330100004052581和330100004052582",
            [
                {"plate_number": "浙AQ5681", "decision_number": "330100004052581"},
                {"plate_number": "浙AQ5681", "decision_number": "330100004052582"},
            ],
        ),
        (
            "top_up_bus_card",
            f"公交卡{CARD}和{OTHER_CARD}各充50元",
            [{"card_number": CARD, "amount": "50.00"}, {"card_number": OTHER_CARD, "amount": "50.00"}],
        ),
        (
            "top_up_bus_card",
            f"公交卡{CARD}充50元，{OTHER_CARD}充100元",
            [{"card_number": CARD, "amount": "50.00"}, {"card_number": OTHER_CARD, "amount": "100.00"}],
        ),
        (
            "query_traffic_violation",
            "浙AQ5681和浙AN4077的违章，发动机号A12345",
            [{"plate_number": "浙AQ5681"}, {"plate_number": "浙AN4077", "engine_number": "A12345"}],
        ),
        (
            "top_up_bus_card",
            f"公交卡{CARD}充50元，还有{OTHER_CARD}",
            [{"card_number": CARD, "amount": "50.00"}, {"card_number": OTHER_CARD}],
        ),
    ],
)
def test_each_is_a_request_of_its_own(intent, text, each):
    assert slots(several(turn(intent, text), intent)) == each


SEPARATORS = [
    "和",
    "、",
    "，",
    ",",
    " ",
    "\n",
    "；",
    ";",
    "跟",
    "与",
    "以及",
    "还有",
    "/",
    "&",
    " 和 ",
    "。",
    "，还有",
    "\n\n",
]


@given(
    numbers=st.lists(st.integers(10**9, 10**10 - 1).map(str), min_size=2, max_size=12, unique=True),
    separators=st.lists(st.sampled_from(SEPARATORS), min_size=12, max_size=12),
    words=st.sampled_from(["交水费", "交水费：", "水费 户号", "帮我交一下水费，"]),
)
def test_so_many_accounts_are_so_many_requests_in_order(numbers, separators, words):
    text = words + "".join(number + separator for number, separator in zip(numbers, separators, strict=False))
    assert slots(several(turn(PAY, text), PAY)) == water(*numbers)


@given(
    numbers=st.lists(st.integers(0, 9999).map(lambda n: f"浙AQ{n:04}"), min_size=2, max_size=12, unique=True),
    separators=st.lists(st.sampled_from(["", *SEPARATORS]), min_size=12, max_size=12),
)
def test_so_many_plates_are_so_many_requests_in_order(numbers, separators):
    text = "查" + "".join(number + separator for number, separator in zip(numbers, separators, strict=False)) + "的违章"
    intent = "query_traffic_violation"
    assert slots(several(turn(intent, text), intent)) == [{"plate_number": number} for number in numbers]


class TestFurtherRequests:
    """What stands in a further request is that request's, where its task hears it."""

    def test_each_has_its_own_numbers(self):
        said = turn(
            QUERY,
            f"查水费{A}，再查违章浙AQ5681和浙AN4077",
            ("query_traffic_violation", "查违章浙AQ5681和浙AN4077"),
        )
        assert several(said, QUERY) == []
        assert told_to(said, QUERY) == {"bill_type": "water", "account_number": A}
        (further,) = said.further_requests()
        both = several(said, "query_traffic_violation", further)
        assert slots(both) == [{"plate_number": "浙AQ5681"}, {"plate_number": "浙AN4077"}]

    def test_of_the_same_kind_too(self):
        said = turn(QUERY, f"查水费{A}，再查取暖费{B}和{C}", ("query_heating_bill", f"查取暖费{B}和{C}"))
        assert told_to(said, QUERY) == {"bill_type": "water", "account_number": A}
        (further,) = said.further_requests()
        assert slots(several(said, "query_heating_bill", further)) == [{"account_number": B}, {"account_number": C}]

    def test_a_number_before_them_is_the_firsts(self):
        said = turn(QUERY, f"查水费{A}和{B}，再查取暖费", ("query_heating_bill", "查取暖费"))
        assert slots(several(said, QUERY)) == water(A, B)
        (further,) = said.further_requests()
        assert several(said, "query_heating_bill", further) == []

    def test_a_number_that_only_a_later_one_hears_is_not_lost(self):
        said = turn(
            QUERY,
            "浙AQ5681，浙AN4077，查水费，再查违章",
            ("query_traffic_violation", "再查违章"),
        )
        (further,) = said.further_requests()
        both = several(said, "query_traffic_violation", further)
        assert slots(both) == [{"plate_number": "浙AQ5681"}, {"plate_number": "浙AN4077"}]


class TestCities:
    def test_each_number_in_the_city_before_it(self):
        said = turn(QUERY, f"杭州{A}、{B}和嘉兴{C}的水费")
        assert [one.city for one in several(said, QUERY)] == [["杭州"], ["杭州"], ["嘉兴"]]

    def test_as_many_cities_as_numbers_go_in_pairs(self):
        said = turn(QUERY, f"杭州和嘉兴的水费，{A}和{B}")
        assert [one.city for one in several(said, QUERY)] == [["杭州"], ["嘉兴"]]

    def test_one_city_is_that_of_all(self):
        said = turn(QUERY, f"嘉兴的水费{A}和{B}")
        assert [one.city for one in several(said, QUERY)] == [["嘉兴"], ["嘉兴"]]


class TestInTheMiddle:
    """Said in answer, or while a yes is asked for."""

    def asked(self, text, requested="account_number", intent="inform", **known):
        """What is wanted after `text`, said to the open form."""
        known = {"bill_type": "water", **known}
        return wanted(turn(intent, text, slots=known, form=PayUtilityBill.form(), requested=requested), PayUtilityBill)

    def test_in_answer_to_the_number_each_goes_with_the_bill_that_was_asked_about(self):
        assert slots(self.asked(f"{A}和{B}")) == water(A, B)

    def test_one_number_is_only_an_answer(self):
        assert self.asked(A) == []

    def test_what_was_asked_about_comes_first(self):
        first, second = self.asked(f"电费{B}，水费{A}")
        assert first.slots == {"bill_type": "water", "account_number": A}
        assert second.slots == {"bill_type": "electricity", "account_number": B}

    @pytest.mark.parametrize("words", [f"不是{A}，是{B}", f"不对，户号是{B}", f"应该是{B}", B, f"换成{B}"])
    def test_a_correction_is_one_and_no_list(self, words):
        assert self.asked(words, requested="confirmation", account_number=A) == []

    @pytest.mark.parametrize("words", [f"还有{B}", f"另外再加上{B}", f"{B}也要交"])
    def test_what_is_added_waits_behind_what_is_being_done(self, words):
        assert slots(self.asked(words, requested="confirmation", account_number=A)) == water(A, B)

    def test_and_behind_what_waits_already(self):
        waits = {"form": PayUtilityBill.form(), "slots": water(B)[0], "first_time": True, "called": "水费 …0301"}
        both = self.asked(f"还有{C}", requested="confirmation", account_number=A, waiting_tasks=[waits])
        assert slots(both) == water(A, B, C)

    def test_the_same_number_again_adds_nothing(self):
        assert self.asked(f"{A}也要交", requested="confirmation", account_number=A) == []

    def test_neither_a_telephone_nor_a_sum_is_added(self):
        assert self.asked("还有13655999964", requested="confirmation", account_number=A) == []
        assert self.asked("还有100块", requested="confirmation", account_number=A) == []

    def test_bills_named_in_a_correction_are_no_list(self):
        assert self.asked("搞错了，水费电费", requested="confirmation", account_number=A) == []


def test_a_plate_that_can_be_read_two_ways_comes_first():
    said = turn("query_traffic_violation", "浙AN4077和浙AH3390 1有没有违章")
    assert slots(several(said, "query_traffic_violation")) == [{}, {"plate_number": "浙AN4077"}]


def test_numbers_that_look_like_another_services_are_the_tasks_that_they_are_said_for():
    said = turn("query_bus_card", "12345678和23456789，查卡上余额", form="", requested=None)
    assert slots(several(said, "query_bus_card")) == [{"card_number": "12345678"}, {"card_number": "23456789"}]


def test_told_before_the_task_was_named_they_are_what_it_begins_with():
    noted = {"account_number": [A, B]}
    said = turn(PAY, "交水费", slots={"noted": noted})
    assert slots(wanted(said, PayUtilityBill)) == water(A, B)
    assert wanted(turn(PAY, f"交水费{C}", slots={"noted": noted}), PayUtilityBill) == []


def test_a_button_carries_all_of_them():
    said = turn("inform", f"{A}和{B}")
    assert told_all(said, ["account_number"]) == {"account_number": [A, B]}
    assert slots(of_values({"bill_type": "water", "account_number": [A, B]})) == water(A, B)
    assert of_values({"bill_type": "water"}) == [Subject({"bill_type": "water"})]


def two_of(slot):
    """Two values in the form that the slot's manifest gives: plates, or the shortest digits from ten on."""
    digits = (("3" * length, "3" * (length - 1) + "4") for length in range(10, 20))
    return next(both for both in (("浙AQ5681", "浙AN4077"), *digits) if all(fits(slot, value) for value in both))


@pytest.mark.parametrize("intent", [intent for intent, _, _ in services().tasks()])
def test_every_task_that_hears_a_number_does_several(intent):
    """Whatever the service: two values of its number are two requests."""
    for slot in services().numbers(intent):
        one, two = two_of(slot)
        found = [{"entity": slot, "value": value, "start": at, "end": at + 5} for at, value in ((0, one), (9, two))]
        said = Turn(CollectingDispatcher(), heard(intent, "…", *found))
        assert [subject.slots[slot] for subject in several(said, intent)] == [one, two]


def test_a_message_heard_by_another_task_is_not_lost_on_it():
    said = turn("query_traffic_violation", "浙AQ5681和浙AN4077")
    assert wanted(said, QueryTrafficViolation)[1].slots == {"plate_number": "浙AN4077"}
