"""Cities by name, however many the registry has."""

import itertools

import pytest

from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.readers.city_names import CityNames, city_rows
from bot.nlu.readers.found import Found, take_free
from manifests import Registered
from tests.patterns import seconds

ROWS = [
    Registered("330400", "嘉兴", "嘉兴市", "浙江"),
    Registered("371100", "日照", "日照市", "山东", needs_context=True),
    Registered("430100", "长沙", "长沙市", "湖南"),
    Registered("430121", "长沙", "长沙县", "湖南"),
    Registered("330782", "义乌", "义乌市", "浙江", aliases=("小商品城",)),
    Registered("341181", "天长", "天长市", "安徽", needs_context=True),
    Registered("451425", "天等", "天等县", "广西"),
    Registered("341522", "霍邱", "霍邱县", "安徽"),
    Registered("320106", "鼓楼", "鼓楼区", "江苏"),
    Registered("350102", "鼓楼", "鼓楼区", "福建"),
]


@pytest.fixture(scope="module")
def spoken() -> dict[str, list[str]]:
    words: dict[str, list[str]] = read_gazetteers()["city_words"]
    return words


@pytest.fixture(scope="module")
def names(spoken: dict[str, list[str]]) -> CityNames:
    return CityNames(city_rows(ROWS), spoken)


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("", []), ("嘉", []), ("嘉兴", ["嘉兴"]), ("嘉兴路", []), ("今天日照强", []), ("换到日照", ["日照"]), ("日照", ["日照"]), ("长沙", ["长沙"]), ("长沙县", ["430121"]),
        ("义乌", ["义乌"]), ("换到义乌", ["义乌"]), ("义乌市的水费", ["义乌"]), ("我在义乌，交水费", ["义乌"]), ("去义乌玩", ["义乌"]), ("昨天长", []), ("天长", ["天长"]), ("天长市", ["天长"]),
        ("今天等会儿", []), ("改天等我", []), ("在天等你", []), ("换到天等", ["天等"]), ("天等县", ["天等"]), ("霍邱县的电费", ["霍邱"]),
    ],
)  # fmt: skip
def test_find(names: CityNames, said: str, values: list[str]) -> None:
    longest: list[Found] = []
    take_free(longest, names.find(said))
    assert [one.value for one in sorted(longest)] == values


def test_one_name_in_two_provinces_means_either(names: CityNames) -> None:
    (found,) = names.find("换到鼓楼区")
    assert (found.value, found.candidates) == ("鼓楼", ("鼓楼", "350102"))


def test_three_thousand_names_are_no_trouble(spoken: dict[str, list[str]]) -> None:
    chars = "安平永兴新宁阳江山水田林金石龙凤泰和清河德昌丰乐大通长武东西南北"
    pairs = itertools.islice(itertools.permutations(chars, 2), 1000)
    many = [
        Registered(f"{code}", f"{''.join(pair)}{end}", f"{''.join(pair)}{end}县", "某省")
        for code, (pair, end) in enumerate(itertools.product(pairs, "甲乙丙"), start=510001)
    ]
    names = CityNames(city_rows([*ROWS, *many]), spoken)
    said = "我在北京出差，今天等会儿帮家里交一下嘉兴的水费，新宁甲县的电费也查一下" * 20
    assert {one.value for one in names.find(said)} == {"嘉兴", "新宁甲"}
    assert seconds(lambda: CityNames(city_rows([*ROWS, *many]), spoken), 0.5) < 0.5
    assert seconds(lambda: list(names.find(said)), 0.05) < 0.05
