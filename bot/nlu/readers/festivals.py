"""Days named by a festival, a solar term or the moon: 元旦, 去年国庆, 国庆节后第一天, 春节前, 冬至, 腊月二十三."""

import re
from collections.abc import Sequence
from datetime import date

from bot.nlu.readers.days import YEAR, Days, Rule, count, one_of, said_year
from bot.nlu.readers.holidays import DAY, Holiday, is_working_day, last_working_day, next_working_day
from bot.nlu.readers.moons import Moons
from bot.nlu.readers.numerals import parse_count
from bot.nlu.readers.short_names import any_of
from bot.nlu.readers.tenses import time_told

_BREAK = r"(?:节日?|长假|小长假|假期|假|放假|黄金周|放完假|休假)?"
_AFTER = re.compile(
    r"(?:第(?P<nth>[一二三四五六七\d])|头一|(?P<first>首))(?:个)?(?P<unit>工作日|上班日|天|日)|(?P<work>上班|开工)"
)
_DAY_OF_MOON = r"初[一二三四五六七八九十]|十[一二三四五六七八九]|二十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|卅|[12]\d|30|十"
_MONTHS_OF_MOON = {"正": 1, "冬": 11, "腊": 12}
_MONTH_OF_MOON = r"正|冬|腊|十[一二]?|[一二三四五六七八九]|1[0-2]|[1-9]"


def festival_rules(holidays: Sequence[Holiday], needs_a_day: Sequence[str] = ()) -> list[Rule]:
    """Build the date rules for these festivals.

    The day itself by default, the next one unless its year is said or it is told as past. 节后 is the first day after the days off (第N天 the Nth),
    前一天 the day before the festival, 节前 the last working day before the days off begin.

    Args:
        holidays: all of them.
        needs_a_day: words before one of which an everyday word is a festival's name: 大雪那天.
    """
    by_name = {name: holiday for holiday in holidays for name in holiday.names}
    if not by_name:
        return []
    plain = any_of(name for name, holiday in by_name.items() if not holiday.everyday)
    everyday = any_of(name for name, holiday in by_name.items() if holiday.everyday)
    name = f"(?P<name>{plain}" + (f"|(?:{everyday})(?={any_of(needs_a_day)})" if everyday else "") + ")"

    def resolve(match: re.Match[str], today: date) -> Days:
        holiday = by_name[match["name"]]
        said = match["which_year"]
        years = [said_year(said, today)] if said else range(today.year - 2, today.year + 3)
        festivals = [festival for year in years for festival in holiday.in_year(year)]
        days = [_around(holiday, festival, match) for festival in festivals]
        if said:
            return tuple(days) or None
        meant = one_of(today, days, time_told(match))
        return tuple(day for day in days if meant and abs(day - meant) <= DAY and len(holiday.moon) > 1) or meant

    after = rf"(?P<after>{_BREAK}(?:之后|以后|过后|过完|一过|后|完)(?:的)?(?P<which_day>{_unnamed(_AFTER)})?)"
    before = rf"(?P<before>{_BREAK}(?:之前|以前|前夕|前)(?:的)?(?P<days_before>一天|两天|1天|2天)?(?:最后一?[个天](?:工作日)?)?)"
    past_it = rf"(?:过完|过了|等){name}" + rf"(?:{_BREAK})(?:之后|以后|后)?"
    return [
        (
            re.compile(
                rf"(?:{YEAR})?{name}(?!路|街|广场|村|小区|花园|蛋糕|票|夜)(?:{after}|{before}|(?:节)?(?:当天|那天|当日)?)"
            ),
            resolve,
        ),
        (re.compile(rf"(?:{YEAR})?(?P<after>)(?P<which_day>)(?P<before>)(?P<days_before>){past_it}"), resolve),
    ]


def moon_rules(moons: Moons) -> list[Rule]:
    """Build the rules for days of the lunisolar calendar: 正月初八, 腊月廿三, 农历三月十五, 大年初三.

    Args:
        moons: the calendar.
    """

    def resolve(match: re.Match[str], today: date) -> Days:
        month = _MONTHS_OF_MOON.get(match["moon"] or "正") or count(match["moon"])
        day = count(match["day_of_moon"].removeprefix("初"))
        said = match["which_year"]
        years = [said_year(said, today)] if said else range(today.year - 1, today.year + 3)
        days = [one for year in years for one in moons.in_year(year, month, day)]
        return days[0] if said and days else one_of(today, days, time_told(match))

    return [
        (
            re.compile(rf"(?:{YEAR})?(?:[农阴旧]历)?的?(?P<moon>[正冬腊])月(?P<day_of_moon>{_DAY_OF_MOON})[日号]?"),
            resolve,
        ),
        (
            re.compile(
                rf"(?:{YEAR})?(?:[农阴旧]历)的?(?P<moon>{_MONTH_OF_MOON})月(?P<day_of_moon>{_DAY_OF_MOON})[日号]?"
            ),
            resolve,
        ),
        (
            re.compile(
                rf"(?:{YEAR})?(?P<moon>)(?:大年|新年|春节|过年|(?<![今明去前后])年)(?P<day_of_moon>初[一二三四五六七八九十])(?!中|二中)"
            ),
            resolve,
        ),
    ]


def _unnamed(pattern: re.Pattern[str]) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern.pattern)


def _around(holiday: Holiday, festival: date, match: re.Match[str]) -> date:
    first, last = holiday.days_off(festival)
    if match["after"] is not None:
        return _after(last, match["which_day"] or "")
    if match["before"]:
        if match["days_before"]:
            return festival - (1 if match["days_before"][0] in "一1" else 2) * DAY
        return last_working_day(first - DAY)
    return festival


def _after(last: date, which_day: str) -> date:
    said = _AFTER.match(which_day)
    nth = parse_count((said["nth"] or "一") if said else "一") or 1
    day = next_working_day(last + DAY)
    if said and said["unit"] in ("工作日", "上班日"):
        for _ in range(nth - 1):
            day = next_working_day(day + DAY)
        return day
    return day + (nth - 1) * DAY if is_working_day(day) else day
