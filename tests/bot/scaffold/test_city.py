"""A new city's file can be used at once, with and without a province's."""

import datetime as dt
from pathlib import Path

import pytest

from bot.checks import cities
from bot.checks.reading.project import Project
from bot.scaffold import city
from bot.scaffold.templates import ScaffoldError
from manifests import Places

DAY = dt.date(2026, 1, 31)


def test_a_city_of_a_province_says_only_what_differs(copy: Path) -> None:
    (copy / "data/cities/330100.yml").unlink()
    assert city.make(copy, "330100", "浙A", DAY) == ["data/cities/330100.yml"]
    made = Places(copy / "data/cities").city("330100")
    assert made is not None
    assert made.says.plate_prefix == "浙A"
    assert made.offers("water", DAY)
    assert cities.validate(Project(copy)) == []


def test_a_city_of_no_province_offers_everything_from_today(copy: Path) -> None:
    for path in (copy / "data/cities").glob("33*.yml"):
        path.unlink()
    city.make(copy, "330100", None, DAY)
    made = Places(copy / "data/cities").city("330100")
    assert made is not None
    assert made.offers("water", DAY)
    assert not made.offers("water", DAY - dt.timedelta(days=1))
    assert made.biller("water") == "杭州市水费缴费中心"
    assert cities.validate(Project(copy)) == []


@pytest.mark.parametrize(
    ("code", "plate", "words"),
    [
        ("999999", None, "cities.yml 里没有这个代码"),
        ("杭州", None, "cities.yml 里没有这个代码"),
        ("330100", "苏A", "浙江的车牌以浙开头"),
        ("330100", None, r"不覆盖：data/cities/330100\.yml"),
    ],
)
def test_a_city_that_cannot_be(original: Path, code: str, plate: str | None, words: str) -> None:
    with pytest.raises(ScaffoldError, match=words):
        city.make(original, code, plate, DAY)
