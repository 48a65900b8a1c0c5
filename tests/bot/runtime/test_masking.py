"""Residents' numbers leave no trace in text that goes to a log; what operators need stays."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.runtime.masking import mask


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("户号3301234567的水费", "3301234567"),
        ("户号 3301 2345 67", "2345"),
        ("户号330123", "330123"),
        ("11010519491231002X", "11010519491231002"),
        ("11010519491231002x。", "11010519491231002"),
        ("决定书330106202611001", "330106202611001"),
        ("电话13800138000,谢谢", "13800138000"),
        ("138-0013-8000", "0013"),
        ("138 0013 8000", "8000"),
        ("浙A12345", "12345"),
        ("浙A·D12345", "D12345"),
        ("浙江A12345", "A12345"),
        ("黑龙江省A·12345", "A·12345"),
        ("浙A点12345", "12345"),
        ("粤 b 12345", "12345"),
        ("粤BD12345", "BD12345"),
        ("浙A1234学", "A1234"),
        ("预约H2026112401", "2026112401"),
        ("收据R20261124000001", "20261124000001"),
        ("{'account_number': '3301234567'}", "3301234567"),
        ('{"account_number":"3301234567"}', "3301234567"),
        ("/accounts/3301234567/bills", "3301234567"),
        ("acct3301234567zz", "3301234567"),
        ("号.3301234567", "3301234567"),
        ("2026-11-24 3301234567", "3301234567"),
        ("1３8００138000", "138000"),
        ("发动机号后六位A12345", "A12345"),
        ("Received user message '8a1B23'", "8a1B23"),
    ],
)
def test_a_number_is_masked(text: str, secret: str) -> None:
    assert secret not in mask(text)
    assert "***" in mask(text)


def test_a_plate_is_masked_in_escaped_json_and_in_an_address() -> None:
    assert "A12345" not in mask(json.dumps({"plate_number": "浙A12345"}))
    assert "A12345" not in mask(f"/vehicles/{quote('浙A12345')}/violations")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-24T11:50:15.123+08:00",
        "2026-11-24 11:50:15",
        "listening on 127.0.0.1:5005",
        "应缴45.60元，3笔",
        "conversation 3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        "turn took 12.345678 ms",
        "rasa 3.6.21 on Python 3.10",
        "cities/330100.yml"[:7],
        "",
    ],
)
def test_what_operators_need_stays(text: str) -> None:
    assert mask(text) == text


@given(st.text(), st.integers(100_000, 10**18).map(str), st.text())
def test_no_long_number_survives_between_blanks(before: str, number: str, after: str) -> None:
    assert number not in mask(f"{before} {number} {after}").split()


@given(st.sampled_from("京津沪渝浙粤"), st.from_regex(r"[A-HJ-NP-Z][0-9]{5,6}", fullmatch=True))
def test_no_plate_survives(province: str, rest: str) -> None:
    assert rest not in mask(f"车牌{province}{rest}")
