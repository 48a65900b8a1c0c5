"""The part of a day: `morning` before noon, `afternoon` from noon (中午 too) to dusk, `evening` from 傍晚 on.

Clinics have no night consulting hours before dawn, so a bare 三点 is three in the afternoon, and a bare 九点 nine in
the morning. 中午 counts as afternoon, since that is the half-day whose consulting hours come next.
"""

import re
from collections.abc import Iterator

from bot.nlu.readers.found import Found
from bot.nlu.readers.numerals import parse_count

_WORDS = {
    "morning": r"上午|早上|早晨|清早|大清早|(?<![周期拜])一大早|(?<![周期拜])一早|清晨|凌晨|早间|前半晌|上半天|上半日|头午|上昼|朝早|早(?=[去看挂约]?(?:$|[ ,，。]))|(?<=[今明后三四五六日天一二])早|午前|半晌午|a\.?m\b",
    "afternoon": r"下午|午后|中午|晌午|正午|后半晌|下半天|下半日|后晌|下昼|晏昼|午间|p\.?m\b",
    "evening": r"晚上|晚间|夜里|夜间|傍晚|夜晚|黄昏|今夜|半夜|夜门诊|夜诊|夜市门诊|晚门诊|下班后|下了班|下班以后|擦黑|天黑后|晚黑|(?<=[今明昨后三四五六日天一二])晚(?!点|些|一|了)|夜(?=门诊)",
}
_WORD = re.compile("|".join(f"(?P<{period}>{words})" for period, words in _WORDS.items()))
_GREETING = re.compile(r"^ ?好(?!一点|点|些|的|了|吗|不)|^安")
_GREETED = re.compile(
    r"(?:^|[你您家位亲喂嗨呀啊,，。.!！?？~、 ])$"
)  # what may stand before 下午好; 星期六下午好了 is no greeting
_CLOCK_NUMBER = r"(?:2[0-4]|1\d|0?\d|二十[一二三四]?|十[一二]?|[一二两三四五六七八九])"
_CLOCK = re.compile(
    rf"(?<![\d.:第扣记这那几差快早晚有一])(?P<hour>{_CLOCK_NUMBER})"
    rf"(?:点钟|点整|点半|点一刻|点三刻|点(?:[零过]?(?:[1-5]?\d|[一二三四五]?十[一二三四五六七八九]?|五))分?|点(?!儿|数|了?吧钱|评|击)|:[0-5]\d(?!\d)|时(?![间候段限常]))"
)


def find_periods(text: str) -> Iterator[Found]:
    """Find parts of a day in normalised text; 下午三点半 is one, 三点 without a word beside is read by the hour."""
    taken_until = -1
    for match in _WORD.finditer(text):
        if match.start() < taken_until or _is_greeting(text, match):
            continue
        period = match.lastgroup or ""
        end = match.end()
        clock = _CLOCK.match(text, end + (text[end : end + 1] == " "))
        if clock:
            end = clock.end()
            hour = parse_count(clock["hour"]) or 0
            if period == "morning" and match.group() != "凌晨" and 13 <= hour <= 24:
                period = _by_hour(hour)
        taken_until = end
        yield Found(match.start(), end, "period", period)
    for match in _CLOCK.finditer(text):
        said = parse_count(match["hour"])
        if said is not None and said <= 24 and match.group() not in ("一点", "1点"):  # 一点都不
            yield Found(match.start(), match.end(), "period", _by_hour(said))


def _is_greeting(text: str, match: re.Match[str]) -> bool:
    return bool(_GREETING.match(text[match.end() :]) and _GREETED.search(text[: match.start()]))


def _by_hour(hour: int) -> str:
    if hour >= 18:
        return "evening"
    return "morning" if 7 <= hour < 12 else "afternoon"
