"""Choosing from what was read out, in words: by month, amount, doctor, hospital, time, the cheapest, whichever.

An offer may carry `keys`, the words that mean it, and `price` (yuan, text) and `time` (ISO) to compare it by.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

Offer = dict[str, Any]

_WHICHEVER = re.compile(r"随便|都行|都可以|哪个都|任意|你定|看着办")
# 都对 says that all of a sentence is right, 都行 that any will do: what follows tells.
_ALL_AT_ONCE = re.compile(
    r"一起|一块|一并|一齐|一次[性交缴付]|全部|所有|全[交缴付办都给]|"
    r"(?<![么哪])都(?!要得|[对是好行可没确同认无属正准])|[两二三四五六七八九十几\d]+[笔个张条][都全也交缴付办]"
)
_NONE_AT_ALL = re.compile(r"[都全](?:不(?![错对])|别|没必要)|(?:一|哪)[个笔张条件辆]都?也?不")
_ALL_AT_ONCE_ALONE = re.compile(r"一起|一块|一并|一齐|一次性?|全部|所有|全|都|欠费|欠的|账单|把|清|完|这(?=$|[交缴付])")
_NUMBERS = {hanzi: number for number, hanzi in enumerate("一二三四五六七八九十", start=1)} | {"两": 2}
_COUNTED = re.compile(r"这?(?P<number>[两二三四五六七八九十]|\d{1,2})[笔个张条]")
_BY_COMPARISON: tuple[tuple[re.Pattern[str], str, Callable[..., Any]], ...] = (
    (re.compile(r"便宜|最少|最低|少的"), "price", min),
    (re.compile(r"最贵|最多|最高"), "price", max),
    (re.compile(r"最早|最快|越快越好|早的|早点|早一点|最近的"), "time", min),
    (re.compile(r"最晚|晚的|晚点|晚一点"), "time", max),
)


def means_all(text: str) -> bool:
    """Whether `text` wants everything that was read out at once: never a choice of one, nor a yes to one."""
    return bool(_ALL_AT_ONCE.search(text)) and not refuses_all(text)


def refuses_all(text: str) -> bool:
    """Whether `text` wants nothing of all that was spoken of: 都不办了, 一个也不交."""
    return bool(_NONE_AT_ALL.search(text))


def chosen_in_words(text: str, offers: Sequence[Offer]) -> str | None:
    """The number, from 1, of the one offer that `text` means; None where it means none or several.

    Args:
        text: what the resident said.
        offers: as they were read out.
    """
    if not offers:
        return None
    for pattern, what, pick in _BY_COMPARISON:
        if pattern.search(text) and all(offer.get(what) for offer in offers):
            best = pick(offers, key=lambda offer: Decimal(offer[what]) if what == "price" else offer[what])
            return str(offers.index(best) + 1)
    meant = keys_named(text, offers)
    if len(meant) == 1:
        return str(meant[0])
    return "1" if not meant and _WHICHEVER.search(text) else None


def keys_named(text: str, offers: Sequence[Offer]) -> list[int]:
    """The places, from 1, of the offers that `text` names by a word of theirs."""
    return [place for place, offer in enumerate(offers, start=1) if any(key in text for key in offer.get("keys", ()))]


def how_many(text: str) -> int | None:
    """Of how many `text` speaks: 三笔一起交, 两条都交; None where it says no number."""
    match = _COUNTED.search(text)
    return None if match is None else _NUMBERS.get(match["number"]) or int(match["number"])


def without_all(text: str) -> str:
    """`text` without the words by which it means everything, and how many that is."""
    return _ALL_AT_ONCE_ALONE.sub("", _COUNTED.sub("", text))
