"""The handler of the credit score, against a scripted city."""

import pytest

from actions.city.errors import IdentityMismatch, NotFound, Unavailable
from actions.conversation.speech import masked_name
from actions.services.credit import QueryCreditScore
from city_api.credit import CreditScore
from tests.actions.conversation.trackers import heard, said, slots_set
from tests.actions.services.scripted import run

WHO = (("person_name", "王小明"), ("id_number", "330102199003071230"))


def asks(*entities):
    """A message that starts the look-up."""
    return heard("query_credit_score", "信用分", *entities, after=["action_leave_task"])


async def test_a_name_without_an_id_number_asks_for_it():
    events, _, _ = await run(QueryCreditScore, asks(WHO[0]), credit_score=Unavailable())
    assert slots_set(events)["requested_slot"] == "id_number"


@pytest.mark.parametrize(
    ("error", "response", "asks_again"),
    [
        (IdentityMismatch(), "utter_identity_mismatch", True),
        (NotFound("credit_record_not_found"), "utter_no_credit_record", False),
        (Unavailable(), "utter_city_unavailable", False),
    ],
)
async def test_what_can_go_wrong(error, response, asks_again):
    events, dispatcher, _ = await run(QueryCreditScore, asks(*WHO), credit_score=error)
    assert said(dispatcher) == [response]
    assert slots_set(events)["requested_slot"] == ("person_name" if asks_again else None)


async def test_the_score_is_told_without_the_whole_name():
    factors = [
        {"name": "按时缴费", "effect": 12, "reason": "连续 12 个月按时缴费"},
        {"name": "违章", "effect": -5, "reason": "1 次"},
    ]
    score = CreditScore(score=712, grade="A", grade_name="优秀", as_of="2026-11-01", factors=factors)
    _, dispatcher, _ = await run(QueryCreditScore, asks(*WHO), credit_score=score)
    (message,) = dispatcher.messages
    assert message["person"] == "王**"
    assert "+12" in message["lines"]
    assert "-5" in message["lines"]


def test_a_masked_name():
    assert masked_name("欧阳小明") == "欧***"
