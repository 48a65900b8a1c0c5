from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from bot.nlu.declared import Declared
from bot.nlu.normalise import normalise
from bot.nlu.readers.number_forms import NumberFinder, is_id_number

GOOD_ID = "11010519491231002X"


@pytest.fixture(scope="module")
def numbers(declared: Declared) -> NumberFinder:
    return NumberFinder(declared.read_by("number"))


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", []),
        ("没有数字", []),
        ("123", []),
        ("12345", []),
        ("热线12345", []),
        ("45.60", []),
        ("¥3301234567", []),
        ("A123456", []),
        ("三三两两", []),
        ("110105194912310021", []),
        ("身份证110105194912310021", []),
        ("身份证330103881003001", []),
        ("330103881003001，是我的身份证", []),
        ("户号330103198810030014", []),
        ("罚单编号330103198810030014", []),
        ("330103 19881003 0014", []),
        ("充到330103198810030014", []),
        ("户号" + GOOD_ID, [("id_number", GOOD_ID)]),
        ("户号33010319881003001x", []),
        ("银行卡6222020200112233", []),
        ("订单号123456789", []),
        ("户号尾号4567", []),
        ("3301234567", [("account_number", "3301234567")]),
        ("户号3301234567", [("account_number", "3301234567")]),
        ("户号 3301 2345 67", [("account_number", "3301234567")]),
        ("3301-2345-67", [("account_number", "3301234567")]),
        ("户号：００１２３４５６７８", [("account_number", "0012345678")]),
        ("户号是三三零一二三四五六七", [("account_number", "3301234567")]),
        ("户号三三零 幺二三 四五六七", [("account_number", "3301234567")]),
        ("三三零一 二三四五 六七", [("account_number", "3301234567")]),
        ("表号00123", [("account_number", "00123")]),
        ("户号13812345678", [("account_number", "13812345678")]),
        ("电表号330123456789012", [("account_number", "330123456789012")]),
        ("3301234567这个户号", [("account_number", "3301234567")]),
        ("查3301234567一下", [("account_number", "3301234567")]),
        ("充到 5120 9934 07", [("account_number", "5120993407")]),
        ("打到 3301-2345-67", [("account_number", "3301234567")]),
        ("交到4471", [("account_number", "4471")]),
        ("充到13812345678", [("phone", "13812345678")]),
        ("3301234567 2", [("account_number", "3301234567")]),
        ("330106190012345", [("decision_number", "330106190012345")]),
        ("3301061900123456", [("decision_number", "3301061900123456")]),
        ("处罚决定书编号3301 0619 0012 345", [("decision_number", "330106190012345")]),
        ("决定书330106-190012345", [("decision_number", "330106190012345")]),
        ("罚单3301061234567", [("decision_number", "3301061234567")]),
        ("处罚单编号：3301061234", [("decision_number", "3301061234")]),
        ("13812345678", [("phone", "13812345678")]),
        ("138 1234 5678", [("phone", "13812345678")]),
        ("+86 138-1234-5678", [("phone", "13812345678")]),
        ("幺三八幺二三四五六七八", [("phone", "13812345678")]),
        ("手机号一三八零零一三八零零零", [("phone", "13800138000")]),
        ("0571-87654321", [("phone", "057187654321")]),
        ("电话057187654321", [("phone", "057187654321")]),
        ("电话87654321", [("phone", "87654321")]),
        (GOOD_ID, [("id_number", GOOD_ID)]),
        ("911156199001010010", [("id_number", "911156199001010010")]),  # a foreign permanent resident's
        ("身份证911156199001010010", [("id_number", "911156199001010010")]),
        ("911156199001010011", []),
        ("999156199001010012", []),
        ("身份证号11010519491231002x", [("id_number", GOOD_ID)]),
        ("110105 19491231 002X", [("id_number", GOOD_ID)]),
        ("张三" + GOOD_ID, [("id_number", GOOD_ID)]),
        ("3301234567 13812345678", [("account_number", "3301234567"), ("phone", "13812345678")]),
        ("手机13812345678户号3301234567", [("phone", "13812345678"), ("account_number", "3301234567")]),
    ],
)
def test_find_numbers(numbers: NumberFinder, said: str, found: list[tuple[str, str]]) -> None:
    assert [(one.entity, one.value) for one in numbers.find(normalise(said))] == found


def test_offsets_are_those_of_the_text_as_typed(numbers: NumberFinder) -> None:
    said = "户号　３３０１ 2345 67，谢谢"
    (one,) = numbers.find(normalise(said))
    assert said[one.start : one.end] == "３３０１ 2345 67"


@given(
    st.sampled_from(["110105", "330106", "330402", "440305", "510104"]),
    st.dates(min_value=date(1930, 1, 1), max_value=date(2020, 12, 31)),
    st.integers(0, 999),
)
def test_any_good_id_comes_back_and_a_wrong_digit_does_not(
    numbers: NumberFinder, region: str, born: date, serial: int
) -> None:
    seventeen = f"{region}{born:%Y%m%d}{serial:03d}"
    digit = ric.calc_check_digit(seventeen + "0")
    assert is_id_number(seventeen + digit)
    assert [(one.entity, one.value) for one in numbers.find(normalise(f"我的是{seventeen}{digit}。"))] == [
        ("id_number", seventeen + digit)
    ]
    wrong = "0" if digit != "0" else "1"
    assert list(numbers.find(seventeen + wrong)) == []


@given(st.from_regex(r"[2-9][0-9]{9}", fullmatch=True))
def test_any_ten_digits_are_an_account(numbers: NumberFinder, digits: str) -> None:
    for said in (digits, f"户号{digits[:4]} {digits[4:8]} {digits[8:]}", f"{digits}的水费"):
        assert [(one.entity, one.value) for one in numbers.find(said)] == [("account_number", digits)]
