"""Several things of a kind in one message (two accounts, three plates): each is a request of its own, in the order said.

What a task is done for are the numbers and plates that its manifest hears (`Services.numbers`); which of several bills a number
is for is said by what the manifest has it belong to. Told apart here and nowhere else; `listing.py` says them and has them wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from actions.conversation.normal_forms import fits
from actions.conversation.turn import Turn
from actions.conversation.waiting import told_together
from manifests import services
from manifests.service import PERSON

if TYPE_CHECKING:
    from actions.conversation.task import Task

CORRECTS = re.compile(r"不对|不是|错了|说错|搞错|弄错|改成|换成|改为|应该是")
"""Words by which what was said before is taken back."""

_ADDS = re.compile(r"还有|还要|另外|再加|加上|外加|[也再][要想帮给]?[我把]?[交缴付查看充办]")
_EACH = re.compile("[各每都]")

Entity = dict[str, Any]


@dataclass(frozen=True)
class Subject:
    """One thing that a task is to be done for.

    Args:
        slots: what is known of it, its number first of all; none where a plate can be read two ways.
        city: short names of the city it is in, several where it must be asked which; None where none was said.
        whom: whose it is, as the slot `things_of` has it; empty where the message does not say so of this one.
    """

    slots: dict[str, str] = field(default_factory=dict)
    city: list[str] | None = None
    whom: str | None = ""


def several(turn: Turn, intent: str, request: Entity | None = None) -> list[Subject]:
    """The things that the latest message wants a task done for, each once; none where it is fewer than two.

    Numbers of another kind are none of them: a telephone, a sum, an ID number. What is taken back in the message has been
    dropped before (bot/nlu/readers/corrections.py).

    Args:
        turn: what was said.
        intent: the task's.
        request: the further request of the message that starts the task; None where it is the first.
    """
    numbers = services().numbers(intent)
    owner = _owner_of(intent, numbers)
    said = [found for found in said_to(turn, intent, request) if fits(found["entity"], str(found["value"]))]
    owners = [found for found in said if found["entity"] == owner]
    kind = _kind_said(turn, intent, numbers, request, several_owners=len(_values(owners)) > 1)
    things = _of_kind(turn, intent, kind, request) if kind is not None else []
    subjects = _subjects(things, owners, owner)
    if len(subjects) < 2 or not (things or _owners_are_a_list(turn, intent, str(owner))):
        return []
    details = _details_of_each(turn, intent, things or owners, subjects, {*numbers, str(owner)}, said)
    cities = _city_of_each(turn, things or owners, len(subjects), request)
    whole = [
        Subject({**extra, **subject.slots}, city, subject.whom)
        for subject, extra, city in zip(subjects, details, cities, strict=True)
    ]
    return _each_once(whole)


def said_to(turn: Turn, intent: str, request: Entity | None = None) -> list[Entity]:
    """The entities of the latest message that a request for a task may use, in the order said.

    What stands in a further request that can use it is that request's; what no further request around it can use is told to all.

    Args:
        turn: what was said.
        intent: the task's.
        request: as for `several`.
    """
    hears = set(services().task(intent).hears)
    further = turn.further_requests()
    inside: list[Entity] = []
    outside: list[Entity] = []
    for found in sorted(turn.entities, key=lambda one: one.get("start") or 0):
        if found["entity"] not in hears:
            continue
        taken_by = next((one for one in further if turn.is_inside(found, one) and _hears(one, found)), None)
        if taken_by is not None and taken_by is request:
            inside.append(found)
        elif taken_by is None:
            outside.append(found)
    if request is None:
        return outside
    theirs = {found["entity"] for found in inside}
    first = set(services().task(turn.intent).hears) if services().of_intent(turn.intent) else set()
    return [*inside, *(found for found in outside if found["entity"] not in theirs | first)]


def told_to(turn: Turn, intent: str) -> dict[str, str]:
    """The values that the latest message has for the slots of the task that its first request starts, the last one of each.

    Args:
        turn: what was said.
        intent: the task's.
    """
    hears, numbers = services().task(intent).hears, services().numbers(intent)
    told = turn.told(hears)
    if not turn.further_requests():
        return told
    own = {str(found["entity"]): str(found["value"]) for found in said_to(turn, intent)}
    return {slot: own.get(slot, value) for slot, value in told.items() if slot not in numbers or slot in own}


def wanted(turn: Turn, task: type[Task]) -> list[Subject]:
    """As `several`, for the task that hears the message; the first is what the task is done for now.

    Told before a task was named, they are what it begins with. In the middle of the task, what it was being done for stays the
    first where more is only added (还有3301820301), and what is known besides the number goes for each: which bill was asked about.

    Args:
        turn: what was said.
        task: the task.
    """
    said = several(turn, task.intent)
    if turn.requested is None:
        return said or (_noted(turn, task.intent) if turn.intent == task.intent else [])
    numbers = services().numbers(task.intent)
    known = {slot: value for slot, value in task.known(turn).items() if slot not in PERSON}
    number = {slot: value for slot, value in known.items() if slot in numbers}
    besides = {slot: value for slot, value in known.items() if slot not in numbers}
    told = {slot: value for slot, value in told_to(turn, task.intent).items() if slot in numbers}
    added = said or [Subject(told)] if told else []
    if number and added and _adds(turn) and all(number.items().isdisjoint(one.slots.items()) for one in added):
        before = [Subject(one["slots"], one.get("city"), one.get("whom")) for one in told_together(turn, task)]
        said = [Subject(known), *before, *added]
    # What was asked about comes first: 电费…，水费…, said in answer to the water account.
    said = sorted(said, key=lambda one: -sum(known.get(slot) == value for slot, value in one.slots.items()))
    return [replace(one, slots={**besides, **one.slots}) for one in said]


def of_values(slots: dict[str, Any]) -> list[Subject]:
    """One for each value of a slot that has several, the others going with each; only one where no slot has.

    Args:
        slots: values by slot, each one or a list, as `told_all` gives them and a button carries them.
    """
    of_many = next((slot for slot, value in slots.items() if isinstance(value, list)), None)
    if of_many is None:
        return [Subject(slots)]
    firsts = {slot: value[0] if isinstance(value, list) else value for slot, value in slots.items()}
    return [Subject({**firsts, of_many: value}) for value in slots[of_many]]


def told_all(turn: Turn, slots: Iterable[str]) -> dict[str, Any]:
    """Those of `slots` that the latest message gives a value for: the last one, or of numbers a list where they are several."""
    declared = services().entities()
    told: dict[str, Any] = dict(turn.told(slots))
    for slot in told:
        values = turn.values(slot)
        if len(values) > 1 and slot in declared and declared[slot].reader in ("number", "plate"):
            told[slot] = values
    return told


def _noted(turn: Turn, intent: str) -> list[Subject]:
    """What was told before the task was named, where it is several numbers and the message says no other."""
    noted, told = turn.slot("noted") or {}, told_to(turn, intent)
    slots = {slot: noted[slot] for slot in services().task(intent).hears if slot in noted and slot not in PERSON}
    of_many = [slot for slot, value in slots.items() if isinstance(value, list)]
    return of_values({**slots, **told}) if of_many and told.keys().isdisjoint(of_many) else []


def city_names(cities: list[Entity]) -> list[str] | None:
    """The short name of a city that was said; both, where it can be read two ways; None where none was said."""
    return [name for city in cities for name in city.get("candidates") or [str(city["value"])]] or None


def _adds(turn: Turn) -> bool:
    """Whether the latest message adds to what is being done, and does not correct it."""
    return bool(_ADDS.search(turn.text)) and not CORRECTS.search(turn.text)


def _hears(request: Entity, found: Entity) -> bool:
    intent = str(request["value"])
    return services().of_intent(intent) is not None and found["entity"] in services().task(intent).hears


def _owner_of(intent: str, numbers: Sequence[str]) -> str | None:
    declared, hears = services().entities(), services().task(intent).hears
    return next((declared[name].belongs_to for name in numbers if declared[name].belongs_to in hears), None)


def _kind_said(
    turn: Turn, intent: str, numbers: Sequence[str], request: Entity | None, several_owners: bool
) -> str | None:
    """The kind of number of which several were said, or one beside several bills; None where there is none such."""
    counted = {name: len(_values(_of_kind(turn, intent, name, request))) for name in numbers}
    least = 1 if several_owners else 2
    return next((name for name, count in counted.items() if count >= least), None)


def _subjects(things: list[Entity], owners: list[Entity], owner: str | None) -> list[Subject]:
    """Each number with its bill, and each bill that no number was said for, in the order said."""
    subjects = [
        Subject({**slots, **_number(found)}, whom=_whom(found))
        for found, slots in zip(things, _owners_of_each(things, owners, owner), strict=True)
    ]
    subjects += [
        Subject({str(owner): value})
        for value in _values(owners)
        if all(subject.slots.get(str(owner)) != value for subject in subjects)
    ]
    first = {str(found["value"]): _start(found) for found in sorted([*things, *owners], key=_start, reverse=True)}
    # A plate that can be read two ways comes first: it can only be asked about while it has just been said.
    return sorted(subjects, key=lambda one: first[list(one.slots.values())[-1]] if one.slots else -1)


def _number(found: Entity) -> dict[str, str]:
    """The slot of a number; none where it can be read in several ways."""
    return {} if len(found.get("candidates") or ()) > 1 else {found["entity"]: str(found["value"])}


def _of_kind(turn: Turn, intent: str, kind: str, request: Entity | None) -> list[Entity]:
    """The numbers of a kind that were said to a task; many look alike, and what they are said for decides what they are."""
    own = [found for found in said_to(turn, intent, request) if found["entity"] == kind]
    declared = services().entities()
    meant = turn.requested == kind or (turn.intent == intent and turn.requested is None)
    if own or request is not None or not meant or declared[kind].reader != "number":
        return [found for found in own if fits(kind, str(found["value"]))]
    hears = services().task(intent).hears
    alike = [
        found
        for found in turn.entities
        if found["entity"] in declared
        and declared[found["entity"]].reader == "number"
        and found["entity"] not in hears
        and fits(kind, str(found["value"]))
        and not any(turn.is_inside(found, one) for one in turn.further_requests())
    ]
    return [{**found, "entity": kind} for found in sorted(alike, key=_start)]


def _values(found: Iterable[Entity]) -> list[str]:
    return list(dict.fromkeys(str(one["value"]) for one in found))


def _owners_of_each(things: list[Entity], owners: list[Entity], owner: str | None) -> list[dict[str, str]]:
    """Which bill each number is for: 水费A、B和电费C, A的水费和B的电费, 水费和电费A和B."""
    if owner is None or not owners or not things:
        return [{} for _ in things]
    if len(_values(owners)) == 1:
        return [{owner: str(owners[0]["value"])} for _ in things]
    starts = [_start(found) for found in owners]
    apart = starts[-1] < _start(things[0]) or starts[0] > _start(things[-1])
    if apart and len(owners) == len(things):
        return [{owner: str(found["value"])} for found in owners]
    after = _start(things[0]) < starts[0] and _start(things[-1]) < starts[-1]
    each: list[dict[str, str]] = []
    for thing in things:
        if after:
            found = next(one for one in owners if _start(one) > _start(thing))
        else:
            found = next((one for one in reversed(owners) if _start(one) <= _start(thing)), owners[0])
        each.append({owner: str(found["value"])})
    return each


def _owners_are_a_list(turn: Turn, intent: str, owner: str) -> bool:
    """Whether bills that were named without a number are all wanted; in a correction the last one counts."""
    return turn.requested == owner or (turn.intent == intent and not (turn.requested and CORRECTS.search(turn.text)))


def _details_of_each(
    turn: Turn, intent: str, things: list[Entity], subjects: list[Subject], apart: set[str], said: list[Entity]
) -> list[dict[str, str]]:
    """What else was said of each: the sum to put on each card, the plate of two fines.

    One that was said between the numbers is for the one before it; a single one before or after them all, or with a word
    like 各, is for each.
    """
    kind, declared = things[0]["entity"] if things else None, services().entities()
    each: list[dict[str, str]] = [{} for _ in subjects]
    for slot in services().task(intent).hears:
        of_slot = [found for found in said if found["entity"] == slot]
        if not of_slot or slot in PERSON or slot == kind or (slot in apart and len(_values(of_slot)) > 1):
            continue
        if slot in apart and any(slot in subject.slots for subject in subjects):
            continue
        single = len(_values(of_slot)) == 1
        # What proves that one vehicle is somebody's proves nothing of another.
        is_secret = slot in declared and declared[slot].secret
        between = is_secret or _start(things[0]) < _start(of_slot[0]) < _start(things[-1])
        for place, details in enumerate(each):
            if single and (slot in apart or not between or (_EACH.search(turn.text) and not is_secret)):
                details[slot] = str(of_slot[0]["value"])
            elif len(of_slot) == len(things) == len(each):
                details[slot] = str(of_slot[place]["value"])
            elif place < len(things):
                end = _start(things[place + 1]) if place + 1 < len(things) else len(turn.text) + 1
                mine = [found for found in of_slot if _start(things[place]) < _start(found) < end]
                if mine:
                    details[slot] = str(mine[-1]["value"])
    return each


def _city_of_each(turn: Turn, things: list[Entity], count: int, request: Entity | None) -> list[list[str] | None]:
    """The city of each: as many cities as numbers go in pairs; else the one that stands before it, where one stands between."""
    cities = turn.cities_of(request) if request is not None else turn.cities_meant()
    if len(cities) > 1 and len(cities) == len(things) == count:
        return [city_names([city]) for city in cities]
    if len(cities) > 1 and len(things) == count and _start(things[0]) < _start(cities[1]):
        before = [[city for city in cities if _start(city) < _start(thing)] for thing in things]
        return [city_names(earlier[-1:] or cities[:1]) for earlier in before]
    return [city_names(cities[:1])] * count


def _each_once(subjects: list[Subject]) -> list[Subject]:
    kept: list[Subject] = []
    for subject in subjects:
        if all((subject.slots, subject.city) != (other.slots, other.city) for other in kept):
            kept.append(subject)
    return kept if len(kept) > 1 else []


def _whom(found: Entity) -> str | None:
    """Whose this one is, where the message says so of it (bot/nlu/whose_component.py)."""
    said = found.get("whose")
    if not said:
        return ""
    return None if said["group"] == "self" else f"{said['group']}/{said['who']}"


def _start(found: Entity) -> int:
    return int(found.get("start") or 0)
