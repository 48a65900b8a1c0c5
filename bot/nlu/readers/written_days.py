"""Days of the calendar as they are written and said: 12月5号, 廿八号, 2026-12-05, 12.5, 月底, 去年9月28号."""

import re
from datetime import date

from bot.nlu.readers.days import NUMBER, YEAR, Days, Rule, add_months, count, existing, last_day, one_of, said_year
from bot.nlu.readers.tenses import Told, time_told

_NEAR_YEARS = 1
"""Eight digits are a day only of last year, this and the next, and so is 26.6.20: 20031457 is an account, 21.3.20 a version."""

# What counts or measures something; a number before it is no day of a month.
_MEASURED = r"(?![\d.:]| ?(?:元|块|度|吨|方|立方|分|个|次|笔|条|点|户|%|万|千|百|级|年|辆))"
_NOT_A_DAY = r"(?! ?(?:线|楼|院|医院|人民|室|门|库|铺|球|机|位|台|窗|房|厅|馆|店|公馆|床|桌|表|卡|院区|公路|高速|字|码|段|文|医生|诊室|选))"
_SIGN = rf" ?[日号]{_NOT_A_DAY}"
_MONTH = rf"(?:{NUMBER}|元)"
# Two numbers with a mark between (12.5, 12/5, 12-5) may be anything: 评分4.5以上, 4/5G, 1-2楼. They are a day where they stand
# alone, or after what leads to a day and before what follows one.
_LEADS = re.compile(
    r"(?:^|[ ,，。;；!！?？:：(（]|[挂约改换到在选订定是就要去看查成为]|日期|时间|那天|取消|退掉?|还是|或者?|(?:周|星期|礼拜)[一二三四五六日天])$"
)
_FOLLOWS = re.compile(
    r" ?(?:$|[,，。;；!！?？)）~到至或和吧呢啊呀]|的(?=$|[,，。!?号预挂])|[上下中]午|早上|晚上|傍晚|[早晚](?=$|[ ,，。的])|那天|这天|去|挂|约|看|有|能|可以|行|还是|"
    r"(?:周|星期|礼拜)[一二三四五六日天])| (?![\da-z ])"
)


def _full(match: re.Match[str], today: date) -> date:
    return date(said_year(match["year"] + "年", today), count(match["month"]), count(match["of_month"]))


def _eight_digits(match: re.Match[str], today: date) -> Days:
    day = date(int(match["year"]), int(match["month"]), int(match["of_month"]))
    return day if abs(day.year - today.year) <= _NEAR_YEARS and _stands_as_a_day(match) else None


def _short_year(match: re.Match[str], today: date) -> Days:
    day = _full(match, today)
    return day if abs(day.year - today.year) <= _NEAR_YEARS and _stands_as_a_day(match) else None


def _month(text: str) -> int:
    return 1 if text == "元" else count(text)


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    month, day = _month(match["month"]), count(match["of_month"])
    if match.groupdict().get("which_year"):
        return date(said_year(match["which_year"], today), month, day)
    return one_of(today, existing([(today.year + ahead, month, day) for ahead in range(-4, 5)]), time_told(match))


def _two_numbers(match: re.Match[str], today: date) -> date | None:
    signed = match.groupdict().get("sign")
    return _month_and_day(match, today) if signed or _stands_as_a_day(match) else None


def _stands_as_a_day(match: re.Match[str]) -> bool:
    return bool(_LEADS.search(match.string[: match.start()][-8:]) and _FOLLOWS.match(match.string, match.end()))


def _of_relative_month(match: re.Match[str], today: date) -> date:
    months = {"下": 1, "下下": 2, "这": 0, "本": 0, "当": 0, "上": -1, "上上": -2}[match["which"]]
    first = add_months(today.replace(day=1), months)
    if match["part"]:
        return first.replace(day=_part_day(match["part"], first.year, first.month))
    return first.replace(day=count(match["of_month"]))


def _part_of_month(match: re.Match[str], today: date) -> date | None:
    part = match["part"]
    if match["month"]:
        month = _month(match["month"])
        if match["which_year"]:
            year = said_year(match["which_year"], today)
            return date(year, month, _part_day(part, year, month))
        years = range(today.year - 1, today.year + 2)
        days = existing([(year, month, _part_day(part, year, month)) for year in years if 1 <= month <= 12])
        return one_of(today, days, time_told(match))
    following = add_months(today.replace(day=1), 1)
    months = [(today.year, today.month), (following.year, following.month)]
    return one_of(today, existing([(year, month, _part_day(part, year, month)) for year, month in months]), Told.FUTURE)


def _part_day(part: str, year: int, month: int) -> int:
    if part in ("初", "头", "第一天"):
        return 1
    return 15 if part in ("中", "中旬") else last_day(year, month)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = count(match["of_month"])
    months = [add_months(today.replace(day=1), ahead) for ahead in range(-2, 3)]
    return one_of(today, existing([(first.year, first.month, day) for first in months]), time_told(match))


def _end_of_year(match: re.Match[str], today: date) -> date | None:
    if match["which_year"] and match["which_year"] != "今年":
        return None  # 去年年底 names no single day
    return date(today.year, 12, 31)


WRITTEN_RULES: list[Rule] = [
    (
        re.compile(
            r"(?<![\d])(?P<year>20\d\d) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<of_month>\d{1,2})(?![\d])(?: ?[日号])?"
        ),
        _full,
    ),
    (
        re.compile(r"(?<![\d\-])(?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<of_month>0[1-9]|[12]\d|3[01])(?![\d\-])"),
        _eight_digits,
    ),
    (
        re.compile(r"(?<![\d.\-/])(?P<year>\d\d)[./\-](?P<month>\d{1,2})[./\-](?P<of_month>\d{1,2})(?![\d.\-/])"),
        _short_year,
    ),
    (
        re.compile(
            rf"(?:{YEAR} ?)?(?<!\d)(?P<month>{_MONTH}) ?月份?的? ?(?P<of_month>{NUMBER})(?:{_SIGN}|(?<!月 \d)(?<!月 \d\d){_MEASURED})"
        ),
        _month_and_day,
    ),
    (
        re.compile(
            r"(?<![\d/.])(?P<month>1[0-2]|0?[1-9])/(?P<of_month>[12]\d|3[01]|0?[1-9])(?![\d/.])(?P<sign> ?[日号])?"
        ),
        _two_numbers,
    ),
    (
        re.compile(
            r"(?<![\d-])(?<!号)(?<!号[: ])(?P<month>1[0-2]|0?[1-9])-(?P<of_month>[12]\d|3[01]|0?[1-9])(?![\d-])(?P<sign> ?[日号])?"
        ),
        _two_numbers,
    ),
    (
        re.compile(
            rf"(?<![\d.,¥-])(?P<month>1[0-2]|0?[1-9])\.(?P<of_month>[12]\d|3[01]|0?[1-9])(?![\d.])(?:(?P<sign> ?[日号]){_NOT_A_DAY}|{_MEASURED})"
        ),
        _two_numbers,
    ),
    (
        re.compile(
            rf"(?P<which>下下|下|这|本|当|上上|上)(?:一?个)?月份?的?(?:(?:月(?=[底末初]))?(?P<part>底|末|初|头|中旬|中(?!旬)|最后一?天|第一天)|(?P<of_month>{NUMBER})(?:{_SIGN}|(?=$|[ ,，。!?])))"
        ),
        _of_relative_month,
    ),
    (
        re.compile(
            rf"(?:(?:{YEAR})?(?<!\d)(?P<month>{_MONTH}) ?月份?的?(?:月(?=[底末初]))?|(?<![上下这本个每\d一二三四五六七八九十元月])月)(?P<part>底|末|初|中旬|最后一?天)"
        ),
        _part_of_month,
    ),
    (
        re.compile(
            rf"(?<![\d第户表月.卡账编机楼房])(?<!每月)(?<!每个月)(?P<of_month>[12]\d|3[01]|[1-9]|(?<![一二三四五六七八九十廿卅两零百千])[一二三四五六七八九十廿卅]{{1,3}}) ?[号日](?!线|报){_NOT_A_DAY}"
        ),
        _day_of_month,
    ),
    (re.compile(rf"(?:{YEAR})?年(?:底|末)"), _end_of_year),
]
