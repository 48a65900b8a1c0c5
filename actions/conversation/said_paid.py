"""What a resident says of a payment in the past (paid already, paid twice, not posted): looked up, never paid.

Which service is meant follows from the manifests: one that takes payments is named, or was just talked about. Its look-up
reads out what the city has, and instead of an offer to pay it is said that nothing should be paid again meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet

from actions.city.cities import CITY_TIME
from actions.conversation.doubt import SAID_PAID
from actions.conversation.menu import is_offered
from actions.conversation.named import named
from actions.conversation.outcomes import Outcome, came_of, under_way
from actions.conversation.task import REQUESTED_SLOT, Task, all_tasks, task_for_form, task_for_intent
from actions.conversation.turn import Turn, payload
from actions.ledger import Order
from manifests import places, services

LOOKS_UP = "look_up"


def look_ups() -> list[type[Task]]:
    """The task of each service that takes payments by which its residents see what is owed; of two the menu's first."""
    paying = {task.service for task in all_tasks() if task.manifest.pays}
    looking = [task for task in all_tasks() if task.service in paying and task.manifest.ends == LOOKS_UP]
    looking.sort(key=lambda task: (task.manifest.menu is None, task.manifest.menu or 0), reverse=True)
    first = {task.service: task for task in looking}
    return sorted(first.values(), key=lambda task: task.intent)


def meant(turn: Turn) -> type[Task] | None:
    """The look-up of the service that the latest message names; of several, the one it is most like."""
    about = named(turn)
    found = [task for task in look_ups() if task.service in about]
    ranked = [str(one.get("name")) for one in turn.tracker.latest_message.get("intent_ranking") or []]
    likest = next((task.service for name in ranked if (task := task_for_intent(name)) in all_tasks() and task), None)
    return next((task for task in found if task.service == likest), found[0] if found else None)


def of_service(task: type[Task], orders: list[Order]) -> list[Order]:
    """Those of `orders` that pay something of the service that `task` belongs to."""
    kinds = {one.pays for one in services()[task.service].tasks.values()}
    return [order for order in orders if order.kind in kinds]


def talked_about(turn: Turn) -> type[Task] | None:
    """The look-up of the service whose task is open, or was done last, if it takes payments."""
    last = (turn.slot("last_task") or {}).get("intent", "")
    task = _open(turn) or task_for_intent(str(turn.slot("last_task_done") or last))
    return next((one for one in look_ups() if task is not None and one.service == task.service), None)


def look_up(turn: Turn, task: type[Task] | None) -> list[EventType]:
    """Have `task` look up what the resident says is paid; the open payment of the same service is left.

    Args:
        turn: in which it was said.
        task: the look-up; None where nobody knows of what, which is then asked.
    """
    turn.set(SAID_PAID, True)
    if task is None:
        offered = [one for one in look_ups() if _here(turn, one)]
        turn.offer("utter_which_payment", [(one.title, payload(one.intent)) for one in offered])
        return turn.events
    known = {**_known_of_last(turn, task), **_known_of_open(turn, task), **turn.told(task.hears)}
    for entity, declared in services().entities().items():
        if declared.belongs_to in turn.told(task.hears) and entity not in turn.told(task.hears):
            known.pop(entity, None)
    turn.say("utter_said_paid")
    left = _open(turn)
    if left is not None:
        came_of(turn, left, Outcome.LEFT)
        turn.forget(*left.own_slots())
        turn.events += [ActiveLoop(None), SlotSet(REQUESTED_SLOT, None)]
    turn.forget("follow_up", *task.own_slots())
    under_way(turn)
    for slot, value in known.items():
        turn.set(slot, value)
    return [*turn.events, FollowupAction(task.form())]


def _open(turn: Turn) -> type[Task] | None:
    return task_for_form((turn.tracker.active_loop or {}).get("name"))


def _known_of_open(turn: Turn, task: type[Task]) -> dict[str, str]:
    left = _open(turn)
    return {slot: value for slot, value in left.known(turn).items() if slot in task.hears} if left else {}


def _known_of_last(turn: Turn, task: type[Task]) -> dict[str, str]:
    last = turn.slot("last_task") or {}
    before = task_for_intent(last.get("intent", ""))
    if before is None or before.service != task.service:
        return {}
    return {slot: value for slot, value in last["slots"].items() if slot in task.hears}


def _here(turn: Turn, task: type[Task]) -> bool:
    return is_offered(services()[task.service], places().city(turn.city_code), datetime.now(CITY_TIME).date())
