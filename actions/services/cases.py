"""Cases (诉求): report a trouble to the city, see how far it is, add to it, withdraw it."""

from __future__ import annotations

import asyncio
import re
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.city import CityConnection, Conflict, NotFound
from actions.conversation.outcomes import Outcome, came_of
from actions.conversation.speech import CITY_TIME, spoken_day, spoken_time, yuan
from actions.conversation.steps import AskSlot, EndTask
from actions.conversation.task import Task, task_for_intent
from actions.conversation.turn import Turn, payload
from actions.conversation.yes import is_plain_yes
from actions.logs import mask
from city_api.cases import Case, CaseKind, CaseKinds

log = structlog.get_logger(__name__)

KINDS_KEPT_SECONDS = 600.0
OTHER = "other"
NO_CONTACT = "none"
ABOUT_MONEY = frozenset({"paid_twice", "wrong_account", "not_posted", "refund"})
"""Kinds for which the payments of the conversation are named to the city."""

TELLS_ENOUGH = 12
"""Characters of a message that starts a case, from which on it says what has happened and is not only 我要投诉."""

TELLS_ENOUGH_OF_A_KIND = 8
"""The same, once it has been asked what the case is about."""

MOST_WORDS = 500
MOST_TOLD = 3
LEAVES = frozenset({"handoff_human", "no_person", "help", "deny", "goodbye", "thanks", "greet", "restart"})
"""Intents that are no answer to what has happened, however they are worded. Danger in it is answered, and noted too."""

_DECLINES = re.compile(r"不留|不用|不要|不想|不方便|没有|不给|不必|免了|^(?:不|/deny)")
"""No number is wanted; 算了 and 不投诉了 are no word about the number."""

TELLS_ENOUGH_MORE = 6
"""Characters after the pause, from which on a message that asks to add tells what."""

_AFTER_A_PAUSE = re.compile(r"^[^,，:：。;； ]{2,14}[,，:：。;； ]+(.+)$", re.S)
_ASKS = re.compile(r"[?？]|吗|怎么|如何|能不能|可以不|行不行|编号")

SURE = 0.8
"""From this confidence on a message that starts another service's task is that, and not what has happened."""

HAND_OVER_STATES = {"waiting": "还在等工作人员接", "taken": "工作人员已经接手", "closed": "已经办结"}
STATES = {"accepted": "已受理", "processing": "办理中", "answered": "已答复", "withdrawn": "已撤回"}


class CaseTask(Task):
    """What the tasks share: words of the resident's own, and the cases that were reported here."""

    words_slot = ""
    """The slot that is filled with what the resident says, whatever that is about."""

    def heard(self, turn: Turn) -> dict[str, Any]:
        """While the words are asked for, the message is they; a number in them is none of our questions' answers."""
        if self.asked_for_words(turn):
            return {self.words_slot: in_their_words(turn.text)}
        return super().heard(turn)

    def concerns(self, turn: Turn) -> bool:
        """While the words are asked for, whatever is said is for this task, but for asking for a person, help, or to stop."""
        return self.asked_for_words(turn) or super().concerns(turn)

    def asked_for_words(self, turn: Turn) -> bool:
        """Whether the message is the answer to the question for the resident's own words."""
        if not self.words_slot or turn.requested != self.words_slot or turn.is_button or turn.intent in LEAVES:
            return False
        if is_plain_yes(turn):
            return False  # 对, 好的 tell nothing
        other = task_for_intent(turn.intent)
        sure = float((turn.tracker.latest_message.get("intent") or {}).get("confidence") or 0) >= SURE
        return other is None or other.service == self.service or not sure

    async def case(self, turn: Turn) -> Case | None:
        """The case whose number is known, or the only one reported here; None where it must be asked for, or is not found."""
        number = turn.slot("case_number")
        if number is None:
            reported = turn.slot("my_cases") or []
            if not reported:
                return None
            number = reported[-1]
            turn.set("case_number", number)
        try:
            return await find(self.city(turn), number)
        except NotFound:
            turn.say("utter_case_not_found", asked=number)
            turn.forget("case_number")
            return None


class ReportProblem(CaseTask, intent="report_problem"):
    """Report a trouble: its kind, what has happened, how to be reached, then a yes to what is sent."""

    words_slot = "problem"
    private = (*Task.private, "problem", "contact")

    def heard(self, turn: Turn) -> dict[str, Any]:
        """A message that starts the case and says enough is what has happened; a telephone number is how to be reached."""
        found = super().heard(turn)
        starts = turn.intent == self.intent and not turn.is_button and turn.requested != self.words_slot
        enough = TELLS_ENOUGH_OF_A_KIND if turn.requested == "case_kind" else TELLS_ENOUGH
        if starts and turn.slot("problem") is None and len("".join(turn.text.split())) >= enough:
            found["problem"] = in_their_words(turn.text)
        if "phone" in found:
            found["contact"] = found.pop("phone")
        if turn.requested == "contact" and "contact" not in found and _DECLINES.search(turn.text):
            found["contact"] = NO_CONTACT
        if "problem" in found and turn.slot("case_kind") is None and "case_kind" not in found:
            found |= turn.told(("case_kind",))
        return found

    async def advance(self, turn: Turn) -> None:
        """See that the city takes this kind; with kind, words and contact known, make what is read out before the yes."""
        if turn.slot("case_kind") is None:
            return
        known = {kind.code: kind for kind in await kinds(self.city(turn))}
        if turn.slot("case_kind") not in known:
            turn.set("case_kind", OTHER if OTHER in known else None)
        if turn.slot("contact") is None and turn.slot("phone") is not None:
            turn.set("contact", turn.slot("phone"))
        if any(turn.slot(slot) is None for slot in ("case_kind", "problem", "contact")):
            return
        kind = known[turn.slot("case_kind")]
        basis = [turn.city_code, kind.code, turn.slot("problem"), turn.slot("contact")]
        if (turn.slot("quote") or {}).get("basis") == basis:
            return
        turn.forget("confirmation")
        orders = (
            await context.current().payments.recent_orders(turn.conversation_id) if kind.code in ABOUT_MONEY else []
        )
        turn.set(
            "quote",
            {
                "basis": basis,
                "key": str(uuid4()),
                "title": kind.title,
                "working_days": kind.working_days,
                "trades": [order.trade_number for order in orders],
                "orders": [f"{order.subject} {yuan(order.amount)} 元" for order in orders],
            },
        )


class QueryReportStatus(CaseTask, intent="query_report_status"):
    """How far a case is: the one whose number is told, or those reported in this conversation."""

    async def advance(self, turn: Turn) -> None:
        """Read the cases out, the latest first; with none known, the number is asked for."""
        said = turn.slot("case_number")
        numbers = [said] if said else (turn.slot("my_cases") or [])[::-1][:MOST_TOLD]
        found = []
        for number in numbers:
            try:
                found.append(await find(self.city(turn), number))
            except NotFound:
                if said:
                    turn.say("utter_case_not_found", asked=number)
                    turn.forget("case_number")
        waiting = [] if said else await self.hand_overs(turn)
        if waiting:
            turn.say("utter_hand_overs", lines="\n".join(waiting))
        if not found:
            if waiting:
                self.finish(turn)
            return
        open_ones = [case for case in found if case.state in ("accepted", "processing")]
        more = (
            [(title, payload(intent, case_number=open_ones[0].case_number)) for title, intent in FURTHER]
            if open_ones
            else []
        )
        turn.offer("utter_case_status", more, lines="\n".join(case_line(case) for case in found))
        self.finish(turn)

    @staticmethod
    async def hand_overs(turn: Turn) -> list[str]:
        """A line for each time a person was asked for in this conversation, the latest first; cases have their own."""
        try:
            found = await asyncio.to_thread(context.current().ledger.hand_overs, turn.conversation_id)
        except SQLAlchemyError:
            log.exception("hand_overs_not_read")
            return []
        asked = [one for one in found if "case_number" not in one.conversation]
        return [
            f"{spoken_time(one.created_at)} 转的人工，登记号 {one.number}：{HAND_OVER_STATES[one.state]}。"
            for one in asked[:MOST_TOLD]
        ]


FURTHER = (("补充", "add_to_report"), ("撤回", "withdraw_report"))


class AddToReport(CaseTask, intent="add_to_report"):
    """Add to a case that was reported before."""

    words_slot = "addition"
    private = (*Task.private, "addition")

    def heard(self, turn: Turn) -> dict[str, Any]:
        """What a message that asks to add tells after a pause is what is added: 补充一下，昨天又吵到三点."""
        found = super().heard(turn)
        told = _AFTER_A_PAUSE.search(turn.text)
        starts = turn.intent == self.intent and not turn.is_button and turn.requested != self.words_slot
        if starts and told and turn.slot("addition") is None and not _ASKS.search(turn.text):
            words = in_their_words(told.group(1))
            if len(re.findall(r"[\u4e00-\u9fa5]", words)) >= TELLS_ENOUGH_MORE:
                found["addition"] = words
        return found

    async def advance(self, turn: Turn) -> None:
        """With case and words known, send them."""
        case = await self.case(turn)
        if case is None or turn.slot("addition") is None:
            return
        words, number = turn.slot("addition"), case.case_number
        # The same words to the same case are the same addition, however often the turn is run.
        key = f"add-{number}-{turn.conversation_id}-{len(case.history)}"
        try:
            await self.city(turn).write(
                "add_to_case", "cases", number, "additions", answer=Case, idempotency_key=key, words=words
            )
        except Conflict:
            turn.say("utter_case_over", case_number=number)
            self.finish(turn, Outcome.FAILED)
            return
        turn.say("utter_addition_taken", case_number=number)
        self.finish(turn)


class WithdrawReport(CaseTask, intent="withdraw_report"):
    """Take a case back, after a yes."""

    async def advance(self, turn: Turn) -> None:
        """Find the case; one that is over cannot be withdrawn."""
        if (turn.slot("quote") or {}).get("basis") == [turn.city_code, turn.slot("case_number")]:
            return
        turn.forget("confirmation", "quote")
        case = await self.case(turn)
        if case is None:
            return
        if case.state in ("answered", "withdrawn"):
            turn.say("utter_case_over", case_number=case.case_number)
            self.finish(turn, Outcome.FAILED)
            return
        turn.set("quote", {"basis": [turn.city_code, case.case_number], "title": case.title})


class AskCaseKind(AskSlot):
    """Ask for the kind, those that the city takes as buttons."""

    task = ReportProblem
    slot = "case_kind"

    async def ask(self, turn: Turn) -> None:
        """Offer the city's kinds."""
        known = await kinds(self.task.city(turn))
        if turn.slot("problem") not in (None, turn.slots_before().get("problem")):
            turn.say("utter_problem_noted", words=turn.slot("problem"))
        turn.offer("utter_ask_case_kind", [(kind.title, payload("inform", case_kind=kind.code)) for kind in known])


class AskToReport(AskSlot):
    """Read out what will be sent, and ask for a yes."""

    task = ReportProblem
    slot = "confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say what the city will get to read."""
        quote, contact = turn.slot("quote") or {}, turn.slot("contact")
        orders = "；".join(quote.get("orders") or [])
        turn.say(
            "utter_confirm_report",
            case_title=quote.get("title"),
            words=turn.slot("problem"),
            orders_line=f"一并附上这里的付款：{orders}\n" if orders else "",
            contact_shown="不留" if contact == NO_CONTACT else f"{contact[:3]}****{contact[-4:]}",
            working_days=quote.get("working_days"),
        )


class AskToWithdraw(AskSlot):
    """Name the case, and ask for a yes to take it back."""

    task = WithdrawReport
    slot = "confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say which."""
        quote = turn.slot("quote") or {}
        turn.say("utter_confirm_withdrawal", case_number=turn.slot("case_number"), case_title=quote.get("title"))


class EndReport(EndTask):
    """Send what was said yes to."""

    task = ReportProblem

    async def complete(self, turn: Turn) -> bool:
        """Send it once, remember its number, and put it on the staff's list too."""
        quote, answer = turn.slot("quote"), turn.slot("confirmation")
        if answer is False:
            turn.say("utter_report_declined")
        if answer is not True or not quote:
            return True
        contact = turn.slot("contact")
        case = await self.task.city(turn).write(
            "report_case",
            "cases",
            answer=Case,
            idempotency_key=f"case-{quote['key']}",
            kind=turn.slot("case_kind"),
            words=turn.slot("problem"),
            contact=None if contact == NO_CONTACT else contact,
            trades=quote["trades"],
        )
        await on_the_list(turn, case, contact, quote["trades"])
        turn.set("my_cases", [*(turn.slot("my_cases") or []), case.case_number])
        turn.say("utter_report_taken", case_number=case.case_number, promised=spoken_day(case.promised_on))
        came_of(turn, self.task, Outcome.REPORTED)
        return True


class EndWithdrawal(EndTask):
    """Take back what was said yes to."""

    task = WithdrawReport

    async def complete(self, turn: Turn) -> bool:
        """Withdraw the case, or say that it is over."""
        number, answer = turn.slot("case_number"), turn.slot("confirmation")
        if answer is False:
            turn.say("utter_withdrawal_declined")
        if answer is not True or number is None:
            return True
        try:
            await self.task.city(turn).write(
                "withdraw_case", "cases", number, "withdrawal", answer=Case, idempotency_key=f"withdraw-{number}"
            )
        except (Conflict, NotFound):
            turn.say("utter_case_over", case_number=number)
            came_of(turn, self.task, Outcome.FAILED)
        else:
            turn.say("utter_withdrawn", case_number=number)
            came_of(turn, self.task, Outcome.CANCELLED)
        return True


async def kinds(city: CityConnection) -> list[CaseKind]:
    """The kinds of case that the city takes; the list is kept for some minutes."""
    answer = await city.get("case_kinds", "cases", "kinds", answer=CaseKinds, keep_seconds=KINDS_KEPT_SECONDS)
    return answer.kinds


async def find(city: CityConnection, number: str) -> Case:
    """A case by its number.

    Raises:
        NotFound: the city has none such.
    """
    return await city.get("case", "cases", number, answer=Case)


async def on_the_list(turn: Turn, case: Case, contact: str, trades: list[str]) -> None:
    """Have the case among what waits for the staff; the city has it already, so a ledger that is down stops nothing."""
    record = {
        "case_number": case.case_number,
        "kind": case.kind,
        "words": turn.slot("problem"),
        "contact": contact,
        "trades": trades,
        "promised_on": case.promised_on.isoformat(),
    }
    ledger = context.current().ledger
    try:
        await asyncio.to_thread(ledger.open_hand_over, turn.conversation_id, turn.city_code, record)
    except SQLAlchemyError:
        log.exception("case_not_on_the_list")


def in_their_words(text: str) -> str:
    """What has happened as the resident put it, without numbers that belong to a person.

    Args:
        text: the message.
    """
    return mask(text.strip())[:MOST_WORDS]


def case_line(case: Case) -> str:
    """A case as residents read it."""
    line = f"编号 {case.case_number}（{case.title}，{spoken_day(case.opened_at.astimezone(CITY_TIME))} 提交）：{STATES[case.state]}"
    if case.answer:
        return f"{line}。{case.answer}。"
    return f"{line}，{spoken_day(case.promised_on)} 前答复。" if case.state != "withdrawn" else f"{line}。"
