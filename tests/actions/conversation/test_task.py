"""What a form takes for itself, what it leaves to the rules, and that a yes counts only for the sentence it followed."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.task import all_tasks, picked, task_for_form, task_for_intent
from actions.conversation.turn import Turn
from actions.services.hospital import BookHospitalAppointment
from actions.services.traffic import PayTrafficFine
from actions.services.utility_bills import PayUtilityBill, QueryUtilityBill
from tests.actions.conversation.trackers import heard, sign

PAY = PayUtilityBill.form()
WORDS = {"affirm": "好", "deny": "不了"}


def turn(*args, **kwargs):
    """A turn on the tracker that `heard` builds, in which what stands there is what this server wrote."""
    return Turn(CollectingDispatcher(), sign(heard(*args, **kwargs)))


@pytest.mark.parametrize(
    ("intent", "entities", "requested", "concerns"),
    [
        ("query_traffic_violation", [], "account_number", False),
        ("query_traffic_violation", [("plate_number", "浙A12345")], "account_number", False),
        ("query_credit_score", [], "confirmation", False),
        ("greet", [], "account_number", False),
        ("handoff_human", [], "confirmation", False),
        ("help", [], "bill_type", False),
        ("deny", [], "account_number", False),
        ("affirm", [], "account_number", False),
        ("out_of_scope", [], "confirmation", False),
        ("out_of_scope", [("date", "2026-12-01")], "account_number", False),
        ("check_payment", [], "confirmation", False),
        ("query_utility_bill", [("account_number", "3301234567")], "confirmation", False),
        ("deny", [], "confirmation", True),
        ("affirm", [], "confirmation", True),
        ("inform", [("account_number", "3301234567")], "account_number", True),
        ("inform", [("bill_type", "gas")], "confirmation", True),
        ("deny", [("bill_type", "gas")], "account_number", True),
        ("query_utility_bill", [("bill_type", "water")], "bill_type", True),
        ("pay_utility_bill", [], "account_number", True),
        ("nlu_fallback", [("account_number", "3301234567")], "account_number", True),
    ],
)
def test_what_a_form_takes_for_itself(intent, entities, requested, concerns):
    said = turn(intent, "确认" if intent == "affirm" else "x" * 14, *entities, form=PAY, requested=requested)
    assert PayUtilityBill().concerns(said) is concerns


@pytest.mark.parametrize(
    ("intent", "entities", "requested", "heard_as"),
    [
        ("inform", [("phone", "13812345678")], "account_number", {"account_number": "13812345678"}),
        ("inform", [("ordinal", "2")], "bill_choice", {"bill_choice": "2"}),
        ("inform", [("ordinal", "2")], "account_number", {}),
        ("affirm", [], "confirmation", {"confirmation": True}),
        ("deny", [], "confirmation", {"confirmation": False}),
        ("affirm", [], "bill_choice", {}),
        ("inform", [("bill_type", "plutonium")], "bill_type", {}),
    ],
)
def test_the_question_decides_what_a_bare_answer_is(intent, entities, requested, heard_as):
    assert (
        PayUtilityBill().heard(turn(intent, WORDS.get(intent, "那个"), *entities, form=PAY, requested=requested))
        == heard_as
    )


def test_a_bare_name_is_heard_only_where_a_name_was_asked_for():
    booking = BookHospitalAppointment()
    asked = turn("out_of_scope", "王小明", form=booking.form(), requested="person_name")
    assert booking.heard(asked) == {"person_name": "王小明"}
    assert booking.concerns(asked)
    assert booking.heard(turn("out_of_scope", "王小明", form=booking.form(), requested="date")) == {}
    assert booking.heard(turn("deny", "算了", form=booking.form(), requested="person_name")) == {}


def test_a_yes_beside_a_correction_is_forgotten():
    slots = {"bill_type": "water", "account_number": "3301234567"}
    said = turn("affirm", "好", ("account_number", "3307654321"), slots=slots, form=PAY, requested="confirmation")
    PayUtilityBill().listen(said)
    assert said.slot("confirmation") is None
    assert said.slot("account_number") == "3307654321"


def test_a_yes_that_repeats_what_is_known_is_a_yes():
    slots = {"bill_type": "water", "account_number": "3301234567"}
    said = turn("affirm", "water，对", ("bill_type", "water"), slots=slots, form=PAY, requested="confirmation")
    sign(said.tracker, PayUtilityBill)
    PayUtilityBill().listen(said)
    assert said.slot("confirmation") is True


def test_another_bill_does_not_take_the_account_along():
    slots = {"bill_type": "water", "account_number": "3301234567"}
    said = turn("inform", "不对，是电费", ("bill_type", "electricity"), slots=slots, form=PAY, requested="confirmation")
    PayUtilityBill().listen(said)
    assert (said.slot("bill_type"), said.slot("account_number")) == ("electricity", None)


def test_a_message_that_was_answered_is_not_heard_again():
    after_aside = turn("greet", form=PAY, after=["utter_greet", PAY])
    assert not after_aside.just_heard(PAY)
    assert turn("inform", form=PAY, after=[PAY]).just_heard(PAY)
    assert turn("pay_utility_bill", after=["action_leave_task", PAY]).just_heard(PAY)
    assert not turn("affirm", after=["action_resume_task", PAY]).just_heard(PAY)


@pytest.mark.parametrize(
    ("number", "found"), [("1", "a"), ("2", "b"), ("-1", "b"), ("3", None), ("-3", None), (None, None)]
)
def test_a_choice_by_its_number(number, found):
    said = turn("inform", slots={"quote": {"offers": ["a", "b"]}, "bill_choice": number})
    assert picked(said, "bill_choice") == found


def test_every_task_is_found_by_its_intent_and_its_form():
    assert {QueryUtilityBill, PayUtilityBill, PayTrafficFine, BookHospitalAppointment} <= set(all_tasks())
    for task in all_tasks():
        assert task_for_intent(task.intent) is task
        assert task_for_form(task.form()) is task
        assert task.title
    assert task_for_intent("greet") is None
    assert task_for_form(None) is None


def test_another_name_does_not_go_with_the_old_id_number():
    slots = {"person_name": "王小明", "id_number": "330102199003071230"}
    booking = BookHospitalAppointment()
    said = turn(
        "inform", "我叫李娜", ("person_name", "李娜"), slots=slots, form=booking.form(), requested="confirmation"
    )
    booking.listen(said)
    assert (said.slot("person_name"), said.slot("id_number")) == ("李娜", None)


OFFERS = [{"keys": ["9月"], "price": "1.00"}, {"keys": ["10月"], "price": "2.00"}]


@pytest.mark.parametrize(
    ("intent", "text", "entities", "heard_as"),
    [
        ("deny", "不对，户号错了", [], {"account_number": None}),
        ("deny", "不是这笔，是9月的", [], {"bill_choice": "1"}),
        ("inform", "换成第一个", [("ordinal", "1")], {"bill_choice": "1"}),
        ("affirm", "好，10月的", [], {}),
        ("out_of_scope", "算了，只查一下就行", [], {"confirmation": False}),
        ("deny", "不交了", [], {"confirmation": False}),
        ("deny", "没有错", [], {"confirmation": True}),
    ],
)
def test_what_is_said_to_the_sentence_with_the_amount(intent, text, entities, heard_as):
    slots = {"quote": {"offers": OFFERS}, "bill_choice": "2"}
    said = turn(intent, text, *entities, slots=slots, form=PAY, requested="confirmation")
    assert PayUtilityBill().heard(said) == heard_as


def test_what_was_noted_is_used_once_and_gives_way_to_what_is_said():
    slots = {"noted": {"account_number": "3301111111", "plate_number": "浙A12345"}}
    first = turn("query_utility_bill", "查水费", ("bill_type", "water"), slots=slots, after=["action_leave_task"])
    QueryUtilityBill().listen(first)
    assert first.slot("account_number") == "3301111111"
    assert first.slot("noted") == {"plate_number": "浙A12345"}
    other = turn(
        "query_utility_bill", "查水费", ("account_number", "3302222222"), slots=slots, after=["action_leave_task"]
    )
    QueryUtilityBill().listen(other)
    assert other.slot("account_number") == "3302222222"
    assert "account_number" not in other.slot("noted")


def test_another_choice_is_heard_at_the_yes_even_half_understood():
    offers = [{"keys": ["10月"], "line": "a"}, {"keys": ["9月"], "line": "b"}]
    slots = {"quote": {"offers": offers}, "bill_choice": "1"}
    said = turn("nlu_fallback", "不是这笔，是9月的", form=PAY, requested="confirmation", slots=slots)
    assert PayUtilityBill().concerns(said)
    assert PayUtilityBill().heard(said) == {"bill_choice": "2"}
