"""Paying a fine: of a plate's violation, accepted first where a camera saw it, or by a decision's number."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from actions.city import CityConnection, Conflict, IdentityMismatch, Invalid, NotFound, Refused, payment
from actions.conversation import signed
from actions.conversation.outcomes import Outcome, came_of
from actions.conversation.parts import EndPayment
from actions.conversation.person import person_known
from actions.conversation.speech import masked_name, yuan
from actions.conversation.steps import AskSlot, EndTask
from actions.conversation.task import picked
from actions.conversation.turn import Turn
from actions.ledger import Order
from actions.payments import settles
from actions.services.traffic.proof import AboutAPlate, NotShown, proof_of, slot_of_proof
from actions.services.traffic.wording import fine, fits_masked, late_fees, offer
from city_api.payments import Receipt
from city_api.traffic import Decision

REFUSALS = {
    "no_driving_licence": "utter_no_driving_licence",
    "not_the_drivers_vehicle": "utter_not_the_drivers_vehicle",
}
"""What is said where the traffic police will not take an acceptance from this person, by their code."""


class PayTrafficFine(AboutAPlate, intent="pay_traffic_fine"):
    """Pay a fine: of a plate's violation, accepted first by its driver where a camera saw it, or by a decision's number.

    Anybody may pay what has been decided, by its number; to choose from what a plate has, something must be proved. To
    accept an offence takes points off a licence and cannot be undone, so its driver says who they are, and the traffic
    police check licence and owner.
    """

    @classmethod
    def quoted(cls, turn: Turn) -> dict[str, Any] | None:
        """The fine of the decision: the violation that was chosen is only the way to it."""
        return (turn.slot("quote") or {}).get("fine")

    @classmethod
    def quote_anew(cls, turn: Turn, now: list[dict[str, Any]]) -> None:
        """The fine alone changes: what it grows by."""
        turn.set("quote", {**(turn.slot("quote") or {}), "fine": now[0]})

    @classmethod
    async def read_again(cls, turn: Turn, quote: dict[str, Any]) -> dict[str, Any] | None:
        """The fine as it stands today; None once the decision is paid."""
        parts = ("traffic", "decisions", quote["bill_reference"])
        decision = await cls.city(turn).get("decision", *parts, answer=Decision)
        return None if decision.status == "paid" else fine(decision)

    def next_slot(self, turn: Turn, required: list[str]) -> str | None:
        """Once the fine is decided only the yes is still needed, whoever pays."""
        violation = picked(turn, "violation_choice")
        if turn.slot("decision_number") is not None or (violation is not None and violation["decision_number"]):
            required = ["confirmation"]
        elif turn.slot("plate_number") is not None and "basis" not in (turn.slot("quote") or {}):
            return slot_of_proof(turn)
        return super().next_slot(turn, [slot for slot in required if slot != "engine_number"])

    def heard(self, turn: Turn) -> dict[str, Any]:
        """A plate that the decision read out is not of takes its place: else a yes would pay another car's fine."""
        found = super().heard(turn)
        shown, plate = (self.quoted(turn) or {}).get("plate"), found.get("plate_number")
        by_number = turn.slot("decision_number") is not None and "decision_number" not in found
        if by_number and shown and plate is not None and not fits_masked(plate, shown):
            found["decision_number"] = None
        return found

    def listen(self, turn: Turn) -> None:
        """What is known of the decision goes with it, and that it is left is said."""
        before, shown = turn.slot("decision_number"), (self.quoted(turn) or {}).get("plate")
        super().listen(turn)
        if before is not None and turn.slot("decision_number") is None and shown:
            turn.say("utter_decision_of_another_plate", asked_decision=before, plate_shown=shown)
            turn.forget(*self.yes_no, *self.choices, "quote")

    async def advance(self, turn: Turn) -> None:
        """From plate to violation, from violation to decision, from decision to the sentence that asks for a yes."""
        if turn.slot("decision_number") is not None:
            await self.quote_decision(turn, turn.slot("decision_number"))
            return
        if turn.slot("plate_number") is None:
            return
        if not await self.violations_at_hand(turn):
            return
        violation = picked(turn, "violation_choice")
        if violation is None:
            if turn.slot("violation_choice") is not None:
                turn.say("utter_no_such_choice")
                turn.forget("violation_choice")
            return
        await self.settle_offence(turn, violation)

    async def violations_at_hand(self, turn: Turn) -> bool:
        """Have the plate's open violations in the quote; False where there is nothing to go on with."""
        basis = [turn.city_code, turn.slot("plate_number")]
        quote = turn.slot("quote") or {}
        if quote.get("basis") == basis:
            return True
        turn.forget(*self.yes_no, *self.choices, "quote")
        if proof_of(turn) is None and not await self.something_owed(turn):
            return False
        try:
            answer = await self.particulars(turn, "open")
        except NotShown:
            return False
        if not answer.violations:
            turn.say("utter_no_fines", asked_plate=turn.slot("plate_number"))
            self.finish(turn, Outcome.NOTHING_OWED)
            return False
        offers = [offer(violation) for violation in answer.violations]
        turn.set("quote", {"basis": basis, "offers": offers, "key": str(uuid4())})
        if len(offers) == 1:
            turn.set("violation_choice", "1")
        return True

    async def something_owed(self, turn: Turn) -> bool:
        """Whether the plate owes anything: nobody need prove anything to be told that it does not."""
        answer = await self.counted(turn)
        if answer is None:
            return False
        if answer.count == 0:
            turn.say("utter_no_fines", asked_plate=turn.slot("plate_number"))
            self.finish(turn, Outcome.NOTHING_OWED)
            return False
        turn.set("quote", {"owed": {"count": answer.count, "total": yuan(answer.total), "late": late_fees(answer)}})
        return True

    async def settle_offence(self, turn: Turn, violation: dict[str, Any]) -> None:
        """A decided violation goes on to its fine; a camera's waits for its driver and their yes, then is confirmed."""
        number = violation["decision_number"]
        if number is None and violation["camera"] is False:
            turn.say("utter_not_a_camera_offence", line=violation["line"])
            self.finish(turn, Outcome.FAILED)
            return
        if number is None and turn.slot("offence_confirmation") is None:
            await person_known(turn)
            return
        if number is None and turn.slot("offence_confirmation") is False:
            turn.say("utter_offence_not_confirmed")
            self.finish(turn, Outcome.DECLINED)
            return
        if number is None and not signed.agreed(turn, type(self), "offence_confirmation"):
            turn.forget(*self.yes_no)
            signed.read_anew(turn, type(self))
            await self.advance(turn)
            return
        if number is None:
            number = await self.confirm(turn, violation)
            if number is None:
                return
            turn.set("accepted_decision", number)
            turn.set("offence_accepted", True)
            turn.say("utter_offence_confirmed", decision=number, points=violation["points"], driver=driver(turn))
        if turn.slot("offence_confirmation") is None:
            turn.set("offence_confirmation", True)
        await self.quote_decision(turn, number)

    async def confirm(self, turn: Turn, violation: dict[str, Any]) -> str | None:
        """Accept the offence for its driver at the traffic police, who may refuse; None where it was not accepted.

        One that was decided meanwhile is to be looked up anew.
        """
        key = turn.slot("quote")["key"]
        try:
            decision = await self.city(turn).write(
                "confirm_violation",
                *("traffic", "violations", violation["violation_id"], "confirmation"),
                answer=Decision,
                idempotency_key=f"confirm-{key}-{violation['violation_id']}",
                name=turn.slot("person_name"),
                id_number=turn.slot("id_number"),
            )
        except (IdentityMismatch, Invalid):
            turn.say("utter_identity_mismatch")
            turn.forget("person_name", "id_number", "offence_confirmation")
            # Another person is another request: under the old key the city would only give its old answer.
            turn.set("quote", {**turn.slot("quote"), "key": str(uuid4())})
            return None
        except Refused as error:
            if error.code not in REFUSALS:
                raise
            turn.say(REFUSALS[error.code], driver=driver(turn))
            self.finish(turn, Outcome.FAILED)
            return None
        except (Conflict, NotFound):
            turn.say("utter_offence_changed")
            turn.forget(*self.own_slots())
            self.finish(turn, Outcome.FAILED)
            return None
        offers = [dict(entry) for entry in turn.slot("quote")["offers"]]
        for entry in offers:
            if entry["violation_id"] == violation["violation_id"]:
                entry["decision_number"] = decision.decision_number
        turn.set("quote", {**turn.slot("quote"), "offers": offers})
        return decision.decision_number

    async def quote_decision(self, turn: Turn, decision_number: str) -> None:
        """Have the fine of the decision ready to be read out and paid."""
        quote = turn.slot("quote") or {}
        if (quote.get("fine") or {}).get("bill_reference") == decision_number:
            return
        turn.forget("confirmation")
        try:
            decision = await self.city(turn).get("decision", "traffic", "decisions", decision_number, answer=Decision)
        except NotFound:
            turn.say("utter_decision_not_found", asked_decision=decision_number)
            turn.forget("decision_number")
            return
        if decision.status == "paid":
            turn.say(
                "utter_decision_paid", asked_decision=decision_number, receipt_number=decision.receipt_number or "—"
            )
            self.finish(turn, Outcome.NOTHING_OWED)
            return
        turn.set("quote", {**quote, "fine": fine(decision)})


@settles("traffic_fine", refused=("decision_already_paid", "decision_not_found", "amount_mismatch"))
async def settle_fine(city: CityConnection, order: Order) -> Receipt:
    """Tell the traffic police that a fine has been paid."""
    return await city.write(
        "pay_decision",
        *("traffic", "decisions", order.bill_reference, "payments"),
        answer=Receipt,
        idempotency_key=order.trade_number,
        **payment(order.trade_number, order.amount),
    )


class EndFine(EndPayment, EndTask):
    """Pay the fine after a yes; a no to paying undoes no acceptance, and must not sound as if it did."""

    task = PayTrafficFine

    async def complete(self, turn: Turn) -> bool:
        """Hand out the cashier's link, or say that the decision stands unpaid, or that nothing was paid."""
        accepted, quote = turn.slot("accepted_decision"), PayTrafficFine.quoted(turn)
        is_accepted = quote is not None and quote["bill_reference"] == accepted
        if turn.slot("confirmation") is False and is_accepted:
            turn.say("utter_fine_left_unpaid", decision=accepted)
            came_of(turn, PayTrafficFine, Outcome.DECLINED)
            return True
        return await super().complete(turn)


class AskProof(AskSlot):
    """There is something to pay: ask for a proof before it is read out."""

    task = PayTrafficFine
    slot = "engine_number"

    async def ask(self, turn: Turn) -> None:
        """Say how much it is in all, where that has just been asked, and what proves that it may be told."""
        owed = (turn.slot("quote") or {}).get("owed")
        if owed is None:
            turn.say("utter_ask_proof", asked_plate=turn.slot("plate_number"))
        else:
            turn.say("utter_ask_proof_to_pay", asked_plate=turn.slot("plate_number"), **owed)


class AskDriver(AskSlot):
    """A camera saw it: ask who drove, because only they may accept it."""

    task = PayTrafficFine
    slot = "person_name"

    async def ask(self, turn: Turn) -> None:
        """Say what was seen, what accepting it brings, and whose car it must be."""
        violation = picked(turn, "violation_choice")
        if violation is not None:
            turn.say("utter_ask_driver", line=violation["line"], points=violation["points"])


class AskOffenceConfirmation(AskSlot):
    """A camera saw it: ask the driver to confirm it before a decision is made."""

    task = PayTrafficFine
    slot = "offence_confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say what was seen and what a yes brings: the fine, and how many points off whose licence."""
        violation = picked(turn, "violation_choice")
        if violation is not None:
            turn.say("utter_confirm_offence", line=violation["line"], points=violation["points"], driver=driver(turn))


def driver(turn: Turn) -> str:
    """Who is to accept the offence, as it is read back: 王*."""
    return masked_name(turn.slot("person_name"))
