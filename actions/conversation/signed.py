"""What the action server has written into a conversation, signed by it: what was read out, the yes to that, the orders handed out.

An action believes what it is told of a conversation, and a conversation can be made up by whoever may call. So nothing that
cannot be undone rests on the conversation alone:

| signed | when | wanted |
| --- | --- | --- |
| the quote: all of it, for whom, which task, which city | when it is set (`Turn.set`) | whenever it is read (`Turn.slot`) |
| the question: which quote, and every value the sentence stands on | when a yes is asked for (`Task.run`) | when a yes is heard (`Task.listen`) |
| the yes: the same | when it is heard | when it is acted upon (`EndTask.run`, and a handler that acts inside its form) |
| an order, for this conversation | when its link is handed out (`checkout`) | when it is to be closed (`CancelTask`) |
| that it was asked whether to erase the conversation | when it is asked (`erasure`) | when a yes is said next |

What is not ours, altered, another conversation's or too old counts as not said; it is read out anew.
"""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import jwt
import structlog

from actions import context

if TYPE_CHECKING:
    from actions.conversation.task import Task
    from actions.conversation.turn import Turn

QUOTE, SIGNED_YES, HANDED_OUT, ERASURE_ASKED = "quote", "signed_yes", "orders_handed_out", "erasure_asked"
"""The slots: the quote with its seal, the question or the yes to it, a token for each order by its trade number, and the question
whether the conversation is to be erased."""

SEAL = "seal"
"""Under which a quote in its slot carries its token; no handler sees it."""

GOOD_MINUTES = 30
"""How long a yes to what was read out counts."""

YES_SECONDS = 120
"""A yes is acted upon in the turn in which it is heard; for so long the slowest turn may take."""

ORDER_SECONDS = 2 * 86400
"""Longer than any cashier's link is good."""

MOST_ORDERS = 20
ALGORITHM = "HS256"
EXPIRED, NOT_OURS, ELSEWHERE = "quote_expired", "quote_not_ours", "quote_of_another_city"
"""Why a quote or a yes does not count; the last is no fault of anybody, and nothing is said of it."""

log = structlog.stdlib.get_logger(__name__)


class Kind(str, Enum):
    """What a token is for: one is never good for another."""

    QUOTE = "quote"
    QUESTION = "question"
    YES = "yes"
    ORDER = "order"
    ERASURE = "erasure"


@dataclass(frozen=True)
class Reading:
    """A quote as it stands in the slot.

    Attributes:
        quote: the quote, if it is ours; else None.
        number: what tells this quote from every other; empty where there is none.
        refusal: why a yes to it does not count, EXPIRED, NOT_OURS or ELSEWHERE; None where it does.
    """

    quote: dict[str, Any] | None
    number: str = ""
    refusal: str | None = None


def sealed(turn: Turn, quote: dict[str, Any]) -> dict[str, Any]:
    """A quote with its seal, as it is kept in the slot."""
    claims = {"jti": str(uuid4()), "of": _digest(quote), "city": turn.city_code, "task": turn.task}
    return {**quote, SEAL: _token(turn, Kind.QUOTE, GOOD_MINUTES * 60, **claims)}


def read(turn: Turn, kept: Any) -> Reading:
    """Read a quote as it is kept in the slot.

    Args:
        turn: who reads it.
        kept: the slot's value.
    """
    if not isinstance(kept, dict):
        return Reading(None, refusal=NOT_OURS)
    quote = {name: value for name, value in kept.items() if name != SEAL}
    claims = _claims(turn, Kind.QUOTE, kept.get(SEAL))
    if claims is None or (claims.get("of"), claims.get("task")) != (_digest(quote), turn.task):
        return Reading(None, refusal=NOT_OURS)
    if claims.get("city") != turn.city_code:
        return Reading(None, refusal=ELSEWHERE)
    return Reading(quote, str(claims.get("jti")), EXPIRED if _is_over(claims) else None)


def ask(turn: Turn, task: type[Task], slot: str) -> None:
    """Note that a yes is asked for, to the quote at hand and to the values that are known now."""
    turn.set(SIGNED_YES, _statement(turn, Kind.QUESTION, task, slot, GOOD_MINUTES * 60))


def hear(turn: Turn, task: type[Task], slot: str) -> None:
    """Take a yes that was just heard; one that was not asked for, or to something else, is forgotten, and nothing acted upon."""
    refusal = turn.quote_read.refusal if turn.quote_read else None
    if refusal is None:
        refusal = _fault(turn, Kind.QUESTION, task, slot)
    if refusal is None:
        turn.set(SIGNED_YES, _statement(turn, Kind.YES, task, slot, YES_SECONDS))
    else:
        turn.forget(slot, SIGNED_YES)
        turn.refused_yes = refusal


def agreed(turn: Turn, task: type[Task], slot: str) -> bool:
    """Whether the yes in `slot` was heard here, in this turn, to the very quote and values that it would be acted upon with."""
    if turn.slot(slot) is not True:
        return False
    refusal = _fault(turn, Kind.YES, task, slot)
    if refusal is not None:
        turn.refused_yes = refusal
    return refusal is None


def read_anew(turn: Turn, task: type[Task]) -> bool:
    """Drop a quote or a yes that does not count, say so, and log it; False where there is none such.

    What was refused is looked up anew by the task, which finds no quote any more. A no needs no signature.

    Args:
        turn: in which it is found.
        task: that goes on.
    """
    refusal = turn.refused_yes or (turn.quote_read.refusal if turn.quote_read else None)
    if refusal is None or any(turn.slot(slot) is False for slot in task.yes_no):
        return False
    if refusal != ELSEWHERE:
        log.warning(refusal, task=task.intent)
        turn.say("utter_quote_expired" if refusal == EXPIRED else "utter_quote_not_ours", minutes=GOOD_MINUTES)
    turn.forget(*task.yes_no, QUOTE, SIGNED_YES)
    turn.refused_yes = None
    return True


def hand_out(turn: Turn, trade_number: str) -> None:
    """Note that an order was opened for this conversation after a yes: only there it may be closed."""
    token = _token(turn, Kind.ORDER, ORDER_SECONDS, of=trade_number)
    others = {trade: one for trade, one in _orders(turn).items() if trade != trade_number}
    turn.set(HANDED_OUT, dict([*others.items(), (trade_number, token)][-MOST_ORDERS:]))


def was_handed_out(turn: Turn, trade_number: str) -> bool:
    """Whether this server handed the order out in this conversation; where not, that stands in the log."""
    claims = _claims(turn, Kind.ORDER, _orders(turn).get(trade_number))
    ours = claims is not None and claims.get("of") == trade_number and not _is_over(claims)
    if not ours:
        log.warning("order_not_handed_out_here")
    return ours


def ask_to_erase(turn: Turn) -> None:
    """Note that it is asked whether the conversation is to be erased."""
    turn.set(ERASURE_ASKED, _token(turn, Kind.ERASURE, GOOD_MINUTES * 60))


def asked_to_erase(turn: Turn) -> bool:
    """Whether that was asked by the message before this one."""
    claims = _claims(turn, Kind.ERASURE, turn.slot(ERASURE_ASKED))
    return claims is not None and not _is_over(claims) and turn.was_just_offered(ERASURE_ASKED)


def _orders(turn: Turn) -> dict[str, Any]:
    known = turn.slot(HANDED_OUT)
    return known if isinstance(known, dict) else {}


def _statement(turn: Turn, kind: Kind, task: type[Task], slot: str, seconds: float) -> str:
    return _token(turn, kind, seconds, **_stands_on(turn, task, slot))


def _fault(turn: Turn, kind: Kind, task: type[Task], slot: str) -> str | None:
    claims = _claims(turn, kind, turn.slot(SIGNED_YES))
    if claims is None or any(claims.get(name) != value for name, value in _stands_on(turn, task, slot).items()):
        return NOT_OURS
    return EXPIRED if _is_over(claims) else None


def _stands_on(turn: Turn, task: type[Task], slot: str) -> dict[str, str]:
    """All that makes a yes a yes to this and nothing else: the quote, and each value the task knows."""
    names = {*task.hears, *task.choices, *task.manifest.asks} - set(task.yes_no)
    values = {name: turn.slot(name) for name in sorted(names)}
    quote = turn.quote_read.number if turn.quote_read else ""
    return {"task": task.intent, "slot": slot, "quote": quote, "of": _digest([turn.city_code, values])}


def _token(turn: Turn, kind: Kind, seconds: float, **claims: str) -> str:
    told = {"aud": kind.value, "sub": turn.conversation_id, "exp": int(_now() + seconds), **claims}
    return jwt.encode(told, _key(), algorithm=ALGORITHM)


def _claims(turn: Turn, kind: Kind, token: Any) -> dict[str, Any] | None:
    """What a token says; None where it is none of ours, of another kind or of another conversation."""
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            _key(),
            algorithms=[ALGORITHM],
            audience=kind.value,
            # One that is over is told from a forged one: by `_is_over`.
            options={"require": ["aud", "sub", "exp"], "verify_exp": False},
        )
    except jwt.InvalidTokenError:
        return None
    return claims if claims["sub"] == turn.conversation_id else None


def _is_over(claims: dict[str, Any]) -> bool:
    return int(claims["exp"]) <= _now()


def _digest(value: Any) -> str:
    """A digest of what can be sent as JSON; the same before it was sent and after."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _now() -> float:
    return time.time()


def _key() -> str:
    return context.current().settings.quote_key
