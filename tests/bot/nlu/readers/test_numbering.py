"""A list's numbers are no part of what stands on its lines; what only looks like one stays."""

from datetime import date

import pytest

from bot.nlu.extractor import finder_as_set
from bot.nlu.gazetteer_files import SETTINGS
from bot.nlu.normalise import normalise
from bot.nlu.readers.numbering import without_numbering

BOTH = [("account_number", "3301091674"), ("account_number", "3301820301")]


def numbers(text):
    """The numbers and sums that are found, with what they are."""
    found = finder_as_set(dict(SETTINGS)).find(text, date(2026, 11, 25))
    kinds = ("account_number", "card_number", "plate_number", "amount", "phone", "ordinal")
    return [(one.entity, one.value) for one in found if one.entity in kinds]


@pytest.mark.parametrize(
    "text", ["水费", "选①", "1.5元", "1、第一个 2、第二个", "3301091674", "2.3301820301", "12:30", ""]
)
def test_where_there_is_no_list_nothing_changes(text):
    assert without_numbering(text, normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    "text",
    [
        "交水费：1.3301091674 2.3301820301",
        "交水费 1、3301091674 2、3301820301",
        "交水费①3301091674②3301820301",
        "交水费(1)3301091674(2)3301820301",
        "交水费⒈3301091674⒉3301820301",
        "交水费，1）3301091674，2）3301820301",
    ],
)
def test_the_lines_of_a_list_are_numbered(text):
    assert numbers(text) == BOTH
    assert len(without_numbering(text, normalise(text))) == len(text)


def test_plates_too():
    assert numbers("查违章 1.浙AQ5681 2.浙AN4077") == [("plate_number", "浙AQ5681"), ("plate_number", "浙AN4077")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公交卡12345678和23456789", [("card_number", "12345678"), ("card_number", "23456789")]),
        ("12345678和23456789的公交卡", [("card_number", "12345678"), ("card_number", "23456789")]),
        ("户号12345、12346、12347", [("account_number", f"1234{n}") for n in (5, 6, 7)]),
        ("公交卡12345678和户号23456789", [("card_number", "12345678"), ("account_number", "23456789")]),
        ("公交卡12345678，查水费23456789", [("card_number", "12345678"), ("account_number", "23456789")]),
        ("户号33010916742和13812345678", [("account_number", "33010916742"), ("phone", "13812345678")]),
        ("户号3301091674和2026", [("account_number", "3301091674")]),
        (
            "公交卡3104330100714116316充50，3104330100714116317充100",
            [
                ("card_number", "3104330100714116316"),
                ("amount", "50.00"),
                ("card_number", "3104330100714116317"),
                ("amount", "100.00"),
            ],
        ),
    ],
)
def test_a_number_is_of_the_kind_of_its_like_beside_it(text, found):
    assert numbers(text) == found
