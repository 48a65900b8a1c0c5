import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.nlu.normalise import normalise


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("", ""),
        ("　\t\u200b\n\x00", "     "),
        ("㈱İßŉ", "㈱İßŉ"),
        ("ＡＢＣ１２３，！？", "abc123,!?"),
        ("查水費，繳電費", "查水费,缴电费"),
        ("禮拜三掛號", "礼拜三挂号"),
        ("粵Ｂ•１２３４５", "粤b·12345"),
        ("浙А12345", "浙a12345"),
        ("⽔费", "水费"),
        ("①②", "12"),
        ("٣٤", "34"),
        ("￥１００", "¥100"),
        ("3301—2345－67", "3301-2345-67"),
        ("二○二六", "二〇二六"),
        ("裡面的錶", "里面的表"),
    ],
)
def test_one_form(typed: str, expected: str) -> None:
    assert normalise(typed) == expected


@given(st.text())
def test_length_never_changes(text: str) -> None:
    assert len(normalise(text)) == len(text)


@given(st.text(max_size=50))
@example("ᵝ")
def test_normal_text_stays(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)
