"""Heating: what a household owes for its seasons, and paying one."""

from __future__ import annotations

from typing import Any

from actions.conversation.cities import account_facts
from actions.conversation.owed import Owed, PayOwed, QueryOwed
from actions.conversation.speech import spoken_date, yuan
from actions.conversation.turn import Turn
from actions.payments import settled_at
from city_api.heating import HeatingBill, HeatingBills
from manifests import places


class HeatingTask(Owed):
    """What a household owes for heating."""

    not_found = "utter_heating_account_not_found"
    nothing_owed = "utter_no_heating_bills"

    async def found(self, turn: Turn) -> list[dict[str, Any]] | None:
        """Have the account number asked for as that of heating: of this bill, in this city's form."""
        facts = {"bill_name": "取暖费", **account_facts(places().city(turn.city_code), "heating")}
        for slot, value in facts.items():
            if turn.slot(slot) != value:
                turn.set(slot, value)
        return await super().found(turn)

    async def ask(self, turn: Turn) -> HeatingBills:
        """The unpaid bills of the account."""
        parts = ("heating", "accounts", turn.slot("account_number"), "bills")
        return await self.city(turn).get("heating_bills", *parts, answer=HeatingBills)

    def offers(self, turn: Turn, answer: HeatingBills) -> list[dict[str, Any]]:
        """Each season, as it is read out and paid."""
        return [
            {
                "title": f"交{spoken_season(bill)}的",
                "biller_code": answer.biller_code,
                "payee": answer.payee,
                "account": answer.account_number,
                "bill_reference": bill.bill_id,
                "amount": yuan(bill.amount),
                "subject": f"{spoken_season(bill)}取暖费",
                "holder": answer.holder_name_masked,
                "address": answer.address_masked,
                "due": spoken_date(bill.due_on),
                "line": f"{spoken_season(bill)}：{priced(answer, bill)}，共 {yuan(bill.amount)} 元，{spoken_date(bill.due_on)}截止",
                "detail": priced(answer, bill),
                "keys": [f"{bill.begins_in}年", f"{bill.begins_in}-", yuan(bill.amount)],
                "price": yuan(bill.amount),
                "time": bill.due_on.isoformat(),
            }
            for bill in answer.bills
        ]


class QueryHeatingBill(HeatingTask, QueryOwed, intent="query_heating_bill"):
    """What is owed."""

    owed = "utter_heating_bills_owed"
    paid_by = "pay_heating_bill"


class PayHeatingBill(HeatingTask, PayOwed, intent="pay_heating_bill"):
    """Pay one season."""


settled_at(
    "heating_bill",
    "heating",
    "bills",
    refused=("heating_bill_already_paid", "heating_bill_not_found", "amount_mismatch"),
)


def spoken_season(bill: HeatingBill) -> str:
    """A season as residents read it: 2026—2027 采暖季."""
    return f"{bill.begins_in}—{bill.begins_in + 1} 采暖季"


def priced(answer: HeatingBills, bill: HeatingBill) -> str:
    """How the amount comes about: 面积 92.35 平方米，每平方米 26.70 元."""
    return f"面积 {answer.area} 平方米，每平方米 {yuan(bill.price)} 元"
