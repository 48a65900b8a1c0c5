"""What a resident is told before an ID number is asked for."""

from types import SimpleNamespace

import pytest
import yaml

from actions import context
from actions.conversation.privacy import ID_NUMBER, TOLD
from actions.conversation.session import StartSession
from actions.conversation.task import all_tasks
from actions.services.credit import QueryCreditScore
from actions.services.hospital import QueryHospitalAppointment
from bot.runtime.settings import ROOT
from manifests import services
from tests.actions.conversation.trackers import heard, slots_set
from tests.actions.services.scripted import run

NAME = ("person_name", "王小明")
WHY = services()["credit"].why_id_number
ASKING = sorted({task.service for task in all_tasks() if ID_NUMBER in task.manifest.asks})


async def ask(task, *entities, told=None):
    """Start a task; what is said, what is asked for, and what stands in the slot."""
    tracker = heard(task.intent, "", *entities, slots={TOLD: told}, after=["action_leave_task"])
    events, dispatcher, _ = await run(task, tracker)
    slots = slots_set(events)
    return dispatcher.messages, slots["requested_slot"], slots.get(TOLD, told)


async def test_before_the_first_question_for_an_id_number_it_is_said_what_it_is_for():
    messages, asked, told = await ask(QueryCreditScore, NAME)
    assert [(one["response"], one["days"]) for one in messages] == [(WHY, 30)]
    assert (asked, told) == (ID_NUMBER, [WHY])


async def test_it_is_not_said_while_something_else_is_asked_for():
    messages, asked, told = await ask(QueryCreditScore)
    assert (messages, asked, told) == ([], "person_name", None)


async def test_it_is_said_once_and_where_another_service_says_something_else_that_too():
    again, _, _ = await ask(QueryCreditScore, NAME, told=[WHY])
    assert again == []
    other, _, told = await ask(QueryHospitalAppointment, NAME, told=[WHY])
    assert [one["response"] for one in other] == ["utter_why_id_number_hospital"]
    assert told == [WHY, "utter_why_id_number_hospital"]


async def test_a_new_session_does_not_say_it_again():
    with context.use(SimpleNamespace(settings=SimpleNamespace(default_city=""))):
        events = await StartSession().run(None, heard("greet", slots={TOLD: [WHY]}), {})
    assert slots_set(events)[TOLD] == [WHY]


@pytest.mark.parametrize("service", ASKING)
def test_each_service_that_asks_says_how_long_it_is_kept_and_where_it_goes(service):
    files = [ROOT / "domain.yml", *sorted((ROOT / "data" / "domain").glob("*.yml"))]
    responses = {}
    for file in files:
        responses.update(yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {})
    for wording in responses[services()[service].why_id_number]:
        assert all(part in wording["text"] for part in ("{days}", "{city}"))
        assert wording["text"].count("。") == 1
