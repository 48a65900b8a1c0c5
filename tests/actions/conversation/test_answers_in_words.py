"""Bare answers without an entity: numbers, names, places in a list."""

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.answers_in_words import form_said, name_said, number_said, place_said
from actions.conversation.turn import Turn
from tests.actions.conversation.trackers import heard


def said(text, *entities):
    """A turn in which `text` was said."""
    return Turn(CollectingDispatcher(), heard("inform", text, *entities))


@pytest.mark.parametrize(
    "text", ["", "开发票", "查挂号", "确认退号", "何医生", "王主任", "算了", "我不知道", "石头剪刀布啊", "ABC"]
)
def test_what_is_no_name(text):
    assert name_said(said(text)) is None


@pytest.mark.parametrize("text", ["王小明", "戴秀英", "欧阳修", "彭振华。"])
def test_what_is_a_name(text):
    assert name_said(said(text)) == text.rstrip("。")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", None),
        ("0", None),
        ("第", None),
        ("两百", None),
        ("1", "1"),
        ("二", "2"),
        ("第3条", "3"),
        ("选第二个吧", "2"),
        ("两号", "2"),
    ],
)
def test_a_place_in_a_list(text, place):
    assert place_said(said(text)) == place


def test_a_place_that_was_understood_counts_first():
    assert place_said(said("最后一个", ("ordinal", "-1"))) == "-1"


@pytest.mark.parametrize(
    ("text", "entities", "digits"),
    [
        ("没有号码", (), None),
        ("是 33 0123-4567", (), "3301234567"),
        ("13812345678", (("phone", "13812345678"),), "13812345678"),
        ("五块", (("amount", "5.00"),), None),
        ("330103198810030015", (("id_number", "330103198810030015"),), None),
        ("330103198810030019", (), None),
        ("33010319881003001X", (), None),
    ],
)
def test_a_number(text, entities, digits):
    assert number_said(said(text, *entities), "account_number") == digits


def test_only_what_is_a_number_is_said_in_digits():
    assert number_said(said("3301234567"), "bill_type") is None
    assert number_said(said("3301234567"), "person_name") is None


@pytest.mark.parametrize(
    ("text", "entities", "value"),
    [
        ("", (), None),
        ("我没有", (), None),
        ("ABCDEF", (), None),
        ("12345", (), None),
        ("123456或者654321", (), None),
        ("13812345678", (("phone", "13812345678"),), None),
        ("330103198810030015", (("id_number", "330103198810030015"),), None),
        ("浙A12345", (("plate_number", "浙A12345"),), None),
        ("/inform 123456", (), None),
        ("123456", (("account_number", "123456"),), "123456"),
        ("a12345", (), "A12345"),
        ("是 123-456 啦", (), "123456"),
        ("１２３４５６", (), "123456"),
        ("LJ465Q1234567", (), "LJ465Q1234567"),
    ],
)
def test_a_value_that_is_known_by_its_form(text, entities, value):
    assert form_said(said(text, *entities), "engine_number") == value


def test_only_what_is_known_by_its_form_is_looked_for():
    assert form_said(said("123456"), "account_number") is None
    assert form_said(said("123456"), "no_entity") is None
