"""What follows from the manifests for Rasa: a domain and, for each task, the rules that start and end it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from manifests import ServiceManifest, TaskManifest

STARTS, ENDS = "开始", "办完"
"""The two rules of a task are named 交罚款：开始 and 交罚款：办完."""

OVER = "一件事了结以后"
"""The rule of what comes after a task, whatever came of it: nothing. It says so little that any other rule goes before it."""

SLOT = {"type": "any", "mappings": [{"type": "custom"}]}
"""Slots are filled by the forms' own code, because only there it is known whether a message has been answered already."""


def domain_of(services: Iterable[ServiceManifest]) -> dict[str, Any]:
    """Everything the services need declared, as a domain file would say it.

    Args:
        services: their manifests.
    """
    intents: list[Any] = []
    entities: list[Any] = []
    slots: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    actions: list[Any] = []
    for service in services:
        entities += service.entities
        for intent, task in service.tasks.items():
            intents.append({intent: {"use_entities": []}})
            forms[form_of(intent)] = {"required_slots": list(task.asks)}
            actions += actions_of(intent, task)
        slots.update((slot, dict(SLOT)) for slot in slots_of(service))
    return {"intents": intents, "entities": entities, "slots": slots, "forms": forms, "actions": actions}


def form_of(intent: str) -> str:
    """The name of a task's form."""
    return f"{intent}_form"


def composed_slots(task: TaskManifest) -> tuple[str, ...]:
    """The slots whose question the action server composes, in the order they are asked for."""
    composed = {*task.composed, *(task.yes_no or ()), *(task.choices or ())}
    return tuple(slot for slot in task.asks if slot in composed)


def actions_of(intent: str, task: TaskManifest) -> list[str]:
    """The actions of a task: its form's listener, the questions that are composed, and what ends it.

    Args:
        intent: the task's.
        task: its manifest.
    """
    form = form_of(intent)
    questions = [f"action_ask_{form}_{slot}" for slot in composed_slots(task)]
    return [f"validate_{form}", *questions, f"action_{intent}"]


def slots_of(service: ServiceManifest) -> list[str]:
    """Every slot that a service's tasks ask for, hear or remember, each once."""
    used = [slot for task in service.tasks.values() for slot in (*task.asks, *task.hears)]
    return list(dict.fromkeys([*used, *service.slots]))


def complete(declared: Mapping[str, Any], generated: Mapping[str, Any]) -> dict[str, Any]:
    """Add to a domain what is generated and not declared in it; what somebody wrote down stays as it is.

    Args:
        declared: a domain as a mapping, as the files say it.
        generated: what `domain_of` gives.
    """
    whole = dict(declared)
    for section, entries in generated.items():
        if isinstance(entries, dict):
            whole[section] = {**entries, **(declared.get(section) or {})}
        else:
            written = list(declared.get(section) or [])
            known = {name_of(entry) for entry in written}
            whole[section] = [*written, *(entry for entry in _once(entries) if name_of(entry) not in known)]
    return whole


def name_of(entry: Any) -> str:
    """The name of an entry of a domain's list, which is `name` or `name: {…}`."""
    return str(next(iter(entry)) if isinstance(entry, dict) else entry)


def rules_of(service: ServiceManifest) -> list[dict[str, Any]]:
    """The rules that start and end each task of a service, as a file of data/stories would say them."""
    return [rule for intent, task in service.tasks.items() for rule in (_starts(intent, task), _ends(intent, task))]


def rule_over() -> dict[str, Any]:
    """The rule of what comes after a task."""
    return {"rule": OVER, "steps": [{"action": "action_resume_task"}]}


def _starts(intent: str, task: TaskManifest) -> dict[str, Any]:
    """The open task is put aside first."""
    form = form_of(intent)
    steps = [{"intent": intent}, {"action": "action_leave_task"}, {"action": form}, {"active_loop": form}]
    return {"rule": f"{task.title}：{STARTS}", "steps": steps}


def _ends(intent: str, task: TaskManifest) -> dict[str, Any]:
    """A waiting task is resumed last; what comes after that is for `OVER` and whatever is more particular."""
    form = form_of(intent)
    steps: list[dict[str, Any]] = [
        {"action": form},
        {"active_loop": None},
        {"slot_was_set": [{"requested_slot": None}]},
        {"action": f"action_{intent}"},
        {"action": "action_resume_task"},
    ]
    return {
        "rule": f"{task.title}：{ENDS}",
        "condition": [{"active_loop": form}],
        "steps": steps,
        "wait_for_user_input": False,
    }


def _once(entries: Iterable[Any]) -> list[Any]:
    return list({name_of(entry): entry for entry in entries}.values())
