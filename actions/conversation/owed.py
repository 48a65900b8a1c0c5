"""The pattern of what is owed under a number or by a person: looked up, read out, and one of it paid.

class ParkingTask(Owed): ask, offers
class QueryParkingFee(ParkingTask, QueryOwed, intent="query_parking_fee")
class PayParkingFee(ParkingTask, PayOwed, intent="pay_parking_fee")
"""

from __future__ import annotations

from abc import abstractmethod
from decimal import Decimal
from typing import Any, ClassVar

from actions.city.errors import IdentityMismatch, NotFound
from actions.conversation.outcomes import Outcome
from actions.conversation.speech import masked_name, yuan
from actions.conversation.task import Task
from actions.conversation.turn import Turn, payload
from manifests.service import PERSON


class Owed(Task):
    """What looking up and paying share: whose it is, and what the city says is owed.

    Class attributes:
        not_found: the response where the city does not know the number or the person; `{asked}` is what was asked for.
        nothing_owed: the response where nothing is to be paid.
    """

    not_found: ClassVar[str] = ""
    nothing_owed: ClassVar[str] = ""

    @abstractmethod
    async def ask(self, turn: Turn) -> Any:
        """The city's answer, once everything in `keys` is known."""

    @abstractmethod
    def offers(self, turn: Turn, answer: Any) -> list[dict[str, Any]]:
        """Everything that can be paid, each a quote: what is read out of it and, after a yes, paid, exactly this.

        A quote holds biller_code, payee, account, bill_reference, amount, subject, and `line`, what is read out; `title`,
        `keys`, `price` and `time` are what it can be chosen by (actions/conversation/choosing.py).
        """

    @classmethod
    def keys(cls) -> tuple[str, ...]:
        """The slots that say whose it is: what is asked for before a choice and a yes."""
        return tuple(slot for slot in cls.manifest.asks if slot not in (*cls.choices, *cls.yes_no))

    @classmethod
    def asked(cls, turn: Turn) -> str:
        """Whose it is, as it is read out: the number, or a name with its given part hidden."""
        first = cls.keys()[0]
        said = str(turn.slot(first))
        return masked_name(said) if first == "person_name" else said

    async def found(self, turn: Turn) -> list[dict[str, Any]] | None:
        """What is owed; None where something must be asked first, or nothing was found, which is said."""
        if any(turn.slot(slot) is None for slot in self.keys()):
            return None
        try:
            return self.offers(turn, await self.ask(turn))
        except IdentityMismatch:
            turn.say("utter_identity_mismatch")
        except NotFound:
            turn.say(self.not_found, asked=self.asked(turn))
            if "person_name" in self.keys():
                self.finish(turn, Outcome.NOT_FOUND)
                return None
        turn.forget(*self.keys())
        return None


class QueryOwed(Owed):
    """Reads out what is owed, and offers to pay it.

    Class attributes:
        owed: the response that reads it out: {asked}, {count}, {total}, {lines}.
        paid_by: the intent of the task that pays it.
    """

    owed: ClassVar[str] = ""
    paid_by: ClassVar[str] = ""

    async def advance(self, turn: Turn) -> None:
        """Once it is known whose it is, read it out."""
        offers = await self.found(turn)
        if offers is None:
            return
        if offers:
            known = self.known(turn)
            # Who somebody is stands in no button; it is kept for the next task anyway.
            shown = {slot: value for slot, value in known.items() if slot not in PERSON}
            turn.set("follow_up", {"intent": self.paid_by, "slots": known})
            turn.offer(
                self.owed,
                [("现在交", payload(self.paid_by, **shown))],
                asked=self.asked(turn),
                count=len(offers),
                total=yuan(sum((Decimal(offer["amount"]) for offer in offers), Decimal(0))),
                lines="\n".join(offer["line"] for offer in offers),
            )
        else:
            turn.say(self.nothing_owed, asked=self.asked(turn))
        self.finish(turn, Outcome.TOLD if offers else Outcome.NOTHING_OWED)


class PayOwed(Owed):
    """Pays one thing that is owed, or several; a yes to the sentence with payee, account and amount comes first."""

    @classmethod
    async def read_again(cls, turn: Turn, quote: dict[str, Any]) -> dict[str, Any] | None:
        """The same thing among what is owed now."""
        return (await cls.read_all_again(turn, [quote]))[0]

    @classmethod
    async def read_all_again(cls, turn: Turn, quotes: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
        """The same things among what is owed now."""
        task = cls()
        offers = task.offers(turn, await task.ask(turn))
        return [same_bill(offers, quote) for quote in quotes]

    async def advance(self, turn: Turn) -> None:
        """Look up, then settle which: the only one, or what was chosen."""
        basis = [turn.city_code, *(turn.slot(slot) for slot in self.keys())]
        if (turn.slot("quote") or {}).get("basis") != basis:
            self.forget_quote(turn)
            offers = await self.found(turn)
            if offers is None:
                return
            if not offers:
                turn.say(self.nothing_owed, asked=self.asked(turn))
                self.finish(turn, Outcome.NOTHING_OWED)
                return
            turn.set("quote", {"basis": basis, "offers": offers})
        self.settle_choice(turn)


def same_bill(offers: list[dict[str, Any]], quote: dict[str, Any]) -> dict[str, Any] | None:
    """The offer that is for the same bill as a quote; None where there is none."""
    return next((offer for offer in offers if offer["bill_reference"] == quote["bill_reference"]), None)
