"""Days named by a festival: 元旦, 国庆节后第一天, 春节前, 大年初三."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from bot.nlu.holidays import DAY, Holiday, is_working_day, last_working_day, next_working_day
from bot.nlu.numerals import parse_count

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]

_YEAR = r"(?P<which_year>今年|明年|后年)?(?:的)?"
_BREAK = r"(?:节日?|长假|小长假|假期|假|放假|黄金周|放完假|休假)?"
_AFTER = re.compile(
    r"(?:第(?P<nth>[一二三四五六七\d])|头一|(?P<first>首))(?:个)?(?P<unit>工作日|上班日|天|日)|(?P<work>上班|开工)"
)


def festival_rules(holidays: Sequence[Holiday]) -> list[Rule]:
    """Build the date rules for these festivals.

    The day itself by default. 节后 is the first day after the days off (第N天 the Nth), 前一天 the day before the
    festival, 节前 the last working day before the days off begin.
    """
    by_name = {name: holiday for holiday in holidays for name in holiday.names}
    if not by_name:
        return []
    name = "(?P<name>" + "|".join(sorted(map(re.escape, by_name), key=len, reverse=True)) + ")"

    def resolve(match: re.Match[str], today: date) -> date | None:
        holiday = by_name[match["name"]]
        years = range(today.year - 1, today.year + 3)
        if match["which_year"]:
            years = range(*(today.year + {"今年": 0, "明年": 1, "后年": 2}[match["which_year"]] + i for i in (0, 1)))
        festivals = [day for day in (holiday.in_year(year) for year in years) if day]
        days = (_around(holiday, festival, match) for festival in festivals)
        if match["which_year"]:
            return next(days, None)
        return next((day for day in days if day >= today), None)

    def lunar(match: re.Match[str], today: date) -> date | None:
        spring = by_name.get("春节")
        number = parse_count(match["day_of_moon"])
        if not spring or not number:
            return None
        days = [
            first + (number - 1) * DAY for year in range(today.year, today.year + 2) if (first := spring.in_year(year))
        ]
        return next((day for day in days if day >= today), None)

    after = rf"(?P<after>{_BREAK}(?:之后|以后|过后|过完|一过|后|完)(?:的)?(?P<which_day>{_unnamed(_AFTER)})?)"
    before = rf"(?P<before>{_BREAK}(?:之前|以前|前夕|前)(?:的)?(?P<days_before>一天|两天|1天|2天)?(?:最后一?[个天](?:工作日)?)?)"
    past_it = rf"(?:过完|过了|等){name}" + rf"(?:{_BREAK})(?:之后|以后|后)?"
    return [
        (
            re.compile(
                rf"{_YEAR}{name}(?!路|街|广场|村|小区|花园|蛋糕|票)(?:{after}|{before}|(?:节)?(?:当天|那天|当日)?)"
            ),
            resolve,
        ),
        (re.compile(rf"{_YEAR}(?P<after>)(?P<which_day>)(?P<before>)(?P<days_before>){past_it}"), resolve),
        (re.compile(r"(?:大年|正月|年|春节)初(?P<day_of_moon>[一二三四五六七八九十])(?!中|二中)"), lunar),
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
