"""A resident who said yes to it has the conversation erased in that turn, before they are told that it is."""

from collections.abc import Iterable
from typing import Any, Protocol, runtime_checkable

import structlog
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.errors import ConversationError, ConversationNotErased
from bot.conversations.tracker import KeptTracker

ERASE = "erase_conversation"
"""The slot that the action server sets after the yes (`actions.conversation.erasure`)."""

log = structlog.get_logger(__name__)


@runtime_checkable
class Erasing(Protocol):
    """A store of conversations that can erase one."""

    async def erase(self, conversation_id: str) -> bool:
        """Delete everything of one conversation, for good; tells whether there was one."""


def is_wanted(events: Iterable[Event]) -> bool:
    """Tell whether these events want their conversation erased."""
    return any(isinstance(event, SlotSet) and event.key == ERASE and event.value is True for event in events)


async def erase_where_wanted(events: Iterable[Event], tracker: DialogueStateTracker, store: Any) -> None:
    """Erase a conversation if the events of an action want that; call it before what the action says is sent.

    Args:
        events: what an action has given.
        tracker: the conversation.
        store: of conversations.

    Raises:
        ConversationNotErased: it could not be done; nothing may be said of it.
    """
    if not is_wanted(events):
        return
    if not isinstance(store, Erasing):
        raise ConversationNotErased(f"{type(store).__name__} erases nothing")
    try:
        await store.erase(tracker.sender_id)
    except ConversationError as error:
        raise ConversationNotErased(*error.args) from error
    if isinstance(tracker, KeptTracker):
        tracker.erased = True
    log.info("conversation_erased_by_its_resident")
