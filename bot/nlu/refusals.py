"""A refusal of one request beside another request: 我不是要交水费，是要挂号 asks for the second and refuses the first.

What refuses is learnt (data/nlu, `deny`); grammar decides here only where the two halves meet.
"""

import re
from collections.abc import Callable, Sequence

from bot.nlu.clauses import Ranking, Request, clause_of
from bot.nlu.declared import Declared
from bot.nlu.readers.found import Found

REFUSAL = "deny"
# Where a refusal may end without a pause: 不是查水费是交水费. 不是要, 还是要, 是不是 are one word each, and 谁说我要 refuses all that follows.
_MEETS = re.compile(r"[,，。;；!！、 ]+|(?<=[^不还就要说让叫])(?=而是|是要|是想|我要|我想|要的是)")
_TURNS = re.compile(r"^(?:我?(?:而是|要的?是|应该是|说的是|是(?![不的])))?(?:我?要(?=[查看交缴付挂约充办取退]))?")
# 交水费，不是查水费: here the refusal comes last.
_AFTER = re.compile(r"[,，。;；!！、 ]{0,8}(?=(?:并?不是|而不是)(?![吗嘛]))")
_MOST = 6
LONGEST = 80
"""Characters of a message in which this is looked for: not this but that is said in one breath, and each half costs a reading."""
# A half without any of these refuses nothing; 谁让你挂号了, 哪个喊你交电费; 等等，先查社保 and 算了，挂个号 stop what is open.
_NO = re.compile("[不别没非莫甭勿覅冇唔谁哪拒错等慢停算]")


def asked_beside_refusal(
    text: str,
    found: Sequence[Found],
    ranking: Ranking,
    speaks_of: Callable[[str, Sequence[Found]], set[str]],
    least: float,
    declared: Declared,
) -> Request | None:
    """Return what is asked for beside a refusal; None where nothing is refused, or nothing asked for.

    Args:
        text: the normalised message.
        found: its entities.
        ranking: classifies a clause with its entities.
        speaks_of: services that the words and entities of a clause name.
        least: the probability that refusal and request must reach.
        declared: which task belongs to which service.
    """
    if len(text) > LONGEST or not _NO.search(text):
        return None
    for match in list(_MEETS.finditer(text))[-_MOST:]:
        refused = clause_of(text, found, 0, match.start())
        if not _refuses(*refused, ranking, least):
            continue
        turns = _TURNS.match(text[match.end() :])
        start = match.end() + (turns.end() if turns else 0)
        request = _request(text, found, start, len(text), ranking, speaks_of, least, declared)
        if request is not None:
            return request
    for match in list(_AFTER.finditer(text))[-1:]:
        if match.start() and _refuses(*clause_of(text, found, match.end(), len(text)), ranking, least):
            return _request(text, found, 0, match.start(), ranking, speaks_of, least, declared)
    return None


def _refuses(clause: str, inside: list[Found], ranking: Ranking, least: float) -> bool:
    best = ranking(clause, inside)[:1] if _NO.search(clause) else []
    return bool(best) and best[0][0] == REFUSAL and best[0][1] >= least


def _says_more(clause: str, inside: list[Found]) -> bool:
    """Whether a clause is more than a value: 说错了，是水费 asks for nothing, it corrects an answer."""
    said = {place for one in inside for place in range(one.start, one.end)}
    return any(place not in said and char.isalpha() for place, char in enumerate(clause))


def _request(
    text: str,
    found: Sequence[Found],
    start: int,
    end: int,
    ranking: Ranking,
    speaks_of: Callable[[str, Sequence[Found]], set[str]],
    least: float,
    declared: Declared,
) -> Request | None:
    clause = clause_of(text, found, start, end)
    best = ranking(*clause)[:1]
    if not best or best[0][1] < least or not _says_more(*clause):
        return None
    intent, sure = best[0]
    if declared.service_of.get(intent) not in speaks_of(*clause):
        return None
    return Request(intent, start, end, sure)
