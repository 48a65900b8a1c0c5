"""A task left for another waits with what it knew, and is brought back by name."""

from rasa_sdk.executor import CollectingDispatcher

from actions.conversation.session import StartSession
from actions.conversation.switching import CancelTask, LeaveTask, ResumeTask
from tests.actions.conversation.trackers import heard, said, slots_set

PAY, QUERY = "pay_utility_bill_form", "query_traffic_violation_form"


async def run(action, tracker):
    """Run `action`; its events and what was said."""
    dispatcher = CollectingDispatcher()
    events = await action().run(dispatcher, tracker, {})
    return events, dispatcher


async def test_the_open_task_waits_as_it_stood_before_the_message():
    slots = {"bill_type": "water", "account_number": "3301234567", "confirmation": None}
    tracker = heard(
        "query_utility_bill", "查电费", ("bill_type", "electricity"), slots=slots, form=PAY, requested="confirmation"
    )
    events, _ = await run(LeaveTask, tracker)
    (waiting,) = slots_set(events)["waiting_tasks"]
    assert waiting["form"] == PAY
    assert waiting["slots"] == {"bill_type": "water", "account_number": "3301234567"}
    assert {"event": "active_loop", "timestamp": None, "name": None} in events
    assert slots_set(events)["account_number"] is None


async def test_a_yes_does_not_wait_with_its_task():
    slots = {"bill_type": "water", "confirmation": True, "quote": {"basis": []}}
    events, _ = await run(LeaveTask, heard("query_traffic_violation", slots=slots, form=PAY))
    assert "confirmation" not in slots_set(events)["waiting_tasks"][0]["slots"]


async def test_the_same_task_is_not_left():
    events, _ = await run(LeaveTask, heard("pay_utility_bill", slots={"bill_type": "water"}, form=PAY))
    assert events == []


async def test_what_a_failed_turn_left_behind_is_no_quote_of_today():
    events, _ = await run(LeaveTask, heard("pay_utility_bill", slots={"quote": {"basis": []}, "confirmation": True}))
    assert slots_set(events) == {"quote": None, "confirmation": None}


async def test_the_second_request_of_a_message_waits_for_the_first():
    tracker = heard("query_utility_bill", "查水费，再看看违章", ("second_intent", "query_traffic_violation"))
    events, _ = await run(LeaveTask, tracker)
    assert [entry["form"] for entry in slots_set(events)["waiting_tasks"]] == [QUERY]


async def test_it_is_resumed_by_name_with_what_it_knew():
    waiting = [{"form": PAY, "slots": {"bill_type": "water"}, "first_time": False}]
    events, dispatcher = await run(ResumeTask, heard("inform", slots={"waiting_tasks": waiting}))
    assert said(dispatcher) == ["utter_resume_task"]
    assert slots_set(events) == {"waiting_tasks": None, "bill_type": "water"}
    assert events[-1]["event"] == "followup"
    assert events[-1]["name"] == PAY


async def test_with_nothing_waiting_nothing_is_said():
    events, dispatcher = await run(ResumeTask, heard("inform"))
    assert (events, dispatcher.messages) == ([], [])


async def test_a_form_that_is_gone_is_passed_over():
    waiting = [{"form": "gone_form", "slots": {}}]
    events, dispatcher = await run(ResumeTask, heard("inform", slots={"waiting_tasks": waiting}))
    assert (events, dispatcher.messages) == ([], [])


async def test_cancelling_forgets_the_task_and_says_which():
    events, dispatcher = await run(CancelTask, heard("deny", slots={"bill_type": "water"}, form=PAY))
    assert said(dispatcher) == ["utter_task_cancelled"]
    assert slots_set(events) == {"bill_type": None, "requested_slot": None}


async def test_cancelling_nothing_is_said():
    _, dispatcher = await run(CancelTask, heard("deny"))
    assert said(dispatcher) == ["utter_nothing_to_cancel"]


async def test_a_new_session_keeps_the_accounts_and_forgets_quotes_yeses_and_people():
    slots = {
        "known_accounts": {"water": "3301234567"},
        "quote": {"basis": []},
        "confirmation": True,
        "id_number": "330102199003071230",
        "bill_type": "water",
    }
    events, dispatcher = await run(StartSession, heard("greet", slots=slots, form=PAY))
    assert slots_set(events) == {"city": "杭州", "city_code": "330100", "known_accounts": {"water": "3301234567"}}
    assert said(dispatcher) == ["utter_unfinished_task"]
    assert events[0]["event"] == "session_started"
    assert events[-1]["name"] == "action_listen"
