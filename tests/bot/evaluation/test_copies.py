"""Finding what of a development set stands in the training data."""

import pytest

from bot.evaluation.copies import bare, copied, nearest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ""),
        ("？？？", ""),
        ("我要 交水费。", "我要交水费"),
        ("我要繳水費", "我要缴水费"),
        ("ＥＴＣ怎么办", "etc怎么办"),
        ("户号 3301-2345", "户号33012345"),
    ],
)
def test_a_text_is_bared(text: str, expected: str) -> None:
    assert bare(text) == expected


def test_copies_are_found_whatever_the_script() -> None:
    assert copied(["繳電費", "缴电费吧", "你好！"], ["缴电费", "你好"]) == [True, False, True]


@pytest.mark.parametrize(
    ("text", "others", "similarity"),
    [
        ("交水费", ["挂号"], 0.0),
        ("交水费", ["交水费。"], 1.0),
        # ^交 交水 水费 费$ against ^交 交电 电费 费$: two of six.
        ("交水费", ["挂号", "交电费"], 2 / 6),
        ("？", ["挂号"], 0.0),
    ],
)
def test_the_nearest_is_found(text: str, others: list[str], similarity: float) -> None:
    assert nearest([text], others)[0] == pytest.approx(similarity)
