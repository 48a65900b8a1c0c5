"""Choosing from what was read out, in the resident's words."""

import pytest

from actions.conversation.choosing import chosen_in_words, means_all

DOCTORS = [
    {
        "keys": ["何子涵", "何医生", "市第一人民医院", "8:00", "8点", "50元"],
        "price": "50.00",
        "time": "2026-12-01T08:00",
    },
    {"keys": ["赵海峰", "赵医生", "市儿童医院", "9:30", "18元"], "price": "18.00", "time": "2026-12-01T09:30"},
    {"keys": ["王芳", "王医生", "市儿童医院", "10:00", "10点", "30元"], "price": "30.00", "time": "2026-12-01T10:00"},
]


@pytest.mark.parametrize(
    ("text", "chosen"),
    [
        ("", None),
        ("嗯", None),
        ("市儿童医院的", None),
        ("赵海峰", "2"),
        ("就何医生吧", "1"),
        ("9:30的那个", "2"),
        ("10点的", "3"),
        ("18元的", "2"),
        ("市第一人民医院那个", "1"),
        ("最便宜的", "2"),
        ("便宜的", "2"),
        ("最早的", "1"),
        ("晚点的", "3"),
        ("随便", "1"),
        ("哪个都行", "1"),
        ("都交了吧", None),
    ],
)
def test_which_one_is_meant(text, chosen):
    assert chosen_in_words(text, DOCTORS) == chosen


def test_nothing_to_choose_from():
    assert chosen_in_words("随便", []) is None


@pytest.mark.parametrize(
    "text", ["都交了吧", "三笔一起交", "全交", "一起", "全都交了", "两笔都交", "一次交清", "都给我交了", "我都要交"]
)
def test_all_at_once(text):
    assert means_all(text)


@pytest.mark.parametrize(
    "text", ["都可以", "都对", "没问题，都对", "都是对的", "什么都没有", "都认", "怎么都行", "都没错", "再确认一次", "交吧", "第一个"]
)  # fmt: skip
def test_all_that_is_right_is_not_all_at_once(text):
    assert not means_all(text)
