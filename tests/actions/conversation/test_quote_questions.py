"""Questions about what is to be paid: answered from the quote, and never with more of a name than its mask."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.quote_questions import answer_about, may_be, name_asked
from actions.conversation.turn import Turn
from tests.actions.conversation.trackers import heard, said

QUOTE = {"holder": "石**", "address": "西湖区文三路**号", "due": "2026年11月30日", "amount": "45.60"}


def answer(text, quote=QUOTE, intent="out_of_scope"):
    """What is said to `text`: the response, or None."""
    dispatcher = CollectingDispatcher()
    answered = answer_about(Turn(dispatcher, heard(intent, text)), quote)
    assert answered == bool(dispatcher.messages)
    return said(dispatcher)[0] if answered else None


@pytest.mark.parametrize(
    "text", ["确认", "不交了", "地址", "户主石志强", "换成电费", "今天天气怎么样", "什么", "转人工", "这个月用了多少"]
)
def test_what_is_no_question_about_the_quote_is_left_to_others(text):
    assert answer(text) is None


def test_a_quote_that_names_no_holder_answers_nothing():
    assert answer("户主是谁", {"amount": "45.60"}) is None


@pytest.mark.parametrize("intent", ["deny", "handoff_human", "help"])
def test_a_no_or_a_cry_for_help_is_no_question(intent):
    assert answer("户主是谁", intent=intent) is None


@pytest.mark.parametrize("text", ["确认", "对的", "是吗", "可以吗"])
def test_a_yes_is_none_either(text):
    assert answer(text, intent="affirm") is None


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("户主是谁", "utter_quote_holder"),
        ("这是谁家的", "utter_quote_holder"),
        ("户主叫什么名字", "utter_quote_holder"),
        ("地址是哪里", "utter_quote_address"),
        ("是哪个小区的", "utter_quote_address"),
        ("截止哪天", "utter_quote_due"),
        ("什么时候截止", "utter_quote_due"),
        ("最晚几号交", "utter_quote_due"),
        ("是石志强家的吗", "utter_quote_holder_fits"),
        ("确认一下这是石志强家的吗", "utter_quote_holder_fits"),
        ("户主是石志强吗", "utter_quote_holder_fits"),
        ("是不是石志强的？", "utter_quote_holder_fits"),
        ("是王小明家的吗", "utter_quote_holder_differs"),
        ("户主是石强吗", "utter_quote_holder_differs"),
        ("是我爸家的吗", "utter_quote_holder_not_known"),
        ("这是我们那套老房子的吗", "utter_quote_holder_not_known"),
    ],
)
def test_what_is_asked_about_the_quote(text, response):
    assert answer(text) == response


@pytest.mark.parametrize(
    ("name", "mask", "fits"),
    [("石志强", "石**", True), ("石志强", "石*强", True), ("石志", "石**", False), ("王志强", "石**", False)],
)
def test_a_name_and_a_mask(name, mask, fits):
    assert may_be(name, mask) is fits


@pytest.mark.parametrize("text", ["", "是我爸家的吗", "这是我家的吗", "什么时候截止"])
def test_where_nobody_is_named(text):
    assert name_asked(text) is None
