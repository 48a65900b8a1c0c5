"""Has a task begin that was offered, or done before, with what is known for it."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import EventType

from actions.conversation.listing import begin
from actions.conversation.named import named
from actions.conversation.outcomes import under_way
from actions.conversation.several import ALL
from actions.conversation.subjects import of_values
from actions.conversation.task import Task, task_for_intent
from actions.conversation.turn import Turn


def start_again(turn: Turn, task: type[Task], slots: dict[str, Any]) -> list[EventType]:
    """Have `task` begin with `slots` and nothing else; the events that make it so. Of several numbers the others wait."""
    turn.forget("follow_up", *task.own_slots())
    under_way(turn)
    subjects = of_values(slots)
    if len(subjects) > 1:
        begin(turn, task, subjects)
    for slot, value in subjects[0].slots.items():
        turn.put_back(slot, value)
    return turn.events


def all_of(turn: Turn, task: type[Task]) -> dict[str, str]:
    """The choice of everything, where the latest message wants all that was read out to be paid by `task`."""
    can = bool(task.manifest.confirms_all and task.choices) and not turn.is_button
    return {task.choices[0]: ALL} if can and task.means_all(turn) else {}


def all_of_what_was_read_out(turn: Turn) -> tuple[type[Task], dict[str, Any]] | None:
    """The task that pays what was just read out, where all of it is wanted and no service named: 都交了.

    Which service that is follows from what was read out, whatever the message alone is like.
    """
    offered = turn.slot("follow_up") if turn.was_just_offered("follow_up") else None
    task = task_for_intent(offered["intent"]) if offered else None
    every = all_of(turn, task) if task is not None and not named(turn) else {}
    return (task, {**offered["slots"], **every}) if task is not None and offered and every else None
