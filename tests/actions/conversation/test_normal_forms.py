"""Values in normal form pass; what a payload can hold besides does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.conversation.normal_forms import fits


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("bill_type", "plutonium"),
        ("account_number", "12"),
        ("account_number", "33012345ab"),
        ("plate_number", "12345"),
        ("decision_number", "33010012345678"),
        ("date", "2026-13-45"),
        ("date", "yesterday"),
        ("period", "noon"),
        ("ordinal", "abc"),
        ("ordinal", "0"),
        ("ordinal", "99999999999999999999"),
        ("id_number", "330102199003071231"),
        ("phone", "23812345678"),
        ("person_name", "<b>"),
        ("department", "<script>"),
        ("amount", "1e9"),
        ("nobody", "knows"),
    ],
)
def test_what_does_not_fit(entity, value):
    assert not fits(entity, value)


@pytest.mark.parametrize(
    ("entity", "value"),
    [
        ("bill_type", "water"),
        ("account_number", "3301234567"),
        ("plate_number", "浙A12345"),
        ("plate_number", "粤BD12345"),
        ("plate_number", "浙A1234警"),
        ("decision_number", "330100123456789"),
        ("date", "2026-12-01"),
        ("period", "evening"),
        ("ordinal", "-1"),
        ("id_number", "330102199003071230"),
        ("phone", "13812345678"),
        ("person_name", "欧阳小明"),
        ("department", "耳鼻咽喉科"),
        ("city", "嘉兴"),
        ("amount", "320.50"),
    ],
)
def test_what_fits(entity, value):
    assert fits(entity, value)


@given(st.sampled_from(["date", "ordinal", "plate_number", "id_number", "amount"]), st.text(max_size=30))
def test_any_text_is_judged_without_an_error(entity, value):
    assert fits(entity, value) in (True, False)
