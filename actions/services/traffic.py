"""Traffic: a plate's violations and the points left, confirming a camera offence, and paying a fine."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from actions import context
from actions.city.errors import Conflict, NotFound
from actions.conversation.checkout import pay_if_confirmed, yuan
from actions.conversation.errors import spoken_time
from actions.conversation.steps import AskSlot, EndTask, offer_numbered
from actions.conversation.task import Task, offers_of, picked
from actions.conversation.turn import Turn, payload
from city_api.traffic import Decision, Violation

STATUS_NAMES = {"unconfirmed": "未处理", "decided": "已处理、未缴款", "paid": "已缴款"}
MOST_VIOLATIONS_READ_OUT = 6


class QueryTrafficViolation(Task):
    """A plate's violations, and the points left on its driver's licence."""

    intent = "query_traffic_violation"
    service = "traffic"
    title = "查交通违法"
    hears = ("plate_number",)
    yes_no = ()
    keeps = ("plate_number",)

    async def advance(self, turn: Turn) -> None:
        """Look the plate up and read out what is found."""
        plate_number = turn.slot("plate_number")
        if plate_number is None:
            return
        try:
            answer = await context.current().city.violations(turn.city_code, plate_number, "all")
        except NotFound:
            turn.say("utter_vehicle_not_found", asked_plate=plate_number)
            turn.forget("plate_number")
            return
        open_ones = [violation for violation in answer.violations if violation.status != "paid"]
        points = {"points_left": answer.driver.points_left, "points_total": answer.driver.points_total}
        if open_ones:
            turn.set("follow_up", {"intent": "pay_traffic_fine", "slots": {"plate_number": plate_number}})
            unconfirmed = [violation for violation in open_ones if violation.status == "unconfirmed"]
            points_to_come = spoken_points(sum(violation.points for violation in unconfirmed))
            turn.offer(
                "utter_violations_found",
                [("处理并缴款", payload("pay_traffic_fine", plate_number=plate_number))],
                asked_plate=plate_number,
                count=len(open_ones),
                lines=violation_lines(open_ones),
                fines=yuan(sum((violation.fine for violation in open_ones), Decimal(0))),
                points=f"，未处理的处理后{points_to_come}" if unconfirmed else "",
                **points,
            )
        else:
            turn.say("utter_no_violations", asked_plate=plate_number, **points)
        self.finish(turn)


class PayTrafficFine(Task):
    """Pay a fine: of a plate's violation, confirmed first where a camera saw it, or by a decision's number."""

    intent = "pay_traffic_fine"
    service = "traffic"
    title = "交罚款"
    hears = ("plate_number", "decision_number")
    yes_no = ("offence_confirmation", "confirmation")
    choices = ("violation_choice",)
    yes_verbs = "交|缴|付|缴款|罚款|支付|付款|认罚|接受"
    keeps = ("plate_number",)

    def next_slot(self, turn: Turn, required: list[str]) -> str | None:
        """With a decision's number in hand only the yes is still needed."""
        if turn.slot("decision_number") is not None:
            required = ["confirmation"]
        return super().next_slot(turn, required)

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
        try:
            answer = await context.current().city.violations(turn.city_code, turn.slot("plate_number"), "open")
        except NotFound:
            turn.say("utter_vehicle_not_found", asked_plate=turn.slot("plate_number"))
            turn.forget("plate_number")
            return False
        if not answer.violations:
            turn.say("utter_no_fines", asked_plate=turn.slot("plate_number"))
            self.finish(turn)
            return False
        offers = [offer(violation) for violation in answer.violations]
        turn.set("quote", {"basis": basis, "offers": offers})
        if len(offers) == 1:
            turn.set("violation_choice", "1")
        return True

    async def settle_offence(self, turn: Turn, violation: dict[str, Any]) -> None:
        """A decided violation goes on to its fine; a camera's waits for the resident's yes, then is confirmed."""
        number = violation["decision_number"]
        if number is None and violation["camera"] is False:
            turn.say("utter_not_a_camera_offence", line=violation["line"])
            self.finish(turn)
            return
        if number is None and turn.slot("offence_confirmation") is None:
            return
        if number is None and turn.slot("offence_confirmation") is False:
            turn.say("utter_offence_not_confirmed")
            self.finish(turn)
            return
        if number is None:
            number = await self.confirm(turn, violation)
            if number is None:
                return
            turn.say("utter_offence_confirmed", decision=number, points=violation["points"])
        if turn.slot("offence_confirmation") is None:
            turn.set("offence_confirmation", True)
        await self.quote_decision(turn, number)

    async def confirm(self, turn: Turn, violation: dict[str, Any]) -> str | None:
        """Confirm the offence at the traffic police; one that was decided meanwhile is looked up anew."""
        try:
            decision = await context.current().city.confirm_violation(
                turn.city_code, violation["violation_id"], idempotency_key=f"confirm-{violation['violation_id']}"
            )
        except (Conflict, NotFound):
            turn.say("utter_offence_changed")
            turn.forget(*self.own_slots())
            self.finish(turn)
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
            decision = await context.current().city.decision(turn.city_code, decision_number)
        except NotFound:
            turn.say("utter_decision_not_found", asked_decision=decision_number)
            turn.forget("decision_number")
            return
        if decision.status == "paid":
            turn.say(
                "utter_decision_paid", asked_decision=decision_number, receipt_number=decision.receipt_number or "—"
            )
            self.finish(turn)
            return
        turn.set("quote", {**quote, "fine": fine(decision)})


class EndLookUp(EndTask):
    """The violations have been read out; the plate stays known for this conversation."""

    task = QueryTrafficViolation

    async def complete(self, turn: Turn) -> bool:
        """Nothing is left to do."""
        return True


def offer(violation: Violation) -> dict[str, Any]:
    """What the form keeps of a violation until one is chosen."""
    return {
        "violation_id": violation.violation_id,
        "decision_number": violation.decision_number,
        "camera": violation.camera,
        "points": spoken_points(violation.points),
        "line": violation_line(violation),
        "keys": [violation.place, violation.behaviour, f"{yuan(violation.fine)}", f"{violation.fine.normalize():f}块"],
        "price": yuan(violation.fine),
        "time": violation.occurred_at.isoformat(),
    }


def fine(decision: Decision) -> dict[str, Any]:
    """What is read out of a decision and, after a yes, paid: exactly this."""
    late = f"（含加处罚款 {yuan(decision.late_fee)} 元）" if decision.late_fee else ""
    return {
        "kind": "traffic_fine",
        "biller_code": "traffic-police",
        "payee": decision.payee,
        "account": decision.decision_number,
        "bill_reference": decision.decision_number,
        "amount": yuan(decision.total),
        "subject": "交通罚款",
        "line": f"{decision.plate_number_masked}，{decision.behaviour}{late}",
    }


class AskViolationChoice(AskSlot):
    """Several violations are open: ask which one."""

    task = PayTrafficFine
    slot = "violation_choice"

    async def ask(self, turn: Turn) -> None:
        """Read the open violations out, a button each."""
        lines = [entry["line"] for entry in offers_of(turn)]
        titles = [f"第{number}条" for number in range(1, len(lines) + 1)]
        offer_numbered(turn, "utter_ask_violation_choice", titles, lines)


class AskOffenceConfirmation(AskSlot):
    """A camera saw it: ask the driver to confirm it before a decision is made."""

    task = PayTrafficFine
    slot = "offence_confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say what was seen and what a yes brings: fine and points."""
        violation = picked(turn, "violation_choice")
        if violation is not None:
            turn.say("utter_confirm_offence", line=violation["line"], points=violation["points"])


class AskConfirmation(AskSlot):
    """Read out payee, decision and amount, and ask for a yes."""

    task = PayTrafficFine
    slot = "confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say the very sentence that a yes will be a yes to."""
        quote = (turn.slot("quote") or {}).get("fine")
        if quote is not None:
            turn.say("utter_confirm_fine", **quote)


class EndPayment(EndTask):
    """Pay the fine that was said yes to, and nothing else."""

    task = PayTrafficFine

    async def complete(self, turn: Turn) -> bool:
        """Hand out the cashier's link after a yes; after a no, say that nothing was paid."""
        await pay_if_confirmed(turn, (turn.slot("quote") or {}).get("fine"))
        return True


def violation_lines(violations: list[Violation]) -> str:
    """Violations as residents read them, numbered, the latest first, at most six."""
    shown = violations[:MOST_VIOLATIONS_READ_OUT]
    lines = [f"{number}. {violation_line(violation)}" for number, violation in enumerate(shown, start=1)]
    if len(violations) > len(shown):
        lines.append(f"……另有 {len(violations) - len(shown)} 条")
    return "\n".join(lines)


def violation_line(violation: Violation) -> str:
    """One violation: time, place, behaviour, fine, points, and whether it is handled."""
    return (
        f"{spoken_time(violation.occurred_at)} {violation.place}，{violation.behaviour}，"
        f"罚款 {yuan(violation.fine)} 元，{spoken_points(violation.points)}（{STATUS_NAMES[violation.status]}）"
    )


def spoken_points(points: int) -> str:
    """Points as residents read them: 记 6 分, or 不记分."""
    return f"记 {points} 分" if points else "不记分"
