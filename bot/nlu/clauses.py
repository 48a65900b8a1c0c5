"""Splits a message that holds several requests: 查下水费，顺便看看有没有违章，再挂个号."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.nlu.declared import Declared
from bot.nlu.features import LONGEST
from bot.nlu.readers.found import Found

_BORDER = re.compile(
    r"[,，。;；!！?？、]+|(?=顺便|顺带|顺手|捎带|另外|然后|同时|接着|完了|最后(?=[查看交缴挂约再帮])|还有|以及|并且|还要|还想|还得|再(?:帮|给|查|看|挂|约|交|缴|把|来|瞧)|也(?:帮|给|查|看|想)|[和跟](?=[^我你他她])|外加|再就是)"
)
_LEAD = re.compile(
    r"^[ ,，。;；!！?？、]*(?:顺便|顺带|顺手|捎带着?|另外|然后|同时|接着|完了|最后(?=[查看交缴挂约再帮])|还有|以及|并且|还要|还想|还得|再就是|外加|再|也|和|跟)?[ ,，]*"
)
_MOST_CLAUSES = 9
MOST_CLASSIFIED = 600
"""Characters of clauses that are classified for one message; no clause after them is a request of its own. Classifying is
the dearest step of understanding, and nine clauses, each unsure, make forty-five. No example and no held-out utterance
needs more than 120."""

Ranking = Callable[[str, Sequence[Found]], list[tuple[str, float]]]


@dataclass(frozen=True)
class Request:
    """One of several requests of a message.

    Args:
        intent: what it asks for.
        start: offset of its clause.
        end: offset after it.
        confidence: the probability of the intent.
    """

    intent: str
    start: int
    end: int
    confidence: float


def requests_in(
    text: str,
    found: Sequence[Found],
    ranking: Ranking,
    speaks_of: Callable[[str, Sequence[Found]], set[str]],
    least: float,
    declared: Declared,
) -> list[Request]:
    """Return the requests of a message that holds two or more, in order; nothing where it holds fewer.

    The message is cut into as many clauses as can be, each sure by itself, each naming what it is about, and each of
    another service than the one before, but for a task that its manifest says comes after another (退号，再挂明天的).
    What is unsure alone (户号3301234567) stays with the clause beside it. A service that was asked for already is not
    asked for again.

    Args:
        text: the normalised message.
        found: its entities.
        ranking: classifies a clause with its entities.
        speaks_of: services that the words and entities of a clause name.
        least: the probability each clause must reach.
        declared: which task belongs to which service, and which is a request after another.
    """
    named = speaks_of(text, found)
    if not named or (len(named) == 1 and not named & {declared.service_of[first] for first, _ in declared.then}):
        return []
    starts, ends = _pieces(text)
    clauses = _Clauses(text, found, ranking, speaks_of, least, declared)
    best: list[list[Request]] = [[] for _ in ends]  # the best cut of what ends with each piece
    for last, end in enumerate(ends):
        for first in range(last, -1, -1):  # of equals, the shorter last clause: details follow what they belong to
            if first and not best[first - 1]:
                continue
            before = best[first - 1] if first else []
            if _most_worth(before) <= _worth(best[last]):
                continue  # whatever the clause says, the cut is no better
            request = clauses.request(starts[first], end, before[-1] if before else None)
            if request:
                best[last] = max(best[last], [*before, request], key=_worth)
    kept: list[Request] = []
    for request in best[-1]:
        if all(declared.are_two(earlier.intent, request.intent) for earlier in kept):
            kept.append(request)
    return kept if len(kept) > 1 else []


def _worth(requests: list[Request]) -> tuple[int, float]:
    return len(requests), round(min((one.confidence for one in requests), default=0.0), 1)


def _most_worth(before: list[Request]) -> tuple[int, float]:
    """What a cut is worth at the most when a clause is added to it."""
    return len(before) + 1, _worth(before)[1] if before else 1.0


@dataclass
class _Clauses:
    """The clauses of a message, each classified when it is asked for; the arguments are those of `requests_in`."""

    text: str
    found: Sequence[Found]
    ranking: Ranking
    speaks_of: Callable[[str, Sequence[Found]], set[str]]
    least: float
    declared: Declared
    left: int = MOST_CLASSIFIED

    def request(self, start: int, end: int, before: Request | None) -> Request | None:
        """The request of a clause, where it is sure, names its service, and is another than the one before."""
        if self.left <= 0:
            return None
        clause = clause_of(self.text, self.found, start, end)
        named = self.speaks_of(*clause)
        if not named or (before and not self._may_follow(before, named)):
            return None
        self.left -= min(end - start, LONGEST)
        intent, sure = self.ranking(*clause)[0]
        if sure < self.least or self.declared.service_of.get(intent) not in named:
            return None
        if before and not self.declared.are_two(before.intent, intent):
            return None
        return Request(intent, start, end, sure)

    def _may_follow(self, before: Request, named: set[str]) -> bool:
        """Whether a clause that names these services may be a request after another one."""
        return named != {self.declared.service_of[before.intent]} or any(
            first == before.intent for first, _ in self.declared.then
        )


def _pieces(text: str) -> tuple[list[int], list[int]]:
    """Where the smallest clauses begin, and where they end."""
    starts, ends = [0], []
    for match in _BORDER.finditer(text):
        lead = _LEAD.match(text[match.start() :])
        start = match.start() + (lead.end() if lead else 0)
        if len(text[starts[-1] : match.start()].strip()) >= 2 and len(text[start:].strip()) >= 2:
            ends.append(match.start())
            starts.append(start)
        if len(starts) == _MOST_CLAUSES:
            break
    return starts, [*ends, len(text)]


def clause_of(text: str, found: Sequence[Found], start: int, end: int) -> tuple[str, list[Found]]:
    """A clause of a text, with the entities in it, their offsets counted from its start."""
    inside = [one for one in found if start <= one.start and one.end <= end]
    return text[start:end], [Found(one.start - start, one.end - start, one.entity, one.value) for one in inside]
