"""Days that are asked about, and days that are told of something else."""

from datetime import date

import pytest

from bot.nlu.readers.city_roles import PASSING
from bot.nlu.readers.entities import EntityFinder
from tests.patterns import BOUND, LENGTH, seconds
from tests.understanding.readings import finder

TODAY = date(2026, 11, 25)


@pytest.fixture(scope="module")
def finds() -> EntityFinder:
    return finder()


@pytest.mark.parametrize(
    ("said", "passing", "meant"),
    [
        ("帮我挂内科，我孙子昨天来电话了", ["2026-11-24"], []),
        ("我孙子昨天来电话了", [], ["2026-11-24"]),  # nothing else is asked for
        ("帮我挂内科，我明天有空", [], ["2026-11-26"]),
        ("帮我挂内科，明天", [], ["2026-11-26"]),
        ("明天我要开会，帮我挂后天的内科", ["2026-11-26"], ["2026-11-27"]),
        ("昨天我在北京开车，有没有被抓拍", [], ["2026-11-24"]),
        ("我爸昨天摔了一跤，挂骨科", ["2026-11-24"], []),
        ("昨天交的电费，到账了吗", [], ["2026-11-24"]),
        ("", [], []),
    ],
)
def test_which_day_is_asked_about(finds: EntityFinder, said: str, passing: list[str], meant: list[str]) -> None:
    days = [one for one in finds.find(said, TODAY) if one.entity == "date"]
    assert [one.value for one in days if one.role == PASSING] == passing
    assert [one.value for one in days if one.role != PASSING] == meant


@pytest.mark.parametrize("unit", ["明天，", "昨天来电话了，", "挂内科，昨天下雨，", "，", "我"])
def test_a_long_message_is_read_in_time(finds: EntityFinder, unit: str) -> None:
    text = (unit * LENGTH)[:LENGTH]
    assert seconds(lambda: finds.find(text, TODAY)) < BOUND
