"""ID numbers and plates."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.checks import is_id_number
from sandbox.plates import PROVINCES, is_plate
from sandbox.seeding.people import make_id_number

TODAY = date(2026, 11, 24)
SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    "text",
    [
        "", "浙", "浙A", "浙A1234", "浙A1234567", "A12345", "浙a12345", "浙A·12345", "浙A 12345", "浙A1234O", "浙A1234I",
        "浙112345", "国A12345", "浙AABC12", "浙AX12345", "浙AD1234A", "浙A12345\n", "浙A１２３４５", "浙A1234L6", "浙A12D345",
    ],
)  # fmt: skip
def test_not_a_plate(text):
    assert not is_plate(text)


@pytest.mark.parametrize(
    "text",
    ["浙A12345", "浙AB1234", "浙F12B4C", "京AD12345", "粤BDF1234", "浙AF00001", "粤B12345D", "浙A1234学", "粤Z1234港"],
)
def test_plate(text):
    assert is_plate(text)


@given(st.sampled_from(PROVINCES), st.sampled_from("ABCDEFGHJKL"), st.text("0123456789", min_size=5, max_size=5))
def test_every_all_digit_plate(province, letter, serial):
    assert is_plate(province + letter + serial)
    assert is_plate(f"{province}{letter}D{serial}")
    assert not is_plate(province + letter + serial[:4])
    assert not is_plate(letter + province + serial)


@given(st.text(max_size=9))
def test_any_text_is_a_plate_or_not(text):
    assert is_plate(text) in (True, False)
    assert not is_plate(text + "·")


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "11010119900307451", "110101199003074518", "110101199013074517", "110101199002304518",
        "11010119900307451X ", "990101199003074514", "１10101199003074514", "110101900307451", "11010119900307451x",
    ],
)  # fmt: skip
def test_not_an_id_number(text):
    assert not is_id_number(text, TODAY)


@pytest.mark.parametrize("born", [date(1935, 2, 28), date(1969, 1, 11), date(1990, 3, 7), date(2024, 2, 29), TODAY])
def test_id_number(born):
    # Born before 1983 too, though the district's code was given out that year.
    assert is_id_number(make_id_number("330106", born, 123), TODAY)


def test_a_foreign_permanent_residents_number():
    assert is_id_number("911156199001010010", TODAY)
    assert not is_id_number("911156199001010011", TODAY)
    assert not is_id_number("999156199001010012", TODAY)  # no province


def test_not_born_yet():
    assert not is_id_number(make_id_number("330106", TODAY + timedelta(days=1), 123), TODAY)


@given(st.dates(date(1930, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(born, serial, place, shift):
    number = make_id_number("330102", born, serial)
    assert is_id_number(number, TODAY)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert not is_id_number(wrong, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_an_id_number_or_not(text):
    assert is_id_number(text, TODAY) in (True, False)
