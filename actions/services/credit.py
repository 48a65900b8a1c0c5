"""The city credit score: the score, its grade, and what moved it; only to the person it belongs to."""

from __future__ import annotations

from actions.city import CityConnection
from actions.conversation.look_up import PersonLookUp
from actions.conversation.speech import masked_name
from actions.conversation.turn import Turn
from city_api.credit import CreditScore


class QueryCreditScore(PersonLookUp, intent="query_credit_score"):
    """A person's credit score."""

    not_found = "utter_no_credit_record"

    async def ask(self, city: CityConnection, **person: str) -> CreditScore:
        """The score of a person."""
        return await city.search("credit_score", "credit", "score", answer=CreditScore, **person)

    def tell(self, turn: Turn, answer: CreditScore, name: str) -> None:
        """Score, grade, and what moved it."""
        turn.say(
            "utter_credit_score",
            person=masked_name(name),
            score=answer.score,
            grade=answer.grade,
            grade_name=answer.grade_name,
            as_of=answer.as_of.isoformat(),
            lines=factor_lines(answer),
        )


def factor_lines(answer: CreditScore) -> str:
    """What moved the score, a line each, with its sign."""
    return "\n".join(f"· {factor.name} {factor.effect:+d}：{factor.reason}" for factor in answer.factors)
