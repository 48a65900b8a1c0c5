"""The steps of a task that are alike in every service: made for what the manifests name, so that no handler repeats them.

| the manifest says | made here, unless the handler has one of its own |
| --- | --- |
| `ends: look_up` | after the form nothing is left to do |
| `ends: payment` | the quote is paid after a yes; `confirms` reads it out |
| `composed`, a plate | which of two is meant, or how a plate looks, where that is not clear |
| `choices` | the offers are read out, numbered, a button each |
"""

from __future__ import annotations

import re
from typing import Any, ClassVar

from actions.conversation.checkout import pay_if_confirmed
from actions.conversation.several import ALL, can_be_paid_together, together
from actions.conversation.steps import AskSlot, EndTask, offer_numbered
from actions.conversation.task import CONFIRMATION, Task, all_tasks, offers_of
from actions.conversation.turn import Turn, payload
from manifests import ManifestError, services

LIKE_A_PLATE = re.compile(r"[\u4e00-\u9fa5] ?[A-Za-z][ ·.-]?[0-9A-Za-z]{3,8}(?![0-9A-Za-z])")
"""What was meant for a plate, though it is none by GA 36: a character too few, an I or O, letters alone."""


class MissingInQuote(RuntimeError):
    """The handler's quote does not fill the sentence that a yes is asked for. It is a mistake of ours, for the log."""


class EndLookUp:
    """What was asked for has been read out by the form."""

    async def complete(self, turn: Turn) -> bool:
        """Nothing is left to do."""
        return True


class EndPayment:
    """Pay what was said yes to, and nothing else."""

    task: ClassVar[type[Task]]

    async def complete(self, turn: Turn) -> bool:
        """Hand out the cashier's link after a yes; after a no, say that nothing was paid; back into the form where the
        quote has to be read out once more."""
        return await pay_if_confirmed(turn, self.task, self.task.quoted(turn))


class AskToPay:
    """Read out payee, account and amount, and ask for a yes."""

    task: ClassVar[type[Task]]

    async def ask(self, turn: Turn) -> None:
        """Say the very sentence that a yes will be a yes to: of one, or of several with their total.

        Raises:
            MissingInQuote: the sentence names something that the quote has not: nobody may say yes to a sentence with holes.
        """
        quote = self.task.quoted(turn)
        if quote is None:
            return
        response = self.task.manifest.confirms
        if "parts" in quote:
            of_one_account = self.task.manifest.confirms_all if "account" in quote else None
            response = of_one_account or "utter_confirm_several_accounts"
        missing = sorted(turn.placeholders(response) - set(quote) - set(turn.tracker.slots))
        if missing:
            raise MissingInQuote(f"{self.task.intent}: {', '.join(missing)}")
        turn.say(response, **quote)


class AskChoice:
    """There are several: ask which one, or whether all."""

    task: ClassVar[type[Task]]
    slot: ClassVar[str]

    async def ask(self, turn: Turn) -> None:
        """Read the offers out in the response `utter_ask_<slot>`, each with a button; one for all, where that can be done."""
        offers = offers_of(turn)
        titles = [
            offer.get("title") or f"第{number}{offer.get('counter', '个')}"
            for number, offer in enumerate(offers, start=1)
        ]
        also = []
        if self.task.manifest.confirms_all and can_be_paid_together(offers):
            also = [(f"一起交，共 {together(offers)['amount']} 元", payload("inform", ordinal=ALL))]
        offer_numbered(turn, f"utter_ask_{self.slot}", titles, [offer["line"] for offer in offers], also)


class AskPlate:
    """A plate is needed: what was said may be two, or none."""

    task: ClassVar[type[Task]]
    slot: ClassVar[str]

    async def ask(self, turn: Turn) -> None:
        """Offer both readings of what was just said; say how a plate looks, where it was none; else just ask."""
        just_said = turn.just_heard(self.task.form())
        readings = turn.readings(self.slot) if just_said else []
        if readings:
            buttons = [(reading, payload("inform", **{self.slot: reading})) for reading in readings]
            turn.offer(f"utter_which_{self.slot}", buttons)
        elif just_said and LIKE_A_PLATE.search(turn.text) and turn.value(self.slot) is None:
            turn.say(f"utter_unclear_{self.slot}")
        else:
            turn.say(f"utter_ask_{self.task.form()}_{self.slot}")


_MADE: dict[str, type] = {}
"""The classes made here, by their action's name: held, because Python forgets a class that nobody holds."""


def make_parts() -> None:
    """Make the actions that manifests name and no handler has.

    Raises:
        ManifestError: a task has no handler, or an action that only a handler can have is missing; it says in which file.
    """
    handlers = {task.intent: task for task in all_tasks()}
    for intent, _, service in services().tasks():
        if intent not in handlers:
            raise ManifestError(
                f'任务 {intent} 没有处理类：在 actions/services/{service.name}.py 里写 class …(Task, intent="{intent}")'
            )
    steps: list[type[Any]] = [*_concrete(AskSlot), *_concrete(EndTask)]
    own = {step().name() for step in steps}
    for task in handlers.values():
        for name, part, values in _wanted(task):
            if name in own or name in _MADE:
                continue
            if part is None:
                raise ManifestError(f"{task.service}.yml 的任务 {task.intent} 要有动作 {name}，处理模块里没有")
            step = AskSlot if "slot" in values else EndTask
            said = {**values, "__module__": task.__module__, "__doc__": part.__doc__}
            # The part comes first: it has what the step leaves open.
            _MADE[name] = type(f"{part.__name__}Of{task.__name__}", (part, step), said)


def _wanted(task: type[Task]) -> list[tuple[str, type | None, dict[str, Any]]]:
    """The actions that a task needs by its manifest: name, the part that makes it, and what the part must know."""
    manifest = task.manifest
    end: dict[str, type | None] = {"look_up": EndLookUp, "payment": EndPayment, "own": None}
    wanted: list[tuple[str, type | None, dict[str, Any]]] = [
        (f"action_{task.intent}", end[manifest.ends], {"task": task})
    ]
    for slot in dict.fromkeys((*manifest.composed, *task.yes_no, *task.choices)):
        part: type | None = AskChoice if slot in task.choices else None
        entity = services().entities().get(slot)
        if entity is not None and entity.reader == "plate":
            part = AskPlate
        if slot == CONFIRMATION and manifest.ends == "payment":
            part = AskToPay
        wanted.append((f"action_ask_{task.form()}_{slot}", part, {"task": task, "slot": slot}))
    return wanted


def _concrete(base: type[Any]) -> list[type[Any]]:
    found: list[type[Any]] = []
    below: list[type[Any]] = base.__subclasses__()
    for one in below:
        found += _concrete(one)
        if hasattr(one, "task") and not getattr(one, "__abstractmethods__", None) and one not in _MADE.values():
            found.append(one)
    return found
