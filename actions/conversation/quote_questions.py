"""Questions about what was read out before the yes, answered from what the city told: 户主是谁, 地址是哪里, 截止哪天, 是石志强家的吗.

No more of a name is said than the city's mask shows, and a name that somebody asks for is only compared with the mask.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from actions.conversation.answers_in_words import surnames
from actions.conversation.turn import Turn

WORDS = Path(__file__).resolve().parents[2] / "data" / "gazetteers" / "quote_questions.yml"
HOLDER, ADDRESS, DUE = "holder", "address", "due"
"""The parts of a quote that may be asked for, and their lists of words."""

RESPONSES = {DUE: "utter_quote_due", ADDRESS: "utter_quote_address", HOLDER: "utter_quote_holder"}

LONGEST = 40
"""Characters of a question about the sentence just read out; a longer one says something else besides."""

_NO_QUESTION = frozenset({"deny", "handoff_human", "help"})
_HANZI = r"[\u4e00-\u9fff]"
_OF_SOMEBODY = re.compile(r"是[^，。,]{1,8}(?:家|的)")


def answer_about(turn: Turn, quote: dict[str, Any]) -> bool:
    """Answer a question about the quote; False, and nothing said, where the message asks none that can be answered.

    Args:
        turn: what was said.
        quote: what was read out.
    """
    text = turn.text.strip()
    if turn.is_button or turn.intent in _NO_QUESTION or len(text) > LONGEST or HOLDER not in quote:
        return False
    if not _has(text, "asks"):
        return False
    told = {name: quote[name] for name in (HOLDER, ADDRESS, DUE) if name in quote}
    asked = name_asked(text)
    if asked is not None:
        fits = may_be(asked, str(quote[HOLDER]))
        turn.say("utter_quote_holder_fits" if fits else "utter_quote_holder_differs", **told)
        return True
    for part, response in RESPONSES.items():
        if part in quote and _has(text, part):
            turn.say(response, **told)
            return True
    if _OF_SOMEBODY.search(text):
        turn.say("utter_quote_holder_not_known", **told)
        return True
    return False


def name_asked(text: str) -> str | None:
    """The name that a question supposes the holder to have: 是石志强家的吗 → 石志强; None where it names nobody."""
    words = _words()
    before = "|".join(map(re.escape, sorted(words["name_after"], key=len, reverse=True)))
    after = "|".join(map(re.escape, sorted(words["name_before"], key=len, reverse=True)))
    for match in re.finditer(rf"(?:{before})(?P<name>{_HANZI}{{2,4}}?)(?={after}|[?？])", text):
        name = match["name"]
        if name[0] in surnames() or name[:2] in surnames():
            return name
    return None


def may_be(name: str, masked: str) -> bool:
    """Whether a name fits what a mask shows of one: 石志强 fits 石**, 石志 does not."""
    return len(name) == len(masked) and all(seen in ("*", said) for said, seen in zip(name, masked, strict=True))


def _has(text: str, part: str) -> bool:
    return any(word in text for word in _words()[part])


@lru_cache(maxsize=1)
def _words() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    return read
