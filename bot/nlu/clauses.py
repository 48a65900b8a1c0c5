"""Splits a message that holds two requests: 查下水费，顺便看看有没有违章."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.nlu.found import Found

SERVICE_OF = {
    "pay_utility_bill": "utility_bills",
    "query_utility_bill": "utility_bills",
    "query_traffic_violation": "traffic",
    "pay_traffic_fine": "traffic",
    "book_hospital_appointment": "hospital",
    "query_hospital_appointment": "hospital",
    "cancel_hospital_appointment": "hospital",
    "query_credit_score": "credit",
}
"""Intents that start a service. Two of one service are one request (查下电费，有就交了), but for 退号 and then 挂号."""

_AGAIN = ("cancel_hospital_appointment", "book_hospital_appointment")
_BORDER = re.compile(
    r"[,，。;；!！?？、]+|(?=顺便|顺带|顺手|捎带|另外|然后|同时|接着|完了|还有|以及|并且|还要|还想|还得|再(?:帮|给|查|看|挂|约|交|缴|把|来|瞧)|也(?:帮|给|查|看|想)|[和跟](?=[^我你他她])|外加|再就是)"
)
_LEAD = re.compile(
    r"^[ ,，。;；!！?？、]*(?:顺便|顺带|顺手|捎带着?|另外|然后|同时|接着|完了|还有|以及|并且|还要|还想|还得|再就是|外加|再|也|和|跟)?[ ,，]*"
)
_MOST_BORDERS = 6

Ranking = Callable[[str, Sequence[Found]], list[tuple[str, float]]]


@dataclass(frozen=True)
class TwoRequests:
    """The intents of a message's two requests.

    Args:
        first: intent of the first clause.
        second: intent of the second clause.
        start: offset of the second clause.
        end: offset after it.
        confidence: the lower of both probabilities.
    """

    first: str
    second: str
    start: int
    end: int
    confidence: float


def two_requests(
    text: str,
    found: Sequence[Found],
    ranking: Ranking,
    speaks_of: Callable[[str, Sequence[Found]], set[str]],
    least: float,
) -> TwoRequests | None:
    """Tell whether a message holds two requests, each sure by itself and each naming what it is about.

    Args:
        text: the normalised message.
        found: its entities.
        ranking: classifies a clause with its entities.
        speaks_of: services that the words and entities of a clause name.
        least: the probability each clause must reach.
    """
    best: TwoRequests | None = None
    for end, start in _splits(text):
        left, right = _clause(text, found, 0, end), _clause(text, found, start, len(text))
        first, sure = ranking(*left)[0]
        second, also = ranking(*right)[0]
        confidence = min(sure, also)
        if confidence < max(least, best.confidence if best else 0.0) or not _are_two(first, second):
            continue
        if SERVICE_OF[first] in speaks_of(*left) and SERVICE_OF[second] in speaks_of(*right):
            best = TwoRequests(first, second, start, len(text), confidence)
    return best


def _are_two(first: str, second: str) -> bool:
    if first not in SERVICE_OF or second not in SERVICE_OF:
        return False
    return SERVICE_OF[first] != SERVICE_OF[second] or (first, second) == _AGAIN


def _splits(text: str) -> Iterator[tuple[int, int]]:
    """Where the first clause may end and the second begin."""
    for match in list(_BORDER.finditer(text))[:_MOST_BORDERS]:
        lead = _LEAD.match(text[match.start() :])
        start = match.start() + (lead.end() if lead else 0)
        if len(text[: match.start()].strip()) >= 2 and len(text[start:].strip()) >= 2:
            yield match.start(), start


def _clause(text: str, found: Sequence[Found], start: int, end: int) -> tuple[str, list[Found]]:
    inside = [one for one in found if start <= one.start and one.end <= end]
    return text[start:end], [Found(one.start - start, one.end - start, one.entity, one.value) for one in inside]
