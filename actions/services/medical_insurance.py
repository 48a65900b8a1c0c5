"""Medical insurance: the account's balance and the last settlements; only to the person it belongs to."""

from __future__ import annotations

from actions.city import CityConnection
from actions.conversation.person import PersonLookUp
from actions.conversation.speech import masked_name, yuan
from actions.conversation.turn import Turn
from city_api.medical_insurance import MedicalInsurance, Settlement

KIND_NAMES = {"employee": "职工医保", "resident": "居民医保"}
STATE_NAMES = {"active": "正常参保", "suspended": "待遇暂停"}


class QueryMedicalInsurance(PersonLookUp, intent="query_medical_insurance"):
    """A person's insurance."""

    not_found = "utter_medical_insurance_not_found"

    async def ask(self, city: CityConnection, **person: str) -> MedicalInsurance:
        """The insurance of a person."""
        return await city.search("medical_insurance", "medical-insurance", "account", answer=MedicalInsurance, **person)

    def tell(self, turn: Turn, answer: MedicalInsurance, name: str) -> None:
        """Kind, state, balance where there is an account, and the settlements."""
        balance, lines = answer.balance, "\n".join(map(settlement_line, answer.settlements))
        turn.say(
            "utter_medical_insurance",
            person=masked_name(name),
            kind=KIND_NAMES[answer.kind],
            state=STATE_NAMES[answer.state],
            balance="没有个人账户" if balance is None else f"个人账户余额 {yuan(balance)} 元",
            as_of=answer.as_of.isoformat(),
            settlements=f"最近结算：\n{lines}" if lines else "最近没有结算记录。",
        )


def settlement_line(one: Settlement) -> str:
    """A settlement: when, where, and who paid how much."""
    own = one.total - one.by_fund - one.by_account
    parts = (("医保基金付", one.by_fund), ("个人账户付", one.by_account), ("自己付", own))
    paid = "，".join(f"{who} {yuan(amount)} 元" for who, amount in parts if amount)
    return f"· {one.settled_on.isoformat()} {one.place}，共 {yuan(one.total)} 元：{paid}"
