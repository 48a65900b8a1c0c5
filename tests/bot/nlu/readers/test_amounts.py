from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.normalise import normalise
from bot.nlu.readers.amounts import AmountFinder
from bot.nlu.readers.found import Found, take_free

AMOUNTS = AmountFinder(read_gazetteers()["money"])


def amounts(said: str) -> list[str]:
    taken: list[Found] = []
    take_free(taken, AMOUNTS.find(normalise(said)))
    return [one.value for one in sorted(taken) if one.entity]


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("", []),
        ("50", []),
        ("320.5", []),
        ("电费320.5", []),
        ("二百五十", []),
        ("多少钱", []),
        ("三百多块", []),
        ("五十来块钱", []),
        ("扣3分", []),
        ("交一下", []),
        ("交3月份的", []),
        ("交15号的电费", []),
        ("付第2笔", []),
        ("充100度电", []),
        ("水费电费一块交了", []),
        ("一块儿查", []),
        ("一块电表", []),
        ("元旦", []),
        ("充值卡", []),
        ("交户号3301234567", []),
        ("充到 5120 9934 07", []),
        ("交 3301 2345 67", []),
        ("交到3301234567 100", ["100.00"]),
        ("充电费3301234567，50.5", ["50.50"]),
        ("交电费3301234567 13812345678", []),
        ("查3301234567 100", []),
        ("充 5120-9934-07", []),
        ("交到3301", []),
        ("把二维码打开", []),
        ("两百五十块的电费充到 5120 9934 07", ["250.00"]),
        ("把一百八充到 3302 7788 15", ["180.00"]),
        ("拿200交水费", ["200.00"]),
        ("三百二十块五", ["320.50"]),
        ("￥1,234.50", ["1234.50"]),
        ("一百二", ["120.00"]),
        ("50元", ["50.00"]),
        ("五十块钱", ["50.00"]),
        ("一千零五块三毛", ["1005.30"]),
        ("45.60元", ["45.60"]),
        ("１００元", ["100.00"]),
        ("20元整", ["20.00"]),
        ("人民币500元", ["500.00"]),
        ("500RMB", ["500.00"]),
        ("交一百二", ["120.00"]),
        ("充100", ["100.00"]),
        ("充值100电费", ["100.00"]),
        ("充200块电费", ["200.00"]),
        ("电费交100", ["100.00"]),
        ("先充五十块钱燃气", ["50.00"]),
        ("充个五十吧", ["50.00"]),
        ("交12.5", ["12.50"]),
        ("一块钱", ["1.00"]),
        ("一块五", ["1.50"]),
        ("充一块", ["1.00"]),
        ("三块二毛五", ["3.25"]),
        ("三块二五", ["3.25"]),
        ("十块零五分", ["10.05"]),
        ("五元五角五分", ["5.55"]),
        ("五毛钱", ["0.50"]),
        ("5毛", ["0.50"]),
        ("8块8", ["8.80"]),
        ("1.5万元", ["15000.00"]),
        ("3千块", ["3000.00"]),
        ("两百块", ["200.00"]),
        ("四十五点六元", ["45.60"]),
        ("一万二千块", ["12000.00"]),
        ("三千五", ["3500.00"]),
        ("一千两百三十四块五毛六", ["1234.56"]),
        ("給3302456789充一百塊電費", ["100.00"]),
        ("先交50块，再交100块", ["50.00", "100.00"]),
    ],
)
def test_find_amounts(said: str, values: list[str]) -> None:
    assert amounts(said) == values


@given(st.integers(1, 9_999_999))
def test_any_sum_in_figures_comes_back(fen: int) -> None:
    yuan = f"{Decimal(fen) / 100:.2f}"
    assert amounts(f"{yuan}元") == [yuan]
    assert amounts(f"¥{Decimal(yuan):,}") == [yuan]


@given(st.integers(2, 99_999), st.integers(1, 9))
def test_any_sum_in_characters_comes_back(yuan: int, jiao: int) -> None:
    assert amounts(f"{cn2an.an2cn(str(yuan))}块{jiao}毛") == [f"{yuan}.{jiao}0"]
