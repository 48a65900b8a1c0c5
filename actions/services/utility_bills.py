"""Water, electricity and gas bills: what is owed, and paying it."""

from __future__ import annotations

import re
from abc import abstractmethod
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from actions.city import CityConnection, NotFound, payment
from actions.conversation.cities import account_facts
from actions.conversation.doubt import is_doubted
from actions.conversation.outcomes import Outcome
from actions.conversation.owed import same_bill
from actions.conversation.speech import CITY_TIME, spoken_date, spoken_day, spoken_month, yuan
from actions.conversation.task import Task
from actions.conversation.turn import Turn, payload
from actions.ledger import Order
from actions.payments import settles
from city_api.payments import Receipt
from city_api.utility_bills import Bill, Bills
from manifests import places

BILL_NAMES = {"water": "水费", "electricity": "电费", "gas": "燃气费"}
MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
USAGE_NAMES = {"water": "用水", "electricity": "用电", "gas": "用气"}


class BillTask(Task):
    """What looking up and paying share: which bill, of which account."""

    wanted = "all"  # which bills the city is asked for

    def listen(self, turn: Turn) -> None:
        """Hear the bill and the account; an account belongs to its bill, so another bill brings its own."""
        before = turn.slot("bill_type")
        # Before the slots change: a doubted account is still in its slot, and what was noted is not used up.
        heard = self.heard(turn)
        told = "account_number" in heard
        if told and heard["account_number"] is None:
            forget_account(turn, turn.slot("account_number"))
        super().listen(turn)
        bill_type = turn.slot("bill_type")
        if bill_type != before and before is not None and not told:
            turn.forget("account_number")

    def heard(self, turn: Turn) -> dict[str, Any]:
        """A task that begins without naming a bill ("欠多少来着") means the one that was talked about last."""
        found = super().heard(turn)
        begins = turn.intent == self.intent and turn.requested is None
        if begins and not found and not turn.is_button and turn.slot("last_bill_type"):
            found["bill_type"] = turn.slot("last_bill_type")
        return found

    async def advance(self, turn: Turn) -> None:
        """Use the account that was used before for this bill, and look the bills up once both are known."""
        bill_type = turn.slot("bill_type")
        if bill_type not in BILL_NAMES:
            turn.forget("bill_type")
            return
        if turn.slot("bill_name") != BILL_NAMES[bill_type]:
            turn.set("bill_name", BILL_NAMES[bill_type])
            for slot, value in account_facts(places().city(turn.city_code), bill_type).items():
                turn.set(slot, value)
        known, place = turn.slot("known_accounts") or {}, f"{turn.city_code}/{bill_type}"
        if turn.slot("account_number") is None and place in known:
            turn.set("account_number", known[place])
        account_number = turn.slot("account_number")
        if account_number is None or self.is_quoted(turn):
            return
        self.forget_quote(turn)
        try:
            answer = await self.ask(turn)
        except NotFound:
            turn.say("utter_account_not_found", account_number=account_number)
            turn.forget("account_number")
            forget_account(turn, account_number)
            return
        turn.set("known_accounts", {**known, place: account_number})
        turn.set("last_bill_type", bill_type)
        self.looked_up(turn, answer)

    @classmethod
    async def ask(cls, turn: Turn) -> Bills:
        """The account's bills: those that the task wants."""
        parts = ("utilities", str(turn.slot("bill_type")), "accounts", str(turn.slot("account_number")), "bills")
        return await cls.city(turn).get("bills", *parts, answer=Bills, status=cls.wanted)

    def is_quoted(self, turn: Turn) -> bool:
        """Whether the quote at hand is of the city, bill and account that are asked for now."""
        quote = turn.slot("quote") or {}
        return bool(quote) and quote.get("basis") == self.basis(turn)

    @staticmethod
    def basis(turn: Turn) -> list[str]:
        """What a quote depends on: when one of it changes, the city is asked again."""
        return [turn.city_code, str(turn.slot("bill_type")), str(turn.slot("account_number"))]

    @abstractmethod
    def looked_up(self, turn: Turn, answer: Bills) -> None:
        """Go on with the city's answer."""


class QueryUtilityBill(BillTask, intent="query_utility_bill"):
    """What is owed for an account."""

    def looked_up(self, turn: Turn, answer: Bills) -> None:
        """Say what is owed, bill by bill, or that nothing is."""
        unpaid = [bill for bill in answer.bills if bill.status == "unpaid"]
        asked = [bill for bill in answer.bills if bill.period in months_asked(turn.text)]
        values = {"payee": answer.biller.name, "account_number": answer.account.account_number}
        if is_doubted(turn) and answer.bills:
            lines = "\n".join(f"{bill_line(turn, bill)}（{how_paid(bill)}）" for bill in (asked or answer.bills[:3]))
            turn.say("utter_bills_of_months", lines=lines, **values)
        elif asked:
            states = {"unpaid": "未缴", "paid": "已缴"}
            lines = "\n".join(f"{bill_line(turn, bill)}（{states[bill.status]}）" for bill in asked)
            turn.say("utter_bills_of_months", lines=lines, **values)
        elif unpaid:
            bill_type, account = str(turn.slot("bill_type")), answer.account.account_number
            turn.set(
                "follow_up",
                {"intent": "pay_utility_bill", "slots": {"bill_type": bill_type, "account_number": account}},
            )
            turn.offer(
                "utter_bills_owed",
                [("现在交", payload("pay_utility_bill", bill_type=bill_type, account_number=account))],
                lines="\n".join(bill_line(turn, bill) for bill in unpaid),
                total=yuan(sum((bill.amount for bill in unpaid), Decimal(0))),
                count=len(unpaid),
                **values,
            )
        elif answer.bills:
            turn.say("utter_nothing_owed_last_bill", line=bill_line(turn, answer.bills[0]), **values)
        else:
            turn.say("utter_nothing_owed", **values)
        self.finish(turn, Outcome.TOLD if asked or unpaid else Outcome.NOTHING_OWED)


class PayUtilityBill(BillTask, intent="pay_utility_bill"):
    """Pay one bill of an account, or several; a yes to the sentence with payee, account and amount comes first."""

    wanted = "unpaid"

    def looked_up(self, turn: Turn, answer: Bills) -> None:
        """Keep the unpaid bills, oldest first; with none there is nothing to pay."""
        values = {"payee": answer.biller.name, "account_number": answer.account.account_number}
        bills = sorted(answer.bills, key=lambda bill: bill.period)
        if not bills:
            turn.say("utter_nothing_owed", **values)
            self.finish(turn, Outcome.NOTHING_OWED)
            return
        said = turn.value("amount")
        if said is not None and Decimal(said) not in {bill.amount for bill in bills}:
            turn.say("utter_amount_as_billed", said=said)
        offers = [self.quote(turn, answer, bill) for bill in bills]
        turn.set("quote", {"basis": self.basis(turn), "offers": offers})

    @classmethod
    async def read_again(cls, turn: Turn, quote: dict[str, Any]) -> dict[str, Any] | None:
        """The same bill among the unpaid ones."""
        return (await cls.read_all_again(turn, [quote]))[0]

    @classmethod
    async def read_all_again(cls, turn: Turn, quotes: list[dict[str, Any]]) -> list[dict[str, Any] | None]:
        """The same bills among the unpaid ones."""
        answer = await cls.ask(turn)
        offers = [cls.quote(turn, answer, bill) for bill in answer.bills]
        return [same_bill(offers, quote) for quote in quotes]

    @classmethod
    def quote(cls, turn: Turn, answer: Bills, bill: Bill) -> dict[str, Any]:
        """What is read out and, after a yes, paid: exactly this."""
        subject = f"{spoken_month(bill.period)}{BILL_NAMES[str(turn.slot('bill_type'))]}"
        return {
            "title": f"交{subject}",
            "biller_code": answer.biller.code,
            "payee": answer.biller.name,
            "account": answer.account.account_number,
            "bill_reference": bill.bill_id,
            "amount": yuan(bill.amount),
            "subject": subject,
            "holder": answer.account.holder_name_masked,
            "address": answer.account.address_masked,
            "due": spoken_date(bill.due_on),
            "line": bill_line(turn, bill),
            "keys": [*month_words(bill.period), yuan(bill.amount)],
            "price": yuan(bill.amount),
            "time": bill.period,
        }

    async def advance(self, turn: Turn) -> None:
        """Look up, then settle which bill: the only one, or what was chosen."""
        await super().advance(turn)
        self.settle_choice(turn)


@settles("utility_bill", refused=("bill_already_paid", "bill_not_found", "amount_mismatch"))
async def settle_bill(city: CityConnection, order: Order) -> Receipt:
    """Tell the biller that a bill has been paid."""
    return await city.write(
        "pay_bill",
        *("utilities", "bills", order.bill_reference, "payments"),
        answer=Receipt,
        idempotency_key=order.trade_number,
        **payment(order.trade_number, order.amount),
    )


def bill_line(turn: Turn, bill: Bill) -> str:
    """One bill as residents read it: 2026年10月：用水 12.50 立方米，45.60 元."""
    usage = USAGE_NAMES[str(turn.slot("bill_type"))]
    return f"{spoken_month(bill.period)}：{usage} {bill.usage} {bill.unit}，{yuan(bill.amount)} 元"


def how_paid(bill: Bill) -> str:
    """Whether a bill is paid, since when and by which receipt: 已缴，11月20日 入账，收据号 R…."""
    if bill.status == "unpaid":
        return "还没有缴费记录"
    on = f"，{spoken_day(bill.paid_at.astimezone(CITY_TIME))}入账" if bill.paid_at else ""
    return f"已缴{on}" + (f"，收据号 {bill.receipt_number}" if bill.receipt_number else "")


def forget_account(turn: Turn, account_number: str | None) -> None:
    """No longer offer `account_number` for any bill: the city does not know it, or the resident says it is wrong."""
    known = turn.slot("known_accounts") or {}
    turn.set("known_accounts", {place: number for place, number in known.items() if number != account_number})


def month_words(period: str) -> list[str]:
    """How residents name a bill's month: 10月, 十月."""
    month = int(period[-2:])
    return [f"{month}月", f"{MONTHS[month - 1]}月"]


def months_asked(text: str, today: date | None = None) -> set[str]:
    """The months, as YYYY-MM, that a question about bills is about: 上个月, 10月, 最近半年, 今年.

    Args:
        text: what was said.
        today: the day it was said, in the city; now, where none is given.
    """
    now = today or datetime.now(CITY_TIME).date()
    back = [(now.year * 12 + now.month - 1 - months) for months in range(13)]
    periods = [f"{month // 12}-{month % 12 + 1:02d}" for month in back]
    if "上上个月" in text:
        return {periods[2]}
    if "上个月" in text or "上月" in text:
        return {periods[1]}
    if "半年" in text:
        return set(periods[:7])
    if re.search(r"明细|一年|12个月|每个月|历史", text):
        return set(periods)
    if "今年" in text:
        return {period for period in periods if period.startswith(str(now.year))}
    return {
        period for period in periods[:12] for word in month_words(period) if re.search(rf"(?<![0-9十]){word}", text)
    }
