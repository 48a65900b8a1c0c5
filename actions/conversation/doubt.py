"""How a look-up ends for a resident who says that it is paid: no offer to pay, and what to do while it is unclear."""

from __future__ import annotations

from actions.conversation.menu import remedy_buttons
from actions.conversation.turn import Turn, payload
from manifests import services

SAID_PAID = "said_paid"
"""The slot that is set while what a resident says is paid is looked up."""


def is_doubted(turn: Turn) -> bool:
    """Whether the resident says that what is looked up has been paid."""
    return bool(turn.slot(SAID_PAID))


def do_not_pay_again(turn: Turn) -> None:
    """Take every way to pay out of what was just read out, and offer a person instead."""
    turn.forget(SAID_PAID, "follow_up")
    for message in turn.dispatcher.messages:
        message["buttons"] = [button for button in message.get("buttons") or [] if not _pays(button)]
    warn_of_paying_again(turn)


def warn_of_paying_again(turn: Turn) -> None:
    """Say what to do while it is unclear, with the tasks that see to it here and a person as buttons."""
    turn.offer("utter_do_not_pay_again", [*remedy_buttons(turn), ("转人工", payload("handoff_human"))])


def _pays(button: dict[str, str]) -> bool:
    intent = button["payload"].lstrip("/").partition("{")[0]
    return any(task.pays for name, task, _ in services().tasks() if name == intent)
