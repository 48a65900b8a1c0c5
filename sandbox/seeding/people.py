"""The register of residents: names, ID numbers that satisfy GB 11643, telephones, driving licences."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from stdnum.cn import ric

from sandbox.seeding.land import Land
from sandbox.seeding.streams import stream, unused_digits

SURNAMES = "王李张刘陈杨黄赵周吴徐孙朱马胡林郭何高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷"
MALE = (
    "建国", "志强", "浩然", "宇轩", "明", "伟", "俊杰", "文博", "国平", "子涵", "磊", "晓东", "海峰", "家豪", "立新",
    "鹏飞", "振华", "天宇", "思远", "勇",
)  # fmt: skip
FEMALE = (
    "秀英", "丽娟", "雨桐", "静", "欣怡", "婷婷", "梦洁", "晓燕", "诗涵", "美玲", "慧敏", "若曦", "玉兰", "佳怡", "敏",
    "雪梅", "思琪", "海燕", "文静", "芳",
)  # fmt: skip
PHONE_PREFIXES = ("135", "136", "138", "139", "150", "158", "180", "186", "187", "189")
ADULT_YEARS = (1984, 2004)
"""Not earlier: checkers that hold the region's code against the year of birth know no codes before 1983."""
CHILD_YEARS = (2013, 2022)
EARLIEST_LICENCE = date(2005, 1, 1)
MOST_RESIDENTS = 490
"""Their serials in the ID number have three digits, odd for men, even for women."""


@dataclass(frozen=True)
class Person:
    """A resident, as a row of the register.

    Attributes:
        id: unique in the country: the city's code and three digits.
        licence_issued_on: when the driving licence was issued; children have none.
    """

    id: int
    name: str
    id_number: str
    phone: str
    licence_issued_on: date | None


def make_people(land: Land, seed: int) -> tuple[Person, ...]:
    """A city's residents: one holder a household, then a child for each sixth."""
    code = land.city.code
    rng = stream(seed, "people", code)
    phones: set[str] = set()
    names: set[str] = set()
    people = []
    count = min(land.households + land.households // 6, MOST_RESIDENTS)
    for index in range(count):
        adult = index < land.households
        born = _birthday(rng, ADULT_YEARS if adult else CHILD_YEARS)
        woman = rng.random() < 0.5
        # The serial counts up with the residents, so that no two numbers of a region are alike.
        serial = 2 * index + (2 if woman else 1)
        people.append(
            Person(
                id=int(code) * 1000 + index,
                name=_name(rng, woman, names),
                id_number=make_id_number(rng.choice(land.regions).code, born, serial),
                phone=unused_digits(rng, phones, rng.choice(PHONE_PREFIXES), 8),
                licence_issued_on=_licence_day(rng, born) if adult else None,
            )
        )
    return tuple(people)


def make_name(rng: random.Random) -> str:
    """Surname and given name of anybody."""
    return rng.choice(SURNAMES) + rng.choice(MALE + FEMALE)


def make_id_number(region: str, born: date, serial: int) -> str:
    """An ID number with its check digit.

    Args:
        region: six digits of GB/T 2260.
        born: birthday.
        serial: 0 to 999; odd for men, even for women.
    """
    body = f"{region}{born:%Y%m%d}{serial:03d}"
    return body + str(ric.calc_check_digit(body + "0"))


def _name(rng: random.Random, woman: bool, taken: set[str]) -> str:
    """Surname and given name; namesakes are avoided so that a name in a test means one person."""
    while True:
        name = rng.choice(SURNAMES) + rng.choice(FEMALE if woman else MALE)
        if name not in taken:
            taken.add(name)
            return name


def _birthday(rng: random.Random, years: tuple[int, int]) -> date:
    first, last = date(years[0], 1, 1), date(years[1], 12, 31)
    return first + timedelta(days=rng.randrange((last - first).days))


def _licence_day(rng: random.Random, born: date) -> date:
    """A day after coming of age; 28 at most, so that every year has it."""
    earliest = max(EARLIEST_LICENCE.year, born.year + 19)
    return date(rng.randint(earliest, max(earliest, 2023)), rng.randint(1, 12), rng.randint(1, 28))
