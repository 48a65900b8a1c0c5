"""Looking up a plate: how much is owed, told to everybody, and where and when it was, after a proof."""

from __future__ import annotations

from actions.conversation.outcomes import Outcome
from actions.conversation.speech import yuan
from actions.conversation.turn import Turn, payload
from actions.services.traffic.proof import AboutAPlate, NotShown, has_pass, slot_of_proof
from actions.services.traffic.wording import late_fees, points_to_come, violation_lines
from city_api.traffic import OpenViolations, Violations

PROOF = ("engine_number", "person_name", "id_number")


class QueryTrafficViolation(AboutAPlate, intent="query_traffic_violation"):
    """How many violations a plate has open and what is owed for them; all of them where something is proved already."""

    async def advance(self, turn: Turn) -> None:
        """Look the plate up and tell what may be told."""
        if turn.slot("plate_number") is None:
            return
        told = turn.told(PROOF)
        try:
            tell(turn, self, await self.particulars(turn, "all", quietly=not told))
            return
        except NotShown:
            pass
        if turn.slot("plate_number") is None or turn.slot("task_finished"):
            return
        answer = await self.counted(turn)
        if answer is not None:
            self.tell_sum(turn, answer)

    def tell_sum(self, turn: Turn, answer: OpenViolations) -> None:
        """Tell how many and how much, and how to see more."""
        plate = turn.slot("plate_number")
        if answer.count == 0:
            turn.say("utter_no_open_violations", asked_plate=plate)
            self.finish(turn, Outcome.NOTHING_OWED)
            return
        details = {"intent": "query_violation_details", "slots": {"plate_number": plate}}
        turn.set("follow_up", {**details, "awaits": list(PROOF)})
        turn.offer(
            "utter_violations_counted",
            [("看时间地点", payload("query_violation_details", plate_number=plate))],
            asked_plate=plate,
            count=answer.count,
            total=yuan(answer.total),
            late=late_fees(answer),
        )
        self.finish(turn)


class QueryViolationDetails(AboutAPlate, intent="query_violation_details"):
    """Where and when a plate's violations were, and the points left on its owner's licence, after a proof."""

    def next_slot(self, turn: Turn, required: list[str]) -> str | None:
        """After the plate a proof is needed, unless there is one."""
        if turn.slot("plate_number") is None:
            return "plate_number"
        return None if has_pass(turn) else slot_of_proof(turn)

    async def advance(self, turn: Turn) -> None:
        """Tell everything, once it is proved."""
        if turn.slot("plate_number") is None:
            return
        try:
            answer = await self.particulars(turn, "all")
        except NotShown:
            return
        tell(turn, self, answer)


def tell(turn: Turn, task: AboutAPlate, answer: Violations) -> None:
    """Read out the open violations and the points left, and end the task."""
    plate = turn.slot("plate_number")
    open_ones = [violation for violation in answer.violations if violation.status != "paid"]
    points = {"points_left": answer.driver.points_left, "points_total": answer.driver.points_total}
    if not open_ones:
        turn.say("utter_no_violations", asked_plate=plate, **points)
        task.finish(turn, Outcome.NOTHING_OWED)
        return
    turn.set("follow_up", {"intent": "pay_traffic_fine", "slots": {"plate_number": plate}})
    turn.offer(
        "utter_violations_found",
        [("处理并缴款", payload("pay_traffic_fine", plate_number=plate))],
        asked_plate=plate,
        count=len(open_ones),
        lines=violation_lines(open_ones),
        total=yuan(answer.owed.total),
        late=late_fees(answer.owed),
        points=points_to_come(open_ones),
        **points,
    )
    task.finish(turn)
