"""Days counted from today: 明儿, 三天后, 一个星期前, 下周三, 上周末, 明后天."""

import re
from datetime import date

from bot.nlu.readers.days import Days, Rule, add_months, count
from bot.nlu.readers.holidays import DAY, next_working_day
from bot.nlu.readers.tenses import Told, time_told

_LOOK_BACK = 40
"""Characters before a weekday in which its week may have been named."""

WEEK = r"(?:周|星[期其]|礼拜)"
WEEKDAY = r"[一二三四五六日天1-7]"
_WEEKDAYS = {
    char: index for index, chars in enumerate(("一1", "二2", "三3", "四4", "五5", "六6", "日天7")) for char in chars
}
_NEAR = {
    "大大后天": 4, "大后天": 3, "大后儿": 3, "后天": 2, "后儿个": 2, "后儿": 2, "后日": 2, "明天": 1, "明儿个": 1, "明儿": 1,
    "明日": 1, "明个": 1, "明朝": 1, "听日": 1, "今天": 0, "今儿个": 0, "今儿": 0, "今日": 0,
    "今个": 0, "今朝": 0, "昨天": -1, "昨儿个": -1, "昨儿": -1, "昨日": -1,
    "寻日": -1, "琴日": -1, "前天": -2, "前儿": -2, "大前天": -3,
}  # fmt: skip
# Two days in one word; both are named.
_TWO_DAYS = {"昨今": (-1, 0), "今明": (0, 1), "明后": (1, 2)}

# 下周一到周三, 下周一、周三: a weekday after one whose week is named is of that week, or of the next when it is over.
_EARLIER_WEEKDAY = re.compile(
    rf"(?P<which>下下个?|下一?个?|上上个?|上一?个?){WEEK}(?P<first>{WEEKDAY})"
    rf"(?:(?:[到至或和跟、~\-]|或者|还是)(?:{WEEK})?{WEEKDAY})*(?:[到至或和跟、~\-]|或者|还是)$"
)
_WHICH = r"下下一?个?|下一?个?|这一?个?|本|上上一?个?|上一?个?"
_WEEKS = {"下": 1, "下下": 2, "这": 0, "本": 0, "上": -1, "上上": -2}
_COUNTED = r"(?<![\d几数多十百第.])(?P<number>\d{1,3}|[一二两三四五六七八九十百廿卅零]{1,5}|半|俩)(?P<unit>天|日|周|个?星期|个?礼拜|个月|年)"


def _near(match: re.Match[str], today: date) -> date:
    return today + _NEAR[match["said"]] * DAY


def _two_days(match: re.Match[str], today: date) -> Days:
    return tuple(today + ahead * DAY for ahead in _TWO_DAYS[match["both"]])


def _which(said: str | None) -> str:
    return (said or "").replace("个", "").replace("一", "")


def _weekday(match: re.Match[str], today: date) -> date:
    weekday = _WEEKDAYS[match["weekday"]]
    monday = today - today.weekday() * DAY
    before = match.string[max(0, match.start() - _LOOK_BACK) : match.start()]
    earlier = None if match["which"] else _EARLIER_WEEKDAY.search(before)
    which = _which(match["which"] or (earlier["which"] if earlier else ""))
    if which:
        weeks = _WEEKS[which]
        weeks += bool(earlier and weekday < _WEEKDAYS[earlier["first"]])
        return monday + (7 * weeks + weekday) * DAY
    day = monday + weekday * DAY
    if time_told(match) is Told.PAST:
        return day if day <= today else day - 7 * DAY
    return day if day >= today else day + 7 * DAY


def _weekend(match: re.Match[str], today: date) -> date:
    saturday = today - today.weekday() * DAY + 5 * DAY
    which = _which(match["which"])
    if _WEEKS.get(which):
        return saturday + 7 * _WEEKS[which] * DAY
    if not which and time_told(match) is Told.PAST:
        return saturday if saturday <= today else saturday - 7 * DAY
    return max(saturday, today)


def _in_days(match: re.Match[str], today: date) -> date:
    return _counted(match, today, 1)


def _days_ago(match: re.Match[str], today: date) -> Days:
    if match["unit"] == "年":
        return None  # 一年前 names no single day
    return _counted(match, today, -1)


def _counted(match: re.Match[str], today: date, sign: int) -> date:
    number, unit = match["number"], match["unit"]
    if unit == "个月":
        return today + sign * 15 * DAY if number == "半" else add_months(today, sign * count(number))
    if unit == "年":
        return add_months(today, sign * (6 if number == "半" else 12 * count(number)))
    if number == "半":
        raise ValueError(number)
    return today + sign * count(number.replace("俩", "两")) * (1 if unit in ("天", "日") else 7) * DAY


def _next_working_day(match: re.Match[str], today: date) -> date:
    return next_working_day(today + DAY)


WEEKDAY_RULE: Rule = (
    # 下周三, 下周的周三, 下周周三
    re.compile(
        rf"(?<![每逢])(?<!每个)(?P<which>{_WHICH})?{WEEK}(?:的?{WEEK})?(?P<weekday>{WEEKDAY})(?!些|个|起|共|定|会|点|边|年|月|份|次|趟|回|遍|气|天(?!气))"
    ),
    _weekday,
)

RELATIVE_RULES: list[Rule] = [
    (
        re.compile("(?P<day>(?P<said>" + "|".join(sorted(_NEAR, key=len, reverse=True)) + "))(?!性|免疫)"),
        _near,
    ),
    (re.compile(r"(?P<both>昨今|今明|明后)(?:两|二|2)?[天日]"), _two_days),
    # 明早: the day is 明, the rest is the part of the day.
    (
        re.compile(r"(?P<day>今|明|昨|后)(?=[早晚晨夜]|上午|下午|中午)"),
        lambda m, t: t + "昨今明后".index(m["day"]) * DAY - DAY,
    ),
    WEEKDAY_RULE,
    (re.compile(rf"(?<![每逢])(?<!每个)(?P<which>{_WHICH})?(?:周末|礼拜末|双休日)"), _weekend),
    (re.compile(rf"(?:再?过|等)?{_COUNTED}(?:之后|以后|过后|后)"), _in_days),
    (re.compile(rf"(?<!不)再?过{_COUNTED}(?!才|没)"), _in_days),
    (re.compile(rf"(?<!提)(?<!提早){_COUNTED}(?:之前|以前|前)(?![面台往来后要])"), _days_ago),
    (re.compile(r"(?:下一?个|最近的?一?个?)工作日"), _next_working_day),
]
