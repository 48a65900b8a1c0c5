"""When a yes is a yes: where an amount was read out, only words that mean yes and nothing else.

The classifier alone is no judge of that: it is sure that 好贵 is an assent, because so many assents begin with 好.
"""

from __future__ import annotations

import re

from actions.conversation.choosing import how_many, means_all, without_all
from actions.conversation.turn import Turn

_CORE = (
    "确认|确定|可以|没问题|没有问题|没有?异议|无异议|没有?意见|没有?错|冇错|没毛病|同意|认可|属实|无误|当然|必须|批准|照办|"
    "不错|是|对|好|行|嗯|恩|哦|噢|喔|成|中|妥|要的|要得|准|认|okay|ok|yes|yep|yeah|y|得嘞|认罚|就这个|就这样|就按这个|👌|👍"
)
_BESIDE = (
    "帮我|(?<!好)麻烦|请|你|您|我|给|把|它|这一?[个笔条单项]|那个|吧|呀|啊|嘞|滴|哒|呢|了|的|哈|噻|撒|喽|咯|呗|呐|哟|着|额|那|就|就是|"
    "快|赶紧|马上|立即|立刻|直接|现在|一下|谢谢|多谢|辛苦|本人|开的?车?|驾驶|金额|户号|信息|都|继续|下去|往下|走|掉|上|核对|看|过|"
    "还是|要|不用改|不用换|不用变|处理|办理|办|弄|搞|整"
)
_URGES = re.compile("吧|现在|立即|立刻|马上|赶紧|快|直接|就")
# 確認, 沒問題: what of these words is written otherwise in the traditional script.
_SIMPLIFIED = str.maketrans(
    "確認對沒問題無異議錯實當誤這個條項單馬現處駛見繳給請謝號歡續們過麼還辦啲",
    "确认对没问题无异议错实当误这个条项单马现处驶见缴给请谢号欢续们过么还办的",
)
# Said with a smile, a yes stays one; 🙅 and 👎 are not among these.
_COURTESY_SIGNS = re.compile("[🙏😊🙂😄😁😀🌹🤝☺❤🏻-🏿\ufe0f]")
# 确认一下金额 asks that something be looked at; 确认一下 alone says yes.
_TO_BE_CHECKED = re.compile("(?:确认|核对|核实|看|过)(?:一?下|一遍|看看)(?:金额|户号|信息|.*(?:金额|户号|信息))")
_GREETS = re.compile("[你您]好(?![的吧])")
_BUTTON = "/affirm"
LONGEST = 24
"""Characters of a plain yes; longer ones say something besides, and cost the pattern dearly."""
_BLANK = re.compile(r"[\s，。、！!,.~～…“”\"'：:；;·-]+")


def is_plain_yes(turn: Turn, verbs: str = "") -> bool:
    """Whether the latest message is a yes and nothing else; a button's always is.

    Args:
        turn: what was said.
        verbs: words, as alternatives of a pattern, that name what is being confirmed: 交|缴|付. With a word that urges (交吧,
            现在付) they are a yes as well; alone they may be the request said once more, and that is none.
    """
    if turn.is_button:
        return turn.text == _BUTTON
    said = _plain(turn.text)
    words = _plain(_without_what_is_known(turn))
    # 你好 is made of words that may stand in a yes.
    if turn.intent == "greet" or _GREETS.search(said):
        return False
    if len(words) > LONGEST or means_all(words) or _TO_BE_CHECKED.search(said):
        return False
    any_of = f"{_CORE}|{verbs}" if verbs else _CORE
    if not re.fullmatch(f"(?:{_BESIDE}|{any_of})+", words):
        return False
    if re.search(_CORE, words):
        return True
    # A message that repeats the account or the plate is the request again, whatever verb is in it.
    repeats = words != said
    if verbs and not repeats and turn.intent == "affirm" and re.fullmatch(verbs, words):
        # 交, 付款 and nothing else, which is learnt as a yes (data/nlu).
        return True
    return bool(verbs) and not repeats and bool(re.search(verbs, words)) and bool(_URGES.search(words))


def is_yes_to_all(turn: Turn, verbs: str, count: int) -> bool:
    """Whether the latest message is a yes to everything that was just read out with its total: 都交了吧, 三笔一起交.

    Args:
        turn: what was said.
        verbs: as for `is_plain_yes`; one of them must be said.
        count: of how many the total was read out; another number beside it is no yes.
    """
    said = _plain(turn.text)
    if (
        turn.is_button
        or turn.intent == "check_payment"
        or len(said) > LONGEST
        or not means_all(said)
        or how_many(said) not in (None, count)
    ):
        return False
    rest = without_all(said)
    return bool(re.search(verbs, rest)) and bool(re.fullmatch(f"(?:{_BESIDE}|{_CORE}|{verbs})+", rest))


def is_bare_request_for_all(text: str, verbs: str) -> bool:
    """Whether `text` says no more than that all be paid: 都交了 may be a request; 我都交了, 都交过了 and 都交了吗 are none.

    Args:
        text: what was said.
        verbs: as for `is_plain_yes`.
    """
    said = _plain(text)
    if len(said) > LONGEST or not means_all(said):
        return False
    return re.fullmatch(f"(?:{verbs}|帮我|给我|请|了|吧|掉|上)*", without_all(said)) is not None


def _plain(text: str) -> str:
    """A text without blanks, points and friendly signs, in small letters and the simplified script."""
    return _COURTESY_SIGNS.sub("", _BLANK.sub("", text)).lower().translate(_SIMPLIFIED)


def _without_what_is_known(turn: Turn) -> str:
    """The message without the values it repeats: 对，水费 says no more than 对 where the water bill is talked about."""
    text = turn.text
    for found in sorted(turn.entities, key=lambda entity: entity.get("start") or 0, reverse=True):
        start, end = found.get("start"), found.get("end")
        if start is not None and end is not None and turn.slot(found["entity"]) == found["value"]:
            text = text[:start] + text[end:]
    return text
