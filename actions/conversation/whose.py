"""Whose thing the conversation is about, and what may be remembered of it: nobody's number or name goes along to the next.

What a message says of it stands in the slots `whose` and `whose_who` before any action runs (bot/runtime/arrival.py). What is
remembered belongs to whom `things_of` names. Where the two differ, what belongs to another is forgotten, here and nowhere else:

| now it is about | what is remembered |
| --- | --- |
| somebody else | the resident's own accounts and plate are kept aside; nothing else goes along |
| the resident again | what was kept aside comes back; the other's is forgotten |
| a new person (下一位) | nothing, nor what waited |
"""

from __future__ import annotations

from functools import lru_cache

from actions.conversation.outcomes import not_known
from actions.conversation.privacy import TOLD
from actions.conversation.speech import masked_name
from actions.conversation.turn import Turn
from manifests import services
from manifests.service import CONFIRMATION, PERSON

SELF, NEXT, NAMED, OTHER = "self", "next", "named", "other"
_OF_THE_LAST = ("quote", "follow_up", "last_task", "still_owed", "gathered")
_OF_A_PERSON = (TOLD, "own_things", "waiting_tasks", "outcome", "last_task_done", "last_city_service")


def is_somebody_elses(turn: Turn) -> bool:
    """Whether the conversation is about a thing of somebody else than the resident."""
    return turn.slot("whose") not in (None, SELF, NEXT)


def spoken_whom(turn: Turn) -> str:
    """Whose thing it is, as it is said to the resident: 您爸爸, 王**, 别人."""
    return _spoken(str(turn.slot("whose") or ""), str(turn.slot("whose_who") or ""))


def spoken_owner(whom: str | None) -> str:
    """Whose a thing is, before its name: 您妈妈的, 您自己的; nothing where nobody has said.

    Args:
        whom: as `things_of` has it, or empty where nobody has said.
    """
    if whom == "":
        return ""
    return f"{_spoken(*whom.split('/', 1))}的" if whom is not None else "您自己的"


def _spoken(group: str, who: str) -> str:
    if group == NAMED and who:
        return masked_name(who)
    return f"您{who}" if who and group != OTHER else "别人"


def keep_apart(turn: Turn) -> None:
    """Forget what belongs to another than whom the conversation is about now."""
    if turn.slot("whose") == NEXT:
        heard = (slot for _, task, _ in services().tasks() for slot in task.hears)
        turn.forget(*belongings(), *heard, *_OF_THE_LAST, *_OF_A_PERSON, "noted", "things_of", "whose_who")
        turn.set("whose", SELF)
        not_known(turn)
        return
    now = f"{turn.slot('whose')}/{turn.slot('whose_who') or ''}" if is_somebody_elses(turn) else None
    if now == turn.slot("things_of"):
        return
    if turn.slot("things_of") is None:
        own = {slot: turn.slot(slot) for slot in _remembered() if turn.slot(slot) is not None}
        turn.set("own_things", own or None)
    _forget_things(turn)
    if now is None:
        for slot, value in (turn.slot("own_things") or {}).items():
            turn.put_back(slot, value)
        turn.forget("own_things")
    turn.set("things_of", now)
    not_known(turn)


def about(turn: Turn, whom: str | None) -> None:
    """Go on about whom something that waited was for.

    Args:
        turn: in which it is gone on with.
        whom: as `things_of` had it then.
    """
    group, _, who = (whom or SELF).partition("/")
    if whom != turn.slot("things_of"):
        turn.set("whose", group)
        turn.set("whose_who", who or None)
        keep_apart(turn)


def nobody_in_particular(turn: Turn) -> None:
    """Take whoever the message speaks of for what it is about, and not for whose things are meant from now on."""
    if is_somebody_elses(turn):
        turn.set("whose", SELF)
        turn.forget("whose_who")
        keep_apart(turn)


@lru_cache(maxsize=1)
def belongings() -> tuple[str, ...]:
    """The slots that hold somebody's own: who they are, their numbers, what they chose, what is remembered of them."""
    declared = services().entities().items()
    numbers = [name for name, entity in declared if entity.secret or entity.reader in ("number", "plate")]
    proved = [name for service in services() for name, slot in service.slots.items() if slot.of_a_person]
    answers = [slot for _, task, _ in services().tasks() for slot in (*(task.yes_no or ()), *(task.choices or ()))]
    return tuple(dict.fromkeys((*PERSON, *numbers, *proved, CONFIRMATION, *answers, *_remembered())))


def _remembered() -> tuple[str, ...]:
    return tuple(slot for service in services() for slot in service.remembers)


def _forget_things(turn: Turn) -> None:
    turn.forget(*belongings(), *_OF_THE_LAST)
    noted = {slot: value for slot, value in (turn.slot("noted") or {}).items() if slot not in belongings()}
    if noted != (turn.slot("noted") or {}):
        turn.set("noted", noted or None)
