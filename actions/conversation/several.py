"""Several of what was read out, paid with one payment: which are chosen, and the sentence with the parts and the total.

A choice is the place of one in the list ("2", "-1" the last), `ALL`, or all but some ("all-2-3").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from actions.conversation.choosing import keys_named
from actions.conversation.speech import yuan
from actions.conversation.turn import Turn

if TYPE_CHECKING:
    from actions.conversation.task import Task

Offer = dict[str, Any]

ALL = "all"
GATHERED = "gathered"
"""The slot that holds offers of look-ups that are to be paid with those of the next: 水费电费都交了."""
_ALL_BUT = re.compile(rf"{ALL}(?:-\d+)*")
_LEAVES_OUT = re.compile(r"除了|除去|除开|除外|去掉|扣掉|留着|不算|不[交缴付要]|先不|别[交缴付]")
SAME = ("account", "holder", "address", "due")
"""What of the parts is said once, where all have the same."""


def is_several(choice: str | None) -> bool:
    """Whether a choice is not of one alone."""
    return choice is not None and _ALL_BUT.fullmatch(choice) is not None


def all_but(places: Sequence[int]) -> str:
    """The choice of all but those at some places, from 1."""
    return "-".join([ALL, *map(str, places)])


def chosen(choice: str | None, offers: Sequence[Offer]) -> list[Offer]:
    """The offers that a choice means; none where there is no such choice."""
    if choice is None:
        return []
    if is_several(choice):
        left_out = {int(place) for place in choice.split("-")[1:]}
        return [offer for place, offer in enumerate(offers, start=1) if place not in left_out]
    if re.fullmatch(r"-?\d+", choice) is None:
        return []
    number = int(choice)
    index = number - 1 if number > 0 else len(offers) + number
    return [offers[index]] if number and 0 <= index < len(offers) else []


def left_out(text: str, offers: Sequence[Offer]) -> list[int]:
    """The places, from 1, of the offers that a message wants left out: 除了9月的都交, 8月的先不交; none where it names none."""
    if not _LEAVES_OUT.search(text):
        return []
    places = keys_named(text, offers)
    return places if len(places) < len(offers) else []


def can_be_gathered(offers: Sequence[Offer]) -> bool:
    """Whether each of some offers is a quote by itself."""
    return all(offer.get("amount") and offer.get("bill_reference") for offer in offers)


def can_be_paid_together(offers: Sequence[Offer]) -> bool:
    """Whether each of some offers is a quote, and there are two or more."""
    return len(offers) > 1 and can_be_gathered(offers)


def together(parts: Sequence[Offer]) -> Offer:
    """The quote of several offers: what is read out with one total and, after a yes, paid with one payment.

    Args:
        parts: two or more quotes, as they were read out.
    """
    payees = dict.fromkeys(part["payee"] for part in parts)
    same = {
        name: parts[0][name] for name in SAME if all(name in part and part[name] == parts[0][name] for part in parts)
    }
    return {
        **same,
        "parts": list(parts),
        "count": len(parts),
        "amount": yuan(sum((Decimal(part["amount"]) for part in parts), Decimal(0))),
        "payee": "、".join(payees),
        "subject": f"{parts[0]['subject']}{'等' if len({part['subject'] for part in parts}) > 1 else ''} {len(parts)} 笔",
        "lines": "\n".join(
            f"{place}. {part['line'] if 'account' in same else _whole_line(part)}"
            for place, part in enumerate(parts, start=1)
        ),
    }


def _whole_line(part: Offer) -> str:
    """A part of a payment of several accounts: 杭州市水务集团 3301234567 2026年10月水费 45.60 元."""
    return f"{part['payee']} {part['account']} {part['subject']} {part['amount']} 元"


def is_kept(offer: Offer) -> bool:
    """Whether an offer was looked up elsewhere than what is talked about now: see `as_of`."""
    return "intent" in offer


def as_of(turn: Turn, task: type[Task], offer: Offer) -> Offer:
    """An offer with all that is needed to pay it besides others, whatever account, city or task is talked about then.

    Offers of several look-ups so kept may stand in one quote, under `offers`; each is read again as it was read.

    Args:
        turn: in which it was looked up.
        task: that pays it.
        offer: as the city told it.
    """
    return {
        **offer,
        "intent": task.intent,
        "slots": {slot: turn.slot(slot) for slot in task.hears if turn.slot(slot) is not None},
        "city_code": turn.city_code,
        "city_service": task.city_service(turn),
        "kind": task.manifest.pays,
    }


def parts_of(quote: Offer) -> list[Offer]:
    """What a quote pays: its parts, or itself."""
    return quote.get("parts") or [quote]
