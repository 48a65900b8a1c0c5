"""Days as residents say them: 明儿, 下周三, 3月15号, 月底, 国庆节后第一天. Evaluated against a given today.

Bookings are in the future: a day without its year or month is the next one to come. What names the past (昨天, 上周三)
stays in the past, and so does the day of an offence (11月18号被拍的). 这周三 is this week's even when it is over. A week begins on Monday. 周末 is its Saturday (on a
Sunday, that Sunday). What names no single day (下个月, 过几天) is no date.
"""

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache

from bot.nlu.festivals import festival_rules
from bot.nlu.found import Found, take_free
from bot.nlu.holidays import DAY, Holiday, next_working_day
from bot.nlu.numerals import parse_count
from bot.nlu.tenses import Told, time_told

_LOOK_BACK = 40
"""Characters before a weekday in which its week may have been named."""

Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]]

_N = r"(?:\d{1,2}|[一二三四五六七八九十廿两]{1,3})"
_WEEK = r"(?:周|星[期其]|礼拜)"
_REST = r"(?:之后|以后|过后|后)"
_NEAR = {
    "大大后天": 4, "大后天": 3, "大后儿": 3, "后天": 2, "后儿个": 2, "后儿": 2, "后日": 2, "明天": 1, "明儿个": 1, "明儿": 1,
    "明日": 1, "明个": 1, "明朝": 1, "听日": 1, "次日": 1, "今天": 0, "今儿个": 0, "今儿": 0, "今日": 0,
    "今个": 0, "今朝": 0, "当天": 0, "昨天": -1, "昨儿个": -1, "昨儿": -1, "昨日": -1,
    "寻日": -1, "琴日": -1, "前天": -2, "前儿": -2, "大前天": -3,
}  # fmt: skip
_WEEKDAYS = {
    char: index for index, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for char in chars
}


# 下周一到周三, 下周一、周三: a weekday after one whose week is named is of that week, or of the next when it is over.
_EARLIER_WEEKDAY = re.compile(
    rf"(?P<which>下下个?|下一?个?|上上个?|上一?个?){_WEEK}(?P<first>[一二三四五六日天1-7])"
    rf"(?:(?:[到至或和跟、~\-]|或者)(?:{_WEEK})?[一二三四五六日天1-7])*(?:[到至或和跟、~\-]|或者)$"
)


class DateFinder:
    """Finds days in normalised text.

    Args:
        holidays: the festivals residents name.
    """

    def __init__(self, holidays: Sequence[Holiday] = ()) -> None:
        self._rules: list[Rule] = [*_RULES, *festival_rules(holidays)]

    def find(self, text: str, today: date) -> list[Found]:
        """Find days; the value is an ISO date. `today` is the day in Asia/Shanghai.

        Args:
            text: the normalised message.
            today: the day "今天" means.
        """
        taken: list[Found] = []
        take_free(taken, self._candidates(text, today))
        return sorted(taken)

    def _candidates(self, text: str, today: date) -> Iterator[Found]:
        for pattern, resolve in self._rules:
            for match in pattern.finditer(text):
                try:
                    day = resolve(match, today)
                except (ValueError, OverflowError):
                    continue  # no such day: 2月30号
                if day:
                    # Named "day", where only a part of the match is the day.
                    start, end = match.span("day") if "day" in pattern.groupindex else match.span()
                    yield Found(start, end, "date", day.isoformat())


def _before(match: re.Match[str]) -> str:
    return match.string[max(0, match.start() - _LOOK_BACK) : match.start()]


def _count(text: str | None) -> int:
    value = parse_count(text or "")
    if value is None:
        raise ValueError(text)
    return value


def _near(match: re.Match[str], today: date) -> date:
    return today + _NEAR[match["said"]] * DAY


def _weekday(match: re.Match[str], today: date) -> date | None:
    weekday = _WEEKDAYS[match["weekday"]]
    monday = today - today.weekday() * DAY
    earlier = None if match["which"] else _EARLIER_WEEKDAY.search(_before(match))
    which = (match["which"] or (earlier["which"] if earlier else "")).replace("个", "").replace("一", "")
    if which:
        weeks = {"下": 1, "下下": 2, "这": 0, "本": 0, "上": -1, "上上": -2}[which]
        weeks += bool(earlier and weekday < _WEEKDAYS[earlier["first"]])
        return monday + (7 * weeks + weekday) * DAY
    day = monday + weekday * DAY
    if time_told(match) is Told.PAST:
        return day if day <= today else day - 7 * DAY
    return day if day >= today else day + 7 * DAY


@lru_cache(maxsize=256)
def _last_day(year: int, month: int) -> int:
    return monthrange(year, month)[1]


def _weekend(match: re.Match[str], today: date) -> date:
    saturday = today - today.weekday() * DAY + 5 * DAY
    which = (match["which"] or "").replace("个", "").replace("一", "")
    if which in ("下", "下下"):
        return saturday + 7 * len(which) * DAY
    return max(saturday, today)


def _in_days(match: re.Match[str], today: date) -> date:
    number, unit = match["number"], match["unit"]
    if unit == "个月" or unit == "月":
        return today + 15 * DAY if number == "半" else _add_months(today, _count(number))
    if unit == "年":
        return _add_months(today, 6 if number == "半" else 12 * _count(number))
    if number == "半":
        raise ValueError(number)
    return today + _count(number) * (1 if unit in ("天", "日") else 7) * DAY


def _add_months(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, _last_day(year, month + 1)))


def _full(match: re.Match[str], today: date) -> date:
    year = match["year"]
    if not year.isdigit():
        year = "".join(str("〇一二三四五六七八九零".index(char) % 10) for char in year)
    return date(int(year) + (2000 if len(year) == 2 else 0), _count(match["month"]), _count(match["of_month"]))


def _month_and_day(match: re.Match[str], today: date) -> date | None:
    month, day = _count(match["month"]), _count(match["of_month"])
    named = match.groupdict().get("which_year")
    if named:
        return date(today.year + {"去年": -1, "今年": 0, "明年": 1, "后年": 2}[named], month, day)
    return _one_of(today, [(today.year + ahead, month, day) for ahead in range(-4, 5)], time_told(match))


def _of_relative_month(match: re.Match[str], today: date) -> date:
    months = {"下": 1, "下下": 2, "这": 0, "本": 0, "当": 0, "上": -1}[match["which"]]
    first = _add_months(today.replace(day=1), months)
    part = match["part"]
    if part:
        return first.replace(
            day={"初": 1, "头": 1, "中": 15, "中旬": 15}.get(part) or _last_day(first.year, first.month)
        )
    return first.replace(day=_count(match["of_month"]))


def _part_of_month(match: re.Match[str], today: date) -> date | None:
    part = match["part"]
    if match["month"]:
        month = _count(match["month"])
        days = [(year, month, _part_day(part, year, month)) for year in (today.year, today.year + 1)]
        return _first_from(today, days)
    following = _add_months(today.replace(day=1), 1)
    months = [(today.year, today.month), (following.year, following.month)]
    return _first_from(today, [(year, month, _part_day(part, year, month)) for year, month in months])


def _part_day(part: str, year: int, month: int) -> int:
    return 1 if part == "初" else 15 if part in ("中", "中旬") else _last_day(year, month)


def _day_of_month(match: re.Match[str], today: date) -> date | None:
    day = _count(match["of_month"])
    months = [_add_months(today.replace(day=1), ahead) for ahead in range(-2, 3)]
    return _one_of(today, [(first.year, first.month, day) for first in months], time_told(match))


def _first_from(today: date, days: Sequence[tuple[int, int, int]]) -> date | None:
    """The first of these days that exists and is not over."""
    return _one_of(today, days, Told.FUTURE)


def _one_of(today: date, days: Sequence[tuple[int, int, int]], told: Told) -> date | None:
    existing = [
        date(year, month, day) for year, month, day in days if 1 <= month <= 12 and 1 <= day <= _last_day(year, month)
    ]
    past, coming = [day for day in existing if day <= today], [day for day in existing if day >= today]
    if told is Told.PAST:
        return max(past, default=None)
    if told is Told.EITHER:
        return min(existing, key=lambda day: (abs(day - today), day < today), default=None)
    return min(coming, default=None)


def _end_of_year(match: re.Match[str], today: date) -> date:
    return date(today.year, 12, 31)


def _next_working_day(match: re.Match[str], today: date) -> date:
    return next_working_day(today + DAY)


_MEASURED = r"(?![\d.:]| ?(?:元|块|度|吨|方|立方|分|个|次|笔|条|点|户|%|万|千|百|级|年|辆))"
_NOT_A_DAY = r"(?! ?(?:线|楼|院|医院|人民|室|门|库|铺|球|机|位|台|窗|房|厅|馆|店|公馆|床|桌|表|卡|院区|公路|高速|字|码|段|文|医生|诊室|选))"
_RULES: list[Rule] = [
    (
        re.compile("(?P<day>(?P<said>" + "|".join(sorted(_NEAR, key=len, reverse=True)) + "))(?!性|免疫)"),
        _near,
    ),
    # 明早: the day is 明, the rest is the part of the day.
    (
        re.compile(r"(?P<day>今|明|昨|后)(?=[早晚晨夜]|上午|下午|中午)"),
        lambda m, t: t + "昨今明后".index(m["day"]) * DAY - DAY,
    ),
    (
        re.compile(
            rf"(?<!每)(?P<which>下下个?|下一?个?|这一?个?|本|上上个?|上一?个?)?{_WEEK}(?P<weekday>[一二三四五六日天1-7])(?!些|个|起|共|定|会|点|边|年|月|份)"
        ),
        _weekday,
    ),
    (re.compile(r"(?<!每)(?P<which>下下个?|下一?个?|这一?个?|本)?(?:周末|礼拜末|双休日)"), _weekend),
    (re.compile(rf"(?:再?过|等)?(?P<number>{_N}|半|俩)(?P<unit>天|日|周|个?星期|个?礼拜|个月|年){_REST}"), _in_days),
    (
        re.compile(
            r"(?<!不)再?过(?P<number>[一二两三四五六七八九十\d]{1,2}|半|俩)(?P<unit>天|周|个?星期|个?礼拜|个月|年)(?!才|没)"
        ),
        _in_days,
    ),
    (
        re.compile(
            r"(?<![\d])(?P<year>20\d\d) ?[-/.年] ?(?P<month>\d{1,2}) ?[-/.月] ?(?P<of_month>\d{1,2})(?![\d]) ?[日号]?"
        ),
        _full,
    ),
    (
        re.compile(
            rf"(?<!\d)(?P<year>\d\d|[〇零一二三四五六七八九]{{4}})年(?P<month>{_N})月(?:份)?(?P<of_month>{_N})[日号]?"
        ),
        _full,
    ),
    (
        re.compile(
            rf"(?P<which_year>去年|今年|明年|后年)?(?<!\d)(?P<month>{_N})月(?:份)?(?:的)?(?P<of_month>{_N}) ?(?:[日号]{_NOT_A_DAY}|{_MEASURED})"
        ),
        _month_and_day,
    ),
    (re.compile(r"(?<![\d/.])(?P<month>\d{1,2})/(?P<of_month>\d{1,2})(?![\d/.])"), _month_and_day),
    (
        re.compile(r"(?<![\d-])(?<!号)(?<!号[: ])(?P<month>1[0-2]|0?[1-9])-(?P<of_month>\d{1,2})(?![\d-])"),
        _month_and_day,
    ),
    (
        re.compile(
            r"(?<![\d.,¥-])(?<![交缴充付扣])(?P<month>1[0-2]|0?[1-9])\.(?P<of_month>[12]\d|3[01]|0?[1-9])(?![\d.])"
            + _MEASURED
        ),
        _month_and_day,
    ),
    (
        re.compile(
            rf"(?P<which>下下|下|这|本|当|上)(?:一?个)?月(?:份)?(?:的)?(?:(?P<part>底|末|初|头|中旬|中(?!旬))|(?P<of_month>{_N})(?:[日号]{_NOT_A_DAY}|(?=$|[ ,，。!?])))"
        ),
        _of_relative_month,
    ),
    (
        re.compile(rf"(?:(?P<month>{_N})月|(?<!上)(?<!下)(?<!这)(?<!本)(?<!个)月)份?(?P<part>底|末|初|中旬)"),
        _part_of_month,
    ),
    (
        re.compile(
            rf"(?<![\d第户表月.卡账编机楼房])(?P<of_month>[12]\d|3[01]|[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九](?<![一二三四五六七八九零][一二三四五六七八九]))[号日](?!线|报){_NOT_A_DAY}"
        ),
        _day_of_month,
    ),
    (re.compile(r"(?:今年)?(?:年底|年末)"), _end_of_year),
    (re.compile(r"(?:下一?个|最近的?一?个?)工作日"), _next_working_day),
]
