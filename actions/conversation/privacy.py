"""Before an ID number is asked for the first time: what it is for, where it goes, and how long it is kept."""

from __future__ import annotations

from actions import context
from actions.conversation.turn import Turn

ID_NUMBER = "id_number"
TOLD = "told_why_id_number"
"""The slot: the responses that were said already, each once in a conversation."""


def say_why(turn: Turn, response: str) -> None:
    """Say why an ID number is asked for; nothing where that was said before in this conversation.

    Args:
        turn: in which it is asked for.
        response: in which words: each service may have its own (`why_id_number` of its manifest).
    """
    told = turn.slot(TOLD) or []
    if response in told:
        return
    turn.say(response, days=context.current().settings.conversation_days)
    turn.set(TOLD, [*told, response])
