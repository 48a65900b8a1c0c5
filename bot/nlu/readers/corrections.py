"""Drops what a resident took back: 不是水费，是电费 leaves electricity, 从杭州换到嘉兴 leaves 嘉兴."""

import re
from collections.abc import Iterable

from bot.nlu.readers.found import Found
from bot.nlu.readers.short_names import any_of

_NO = re.compile("[不别非]")
_DENIED = re.compile(
    r"(?:(?<!是)(?<!要)不是|(?<!要)不要|(?<!不)别|而非|并非|不在|不用)(?:给我|帮我)?(?:查|交|缴|看|挂|约|去|说|选)?(?:的是|这个|那个)?(?:我的|我家)?[ ]?$"
)
_UNWANTED = re.compile(
    r"(?:(?<!要)不(?:想|用|要)?(?:查|交|缴|看|挂|约|去|办|充|付|选))(?:的是|这个|那个|我的|我家)?[ ]?$"
)
_REPLACED = re.compile(
    r"^[^。;；!！?？]{0,8}?(?:换成|改成|改为|换为|换到|改到|切到|切换到|变成|改约|改挂|调到|挪到|推迟到|提前到|搬到)[^。;；]{0,4}$"
)
_TAKEN_BACK = re.compile(
    r"^[^。;；]{0,6}?(?:不对|不是不是|说错了?|打错了?|写错了?|搞错了?|弄错了?|输错了?|错了|哦不|噢不|啊不|呃不|不不|应该是|应当是|口误|发错了|记错了)[^。;；]{0,8}$"
)


def refusing(words: Iterable[str]) -> re.Pattern[str]:
    """Compile what refuses the day before it: 明天不行.

    Args:
        words: `refused` of data/gazetteers/days.yml.
    """
    return re.compile(rf" ?(?:[上下]午|早上|晚上)?[我就都也又可能还]{{0,3}}(?:{any_of(words)})(?![吗么?？])")


def without_taken_back(text: str, found: list[Found], refused: re.Pattern[str] | None = None) -> list[Found]:
    """Return `found` without what is denied, replaced or corrected within the message.

    Args:
        text: the normalised message.
        found: its entities, sorted, without overlaps.
        refused: from `refusing`: what stands after a day that is not the one, where another is named.
    """
    denied = {one for one in found if _is_denied(text, one, found)}
    days = [one for one in found if one.entity == "date" and one not in denied]
    unfit = [one for one in days if refused and refused.match(text, one.end)]
    if len(unfit) < len(days):
        denied.update(unfit)
    for index, earlier in enumerate(found):
        later = next((one for one in found[index + 1 :] if one.entity == earlier.entity), None)
        if later is None or later in denied:
            continue
        between = text[earlier.end : later.start]
        if between and (_REPLACED.search(between) or _TAKEN_BACK.search(between)):
            denied.add(earlier)
    return [one for one in found if one not in denied]


def _is_denied(text: str, one: Found, found: list[Found]) -> bool:
    before = text[max(0, one.start - 12) : one.start]
    if not _NO.search(before):
        return False
    if _DENIED.search(before):
        return not re.match(r"[^,，。;；]{0,4}(?:吗|么|吧|嘛)[?？]?$", text[one.end :])
    return bool(_UNWANTED.search(before)) and any(
        other.entity == one.entity and other.value != one.value for other in found
    )
