"""What came of a task is remembered in one place, in values that rules and stories may name."""

from types import SimpleNamespace

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.city.errors import InMaintenance, NotConnected, NotFound, Unavailable
from actions.conversation.outcomes import Outcome, came_of, came_of_order, note_identity, settle
from actions.conversation.turn import Turn
from actions.ledger import OrderState
from actions.services.credit import QueryCreditScore
from actions.services.utility_bills import PayUtilityBill, QueryUtilityBill
from bot.dialogue.importer import ServiceImporter
from bot.runtime.settings import ROOT
from tests.actions.conversation.trackers import NOWHERE, heard, slots_set
from tests.actions.services.scripted import made, run

FORM, PERSON = "query_credit_score_form", {"person_name": "王芳", "id_number": "330102199003071230"}


def turn(**slots):
    return Turn(CollectingDispatcher(), heard("inform", slots=slots))


def test_the_domain_lists_every_outcome():
    importer = ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [])
    slot = next(slot for slot in importer.get_domain().slots if slot.name == "outcome")
    assert set(slot.values) == {outcome.value for outcome in Outcome} | {"__other__"}


@pytest.mark.parametrize(
    ("state", "outcome"),
    [
        (OrderState.AWAITING_PAYMENT, "awaiting_payment"),
        (OrderState.PAID, "settling"),
        (OrderState.SETTLED, "paid"),
        (OrderState.REFUNDING, "refunded"),
        (OrderState.REFUNDED, "refunded"),
        (OrderState.CLOSED, "cancelled"),
    ],
)
def test_an_order_tells_what_came_of_the_task_that_pays_it(state, outcome):
    now = turn()
    came_of_order(now, SimpleNamespace(state=state, kind="utility_bill", city_service="gas"))
    assert slots_set(now.events) == {
        "outcome": outcome,
        "last_task_done": "pay_utility_bill",
        "last_city_service": "gas",
    }


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        (NotFound("credit_record_not_found"), "not_found"),
        (Unavailable(), "failed"),
        (InMaintenance(None), "failed"),
        (NotConnected(), "not_offered"),
    ],
)
async def test_a_look_up_that_ends_without_an_answer(answer, outcome):
    tracker = heard("query_credit_score", "查信用分", slots=PERSON)
    events, _, _ = await run(QueryCreditScore, tracker, credit_score=answer)
    assert slots_set(events)["outcome"] == outcome
    assert slots_set(events)["last_task_done"] == "query_credit_score"


@pytest.mark.parametrize(("refusal", "outcome"), [(InMaintenance(None), "failed"), (NotConnected(), "not_offered")])
async def test_a_task_that_is_refused_before_anything_is_asked(refusal, outcome):
    tracker = heard("query_utility_bill", "查水费", ("bill_type", "water"))
    events, _, _ = await run(QueryUtilityBill, tracker, offered=refusal)
    assert (slots_set(events)["outcome"], slots_set(events)["last_city_service"]) == (outcome, "water")


async def test_nothing_has_come_of_a_task_that_still_asks():
    events, _, _ = await run(QueryUtilityBill, heard("query_utility_bill", slots=NOWHERE))
    assert "outcome" not in slots_set(events)


async def test_a_no_is_declined():
    tracker = heard("deny", "不了", slots={"confirmation": False, "bill_type": "water"})
    events, _, _ = await run(made("action_pay_utility_bill"), tracker)
    assert slots_set(events)["outcome"] == "declined"


async def test_what_the_form_has_said_stands_at_the_end():
    told = {"outcome": "nothing_owed", "last_task_done": "query_utility_bill", "last_city_service": "water"}
    events, _, _ = await run(made("action_query_utility_bill"), heard("inform", slots=told))
    assert "outcome" not in slots_set(events)


@pytest.mark.parametrize(
    ("before", "outcome"),
    [
        ({}, "told"),
        ({"outcome": "paid", "last_task_done": "pay_utility_bill"}, "told"),
        ({"outcome": "handed_over", "last_task_done": "query_credit_score"}, "told"),
        ({"outcome": "not_found", "last_task_done": "query_credit_score"}, "not_found"),
        # Put off: it was asked in which of two cities.
        ({"outcome": None, "last_task_done": "query_credit_score"}, None),
    ],
)
def test_a_task_that_is_over_has_an_outcome_unless_it_was_put_off(before, outcome):
    now = turn(**before)
    settle(now, QueryCreditScore, Outcome.TOLD)
    assert now.slot("outcome") == outcome
    assert now.slot("last_task_done") == ("query_credit_score" if outcome else None)


@pytest.mark.parametrize(
    ("task", "outcome", "slots", "known"),
    [
        (QueryCreditScore, Outcome.TOLD, PERSON, True),
        (QueryCreditScore, Outcome.NOT_FOUND, PERSON, True),
        (QueryCreditScore, Outcome.FAILED, PERSON, False),
        (QueryCreditScore, Outcome.TOLD, {}, False),
        (PayUtilityBill, Outcome.PAID, PERSON, False),
        (PayUtilityBill, Outcome.PAID, {**PERSON, "known_resident": True}, True),
        # The person was somebody else, and is forgotten.
        (QueryCreditScore, Outcome.TOLD, {"known_resident": True}, False),
    ],
)
def test_who_is_known(task, outcome, slots, known):
    now = turn(**slots)
    came_of(now, task, outcome)
    note_identity(now, task)
    assert bool(now.slot("known_resident")) is known


async def test_another_person_is_not_the_one_who_was_known():
    tracker = heard(
        "inform",
        "我叫李娜",
        ("person_name", "李娜"),
        slots={**PERSON, "known_resident": True},
        form=FORM,
        requested="person_name",
    )
    events, _, _ = await run(QueryCreditScore, tracker)
    assert slots_set(events)["known_resident"] is False
