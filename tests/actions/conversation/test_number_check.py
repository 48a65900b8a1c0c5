"""What digits can be a city's account number, and what pieces make one up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.number_check import SO_FAR, joined, refuse_unfit, say_what_it_is
from actions.conversation.turn import Turn
from actions.services import load_handlers
from actions.services.bus_card import QueryBusCard
from actions.services.utility_bills import QueryUtilityBill
from tests.actions.conversation.trackers import heard, said

load_handlers()
NUMBER = "account_number"
WATER = {"bill_type": "water"}
A = "3301091674"


def turn(text, *entities, requested=NUMBER, intent="inform", **slots):
    """A turn in which the number is asked for."""
    found = [
        {"entity": name, "value": value, "start": text.index(shown), "end": text.index(shown) + len(shown)}
        for name, value, shown in ((*one, one[1])[:3] for one in entities)
    ]
    tracker = heard(intent, text, *found, slots={**WATER, **slots}, form=QueryUtilityBill.form(), requested=requested)
    return Turn(CollectingDispatcher(), tracker)


class TestNoPieces:
    @pytest.mark.parametrize(
        ("text", "entities"),
        [
            ("13655999964", [("phone", "13655999964")]),
            ("明天", [("date", "2026-11-26", "明天")]),
            ("12月5号", [("date", "2026-12-05", "12月5号")]),
            ("50块", [("amount", "50.00", "50块")]),
            ("第2个", [("ordinal", "2", "2")]),
            ("我家里有3口人，上个月用了20吨水", []),
            ("5", []),
            ("", []),
            ('/inform{"ordinal": "22"}', []),
        ],
    )
    def test_what_is_no_part_of_a_number(self, text, entities):
        assert joined(turn(text, *entities), QueryUtilityBill, {}) == {}

    def test_a_whole_number_stays_as_it_is(self):
        assert joined(turn(A, (NUMBER, A)), QueryUtilityBill, {NUMBER: A}) == {}

    def test_with_a_piece_before_it_too(self):
        assert joined(turn(A, (NUMBER, A), number_so_far="3301"), QueryUtilityBill, {NUMBER: A}) == {}

    def test_too_many_digits_are_none(self):
        assert joined(turn("0916742", number_so_far="3301"), QueryUtilityBill, {}) == {}

    def test_where_no_number_is_asked_for_digits_are_none(self):
        assert joined(turn("3301", requested="confirmation"), QueryUtilityBill, {}) == {}

    def test_where_the_city_says_no_form_none_is_asked_for(self):
        assert joined(turn("3301", requested="card_number"), QueryBusCard, {}) == {}
        spoken = turn("12345678", slot=1, card_number="12345678")
        refuse_unfit(spoken, QueryBusCard)
        assert spoken.slot("card_number") == "12345678"

    def test_before_the_bill_is_known_neither(self):
        assert joined(turn("3301", bill_type=None), QueryUtilityBill, {}) == {}


@given(st.lists(st.integers(2, 8), min_size=1, max_size=4).filter(lambda sizes: sum(sizes) < 9))
def test_pieces_over_several_messages_make_the_number(sizes):
    so_far = ""
    for size in sizes:
        piece = A[len(so_far) : len(so_far) + size]
        so_far += piece
        assert joined(turn(piece, number_so_far=so_far[: -len(piece)] or None), QueryUtilityBill, {}) == {
            SO_FAR: so_far
        }
    rest = A[len(so_far) :]
    assert joined(turn(f"后面是{rest}", number_so_far=so_far), QueryUtilityBill, {}) == {NUMBER: A}


@pytest.mark.parametrize("text", ["33010916 74", "3301 0916 74", "33010916-74", "户号33010916 74"])
def test_pieces_of_one_message_make_the_number(text):
    assert joined(turn(text), QueryUtilityBill, {NUMBER: "33010916"}) == {NUMBER: A}
    begins = turn(text, requested=None, bill_type=None)
    assert joined(begins, QueryUtilityBill, {**WATER, NUMBER: "33010916"}) == {NUMBER: A}


@pytest.mark.parametrize(
    ("number", "response", "kept"),
    [
        ("330109167", "utter_number_of_wrong_length", "330109167"),
        ("33010916742", "utter_number_of_wrong_length", None),
        ("13655999964", "utter_number_is_a_phone", None),
    ],
)
def test_what_cannot_be_one_is_said_and_forgotten(number, response, kept):
    spoken = turn(number, account_number=number)
    refuse_unfit(spoken, QueryUtilityBill)
    assert said(spoken.dispatcher) == [response]
    assert spoken.slot(NUMBER) is None
    assert spoken.slot(SO_FAR) == kept


def test_what_can_be_one_is_kept_and_its_pieces_are_forgotten():
    spoken = turn(A, account_number=A, number_so_far="3301")
    refuse_unfit(spoken, QueryUtilityBill)
    assert spoken.dispatcher.messages == []
    assert (spoken.slot(NUMBER), spoken.slot(SO_FAR)) == (A, None)


def test_who_is_asked_and_says_who_they_are_is_told_what_is_wanted():
    told = turn("11010519491231002X", ("id_number", "11010519491231002X"))
    assert say_what_it_is(told, QueryUtilityBill)
    assert said(told.dispatcher) == ["utter_number_is_an_id"]
    assert not say_what_it_is(turn("不知道"), QueryUtilityBill)
    assert not say_what_it_is(turn("13655999964", ("phone", "13655999964"), requested="confirmation"), QueryUtilityBill)
