"""Social insurance: months paid by kind, and the last payment; only to the person it belongs to."""

from __future__ import annotations

from actions.city import CityConnection
from actions.conversation.look_up import PersonLookUp
from actions.conversation.speech import masked_name, spoken_month, yuan
from actions.conversation.turn import Turn
from city_api.social_insurance import SocialInsurance

STATE_NAMES = {"paying": "正常缴费", "stopped": "已停缴"}
KIND_NAMES = {"pension": "养老", "medical": "医疗", "unemployment": "失业", "work_injury": "工伤", "maternity": "生育"}


class QuerySocialInsurance(PersonLookUp, intent="query_social_insurance"):
    """A person's record."""

    not_found = "utter_no_social_insurance"

    async def ask(self, city: CityConnection, **person: str) -> SocialInsurance:
        """The record of a person."""
        return await city.search("social_insurance", "social-insurance", "record", answer=SocialInsurance, **person)

    def tell(self, turn: Turn, answer: SocialInsurance, name: str) -> None:
        """Who pays, the months of each kind, and the last payment."""
        by_employer = answer.last_by_employer
        turn.say(
            "utter_social_insurance",
            person=masked_name(name),
            state=STATE_NAMES[answer.state],
            insured_by=f"参保单位{answer.employer}" if answer.employer else "灵活就业",
            as_of=answer.as_of.isoformat(),
            lines="\n".join(f"· {KIND_NAMES[kind]} {months} 个月" for kind, months in answer.months.items()),
            period=spoken_month(answer.last_period),
            own=yuan(answer.last_own),
            by_employer="" if by_employer is None else f"，单位 {yuan(by_employer)} 元",
        )
