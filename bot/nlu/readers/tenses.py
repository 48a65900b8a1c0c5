"""Whether a day without its year is over or still to come, by the words beside it: 11月18号被拍, 12月3号那天有号吗."""

import re
from enum import Enum, auto


class Told(Enum):
    """What the words beside a day say of it."""

    FUTURE = auto()  # nothing: bookings are in the future
    PAST = auto()  # what happens to cars is in the past: 11月18号被拍
    EITHER = auto()  # 11月18号那天, 上次12月3号: the nearest of the past and the coming ones


_OFFENCE = r"被拍|被抓|被贴|被罚|被扣|抓拍|违停|闯红灯|闯了|超速|压线|压了线|拍到|拍的|拍了|贴条|贴了"
_HAPPENED = re.compile(rf"[^,，。;；!?]{{0,10}}?(?:{_OFFENCE})|(?:的|那[条张次个笔])(?:违章|违法|罚单|罚款)")
_THAT_DAY = re.compile(r" ?(?:早上|晚上|[上中下]午)?(?:那天|那日|那次|的时候|当天|那晚)")
_LAST_TIME = re.compile(r"(?:上次|上回|之前|当时|以前)[^,，。;；!?]{0,4}$")
_ANY_OFFENCE = re.compile(_OFFENCE)


def time_told(match: re.Match[str]) -> Told:
    """Tell by the words beside a day, which is what matched, whether it is over."""
    before, after = match.string[max(0, match.start() - 8) : match.start()], match.string[match.end() :]
    if _HAPPENED.match(after):
        return Told.PAST
    return Told.EITHER if _THAT_DAY.match(after) or _LAST_TIME.search(before) else Told.FUTURE


def tells_of_an_offence(text: str) -> bool:
    """Tell whether a message says what happened to a car: 昨天我在北京开车，有没有被抓拍."""
    return _ANY_OFFENCE.search(text) is not None
