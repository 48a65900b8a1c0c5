"""The tasks that wait for the one that is being done: the latest last, and gone on with first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from actions.conversation.turn import Turn

if TYPE_CHECKING:
    from actions.conversation.task import Task

MOST_TASKS_WAITING = 12
"""Of more, the ones that were left first no longer wait, and that is said."""


def put_aside(
    turn: Turn,
    task: type[Task],
    slots: dict[str, Any],
    first_time: bool = False,
    city: list[str] | None = None,
    whom: str | None = "",
    called: str = "",
) -> None:
    """Add `task` with its `slots` to the waiting tasks; the same task with the same slots waits once.

    Args:
        turn: whose resident waits.
        task: what waits.
        slots: what it knows.
        first_time: whether it has not been begun yet.
        city: short names of the city it is for, several where it must be asked which; None: wherever the resident is then.
        whom: whose thing it is, as `things_of` has it; by default whose the conversation is about now.
        called: of several things said together, how this one is called: 水费 …0301.
    """
    # A yes that was given belongs to a question that must be asked again.
    kept = {slot: value for slot, value in slots.items() if slot not in task.yes_no}
    entry = {"form": task.form(), "slots": kept, "first_time": first_time, **({"city": city} if city else {})}
    whom = turn.slot("things_of") if whom == "" else whom
    if whom is not None:
        entry["whom"] = whom
    if called:
        entry["called"] = called
    waiting = [other for other in turn.slot("waiting_tasks") or [] if not _same(other, entry)]
    waiting.append(entry)
    for _ in waiting[:-MOST_TASKS_WAITING]:
        turn.say("utter_no_longer_waiting", task=title_of(waiting.pop(0)))
    turn.set("waiting_tasks", waiting)


def told_together(turn: Turn, task: type[Task]) -> list[dict[str, Any]]:
    """Those of several things said together that are still to be done by `task` after the one at hand, in their order.

    With what the task itself knows now, this is the whole list.

    Args:
        turn: whose resident said them.
        task: what is done with them.

    Returns:
        The entries of the waiting tasks, each with `slots` and `called`.
    """
    waiting = reversed(turn.slot("waiting_tasks") or [])
    return [entry for entry in waiting if entry["form"] == task.form() and entry.get("called")]


def title_of(entry: dict[str, Any]) -> str:
    """What waits, as residents are told of it: 查交通违法 浙AQ5681."""
    from actions.conversation.task import task_for_form  # it puts tasks aside

    task = task_for_form(entry["form"])
    return " ".join(filter(None, (task.title if task is not None else "", entry.get("called"))))


def _same(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether two are one request. How it is called makes no difference, and what it was told before it only adds to."""

    def without_name(entry: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in entry.items() if key != "called"}

    return without_name(one) == without_name(other)
