"""The city credit score: the score, its grade, and what moved it; only to the person it belongs to."""

from __future__ import annotations

from actions.city.errors import IdentityMismatch, NotFound
from actions.conversation.task import Task
from actions.conversation.turn import Turn
from city_api.credit import CreditScore


class QueryCreditScore(Task, intent="query_credit_score"):
    """A person's credit score; name and ID number must belong together, so that nobody sees a stranger's."""

    async def advance(self, turn: Turn) -> None:
        """Once the person is known, read the score out."""
        name, id_number = turn.slot("person_name"), turn.slot("id_number")
        if name is None or id_number is None:
            return
        try:
            answer = await self.city(turn).search(
                "credit_score", "credit", "score", answer=CreditScore, name=name, id_number=id_number
            )
        except IdentityMismatch:
            turn.say("utter_identity_mismatch")
            turn.forget("person_name", "id_number")
            return
        except NotFound:
            turn.say("utter_no_credit_record")
            self.finish(turn)
            return
        turn.say(
            "utter_credit_score",
            person=masked_name(name),
            score=answer.score,
            grade=answer.grade,
            grade_name=answer.grade_name,
            as_of=answer.as_of.isoformat(),
            lines=factor_lines(answer),
        )
        self.finish(turn)


def masked_name(name: str) -> str:
    """A name with its given part hidden: 王*, 欧阳*."""
    return f"{name[0]}{'*' * (len(name) - 1)}"


def factor_lines(answer: CreditScore) -> str:
    """What moved the score, a line each, with its sign."""
    return "\n".join(f"· {factor.name} {factor.effect:+d}：{factor.reason}" for factor in answer.factors)
