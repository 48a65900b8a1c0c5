"""Several things said at once: which comes first and which wait is said, each by a name that tells it from the others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from actions.conversation.subjects import CORRECTS, Subject
from actions.conversation.turn import Turn
from actions.conversation.waiting import put_aside, title_of, told_together
from actions.conversation.whose import spoken_owner
from manifests import services

if TYPE_CHECKING:
    from actions.conversation.task import Task

MOST_AT_ONCE = 5
"""Of more things said at once, the first ones are done; that the others are not is said."""

_TAIL, _LONG = 4, 8


def begin(turn: Turn, task: type[Task], subjects: Sequence[Subject]) -> None:
    """Have all but the first wait, and say in which order they are done.

    Args:
        turn: in which they were said.
        task: what is done with each.
        subjects: as `subjects.several` has them; the first is under way.
    """
    names = called(task, subjects)
    have_wait(turn, task, subjects[1:MOST_AT_ONCE], names[1:MOST_AT_ONCE])
    turn.say("utter_several_in_turn", first=names[0], rest="、".join(names[1:MOST_AT_ONCE]))
    if names[MOST_AT_ONCE:]:
        turn.say("utter_too_many_at_once", most=MOST_AT_ONCE, left="、".join(names[MOST_AT_ONCE:]))


def have_wait(turn: Turn, task: type[Task], subjects: Sequence[Subject], names: Sequence[str] | None = None) -> None:
    """Have things wait for a task, the first one on top; what waited already and knew less of one is no other request.

    Args:
        turn: in which they were said.
        task: what is done with each.
        subjects: in the order said.
        names: what each is called; by default what tells them apart, and no more than may wait at once are kept, which is said.
    """
    if names is None:
        names = called(task, subjects) if len(subjects) > 1 else [""] * len(subjects)
        if names[MOST_AT_ONCE:]:
            turn.say("utter_too_many_at_once", most=MOST_AT_ONCE, left="、".join(names[MOST_AT_ONCE:]))
        subjects, names = subjects[:MOST_AT_ONCE], names[:MOST_AT_ONCE]
    for subject, name in reversed(list(zip(subjects, names, strict=True))):
        _forget_vaguer(turn, task, subject)
        put_aside(turn, task, subject.slots, first_time=True, city=subject.city, whom=subject.whom, called=name)


def share_bill(turn: Turn, task: type[Task]) -> None:
    """Have what is known now of which bill is meant go for those numbers that were told without one."""
    declared = services().entities()
    owners = [declared[slot].belongs_to for slot in services().numbers(task.intent)]
    known = {slot: str(turn.slot(slot)) for slot in owners if slot in task.hears and turn.slot(slot) is not None}
    waiting = list(turn.slot("waiting_tasks") or [])
    for place, entry in enumerate(waiting):
        if entry in told_together(turn, task) and known.keys() - entry["slots"].keys():
            slots = {**known, **entry["slots"]}
            name = called(task, [Subject(slots)])[0] if entry["called"].startswith("…") else entry["called"]
            waiting[place] = {**entry, "slots": slots, "called": name}
    if waiting != (turn.slot("waiting_tasks") or []):
        turn.set("waiting_tasks", waiting)


def give_up(turn: Turn, task: type[Task]) -> bool:
    """Take out of what waits those of several things that the message refuses by number (3301820301不交了), and say so.

    Returns:
        Whether it refuses any; a no to what is being done now is none.
    """
    if turn.intent != "deny" or CORRECTS.search(turn.text):
        return False
    numbers = services().numbers(task.intent)
    refused = {(slot, value) for slot in numbers for value in turn.values(slot)}
    if any((slot, turn.slot(slot)) in refused for slot in numbers):
        return False
    dropped = [one for one in told_together(turn, task) if not refused.isdisjoint(one["slots"].items())]
    if not dropped:
        return False
    turn.set("waiting_tasks", [one for one in turn.slot("waiting_tasks") if one not in dropped] or None)
    turn.say("utter_waiting_cancelled", tasks="、".join(map(title_of, dropped)))
    return True


def called(task: type[Task], subjects: Sequence[Subject]) -> list[str]:
    """What each of several things is called: 水费 …1674, 浙AQ5681, 您妈妈的水费 …0301, 嘉兴电费.

    Of long numbers the last four digits are said, where they tell them apart.
    """
    numbers = services().numbers(task.intent)
    values = [next((one.slots[slot] for slot in numbers if slot in one.slots), "") for one in subjects]
    tails = [_short(value) for value in values]
    # Two bills of one number are told apart by the bill.
    values = tails if len(set(tails)) == len(set(values)) else values
    several_cities = len({tuple(one.city or ()) for one in subjects}) > 1
    several_people = len({one.whom for one in subjects}) > 1
    names = []
    for one, value in zip(subjects, values, strict=True):
        words = spoken_owner(one.whom) if several_people else ""
        words += one.city[0] if several_cities and one.city else ""
        words += _part(task, one)
        names.append(" ".join(filter(None, (words, value))) or task.title)
    return names


def _short(number: str) -> str:
    return f"…{number[-_TAIL:]}" if number.isdigit() and len(number) >= _LONG else number


def _part(task: type[Task], subject: Subject) -> str:
    """The title of the part of its service that a thing is for: 水费; nothing where there is only one, or it is not known."""
    service = services()[task.service]
    code = service.city_service(task.intent, subject.slots) if service.city_service_by else None
    return service.city_services[code].title if code is not None else ""


def _forget_vaguer(turn: Turn, task: type[Task], subject: Subject) -> None:
    """Take out of what waits the same request as it was said before with less: 电费 before 电费3301820301."""
    waiting = turn.slot("waiting_tasks") or []
    left = [
        entry
        for entry in waiting
        if not (
            entry["form"] == task.form()
            and entry.get("first_time")
            and entry["slots"]
            and entry["slots"].items() <= subject.slots.items()
        )
    ]
    if len(left) < len(waiting):
        turn.set("waiting_tasks", left or None)
