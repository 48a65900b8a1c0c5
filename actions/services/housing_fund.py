"""The housing fund: balance, last deposits and loan; only to the person it belongs to."""

from __future__ import annotations

from actions.city import CityConnection
from actions.conversation.look_up import PersonLookUp
from actions.conversation.speech import masked_name, spoken_month, yuan
from actions.conversation.turn import Turn
from city_api.housing_fund import HousingFund, Loan

STATE_NAMES = {"active": "正常缴存", "sealed": "已封存"}


class QueryHousingFund(PersonLookUp, intent="query_housing_fund"):
    """A person's account."""

    not_found = "utter_no_housing_fund_account"

    async def ask(self, city: CityConnection, **person: str) -> HousingFund:
        """The account of a person."""
        return await city.search("housing_fund", "housing-fund", "account", answer=HousingFund, **person)

    def tell(self, turn: Turn, answer: HousingFund, name: str) -> None:
        """Balance, deposits, and the loan where there is one."""
        turn.say(
            "utter_housing_fund",
            person=masked_name(name),
            state=STATE_NAMES[answer.state],
            as_of=answer.as_of.isoformat(),
            balance=yuan(answer.balance),
            monthly=yuan(answer.monthly),
            employer=answer.employer,
            lines="\n".join(f"· {spoken_month(one.period)} {yuan(one.amount)} 元" for one in answer.deposits),
            loan=loan_line(answer.loan),
        )


def loan_line(loan: Loan | None) -> str:
    """A loan on a line of its own; nothing where there is none."""
    if loan is None:
        return ""
    due = loan.next_due_on.isoformat()
    return f"\n公积金贷款余额 {yuan(loan.balance)} 元，月还款 {yuan(loan.monthly)} 元，下次 {due} 还。"
