"""Leaving one task for another, being brought back by name, and giving one up."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.task import REQUESTED_SLOT, Task, task_for_form, task_for_intent
from actions.conversation.turn import Turn

MOST_TASKS_WAITING = 5


class LeaveTask(Action):
    """Before a task starts: put the open one aside, and note the second of two requests in one message."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_leave_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Move the open task, as it stood before this message, to the waiting ones."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form(_active_form(tracker))
        coming = task_for_intent(turn.intent)
        if open_task is not None and open_task is not coming:
            before = turn.slots_before()
            put_aside(
                turn, open_task, {slot: before[slot] for slot in open_task.slots() if before.get(slot) is not None}
            )
            turn.forget(*open_task.own_slots())
            turn.events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
        if coming is not None and open_task is not coming:
            # What an earlier session or a failed turn may have left behind is no quote and no yes of today.
            turn.forget(*coming.own_slots())
        second = task_for_intent(turn.value("second_intent") or "")
        if second is not None and second is not coming:
            put_aside(turn, second, {}, first_time=True)
        return turn.events


class ResumeTask(Action):
    """After a task has ended: go back to the one that was left last, and say so by name."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_resume_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Bring the latest waiting task back with what it knew; with none waiting, do nothing."""
        turn = Turn(dispatcher, tracker)
        waiting = list(turn.slot("waiting_tasks") or [])
        while waiting:
            entry = waiting.pop()
            task = task_for_form(entry["form"])
            if task is None:
                continue
            turn.set("waiting_tasks", waiting or None)
            turn.say("utter_next_task" if entry.get("first_time") else "utter_resume_task", task=task.title)
            for slot, value in entry["slots"].items():
                turn.set(slot, value)
            return [*turn.events, FollowupAction(task.form())]
        return turn.events


class CancelTask(Action):
    """The resident does not want to go on: forget the open task; what waits behind it is resumed by the rule."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_cancel_task"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """End the open task and say which; with none open, say that nothing was going on."""
        turn = Turn(dispatcher, tracker)
        open_task = task_for_form(_active_form(tracker))
        if open_task is None:
            turn.say("utter_nothing_to_cancel")
            return turn.events
        turn.say("utter_task_cancelled", task=open_task.title)
        turn.forget(*open_task.own_slots())
        return [*turn.events, ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]


def put_aside(turn: Turn, task: type[Task], slots: dict[str, Any], first_time: bool = False) -> None:
    """Add `task` with its `slots` to the waiting tasks; the same task with the same slots waits once."""
    # A yes that was given belongs to a question that must be asked again.
    kept = {slot: value for slot, value in slots.items() if slot not in task.yes_no}
    entry = {"form": task.form(), "slots": kept, "first_time": first_time}
    waiting = [other for other in turn.slot("waiting_tasks") or [] if other != entry]
    waiting.append(entry)
    turn.set("waiting_tasks", waiting[-MOST_TASKS_WAITING:])


def _active_form(tracker: Tracker) -> str | None:
    return (tracker.active_loop or {}).get("name")
