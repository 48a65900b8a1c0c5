import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.readers.numerals import parse_count, spoken_digits


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("", None), ("三五", None), ("一二三", None), ("块", None), ("十", 10), ("十五", 15), ("二十", 20), ("廿五", 25),
        ("一百二", 120), ("一百零二", 102), ("一百二十", 120), ("一百一十二", 112), ("两百", 200), ("一千零五", 1005), ("三千五", 3500),
        ("一万二", 12000), ("一千二百五", 1250), ("两万三千五", 23500), ("3百2", 320), ("1万", 10000), ("15", 15), ("一亿", 100000000),
    ],
)  # fmt: skip
def test_parse_count(said: str, number: int | None) -> None:
    assert parse_count(said) == number


@given(st.integers(min_value=0, max_value=99_999_999))
def test_reads_what_cn2an_writes(number: int) -> None:
    assert parse_count(cn2an.an2cn(str(number))) == number


@pytest.mark.parametrize(
    ("said", "digits"), [("", ""), ("幺三八 零零", "13800"), ("一二3四", "1234"), ("洞拐", "07"), ("好的", "")]
)
def test_spoken_digits(said: str, digits: str) -> None:
    assert spoken_digits(said) == digits
