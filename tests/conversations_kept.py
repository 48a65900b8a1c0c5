"""What the assistants of a house keep of a conversation, read from their database: they show it to nobody."""

from typing import Any

from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import EventVerbosity

from bot.conversations import codec
from bot.conversations.cipher import ConversationCipher
from bot.conversations.database import ConversationDatabase
from bot.conversations.tracker import KeptTracker
from bot.dialogue.importer import ServiceImporter
from bot.runtime import settings


class KeptConversations:
    """A reader of one database.

    Args:
        url: of the database.
        key: of the assistants.
    """

    _domain: Domain | None = None

    def __init__(self, url: str, key: str) -> None:
        self._cipher = ConversationCipher(key)
        self._database = ConversationDatabase(url, self._cipher)

    def tracker(self, conversation_id: str) -> dict[str, Any]:
        """The tracker as its latest turn left it, in the form that Rasa's own API gives it; empty where none has begun."""
        made = KeptTracker(conversation_id, self.domain().slots)
        for event in self._events(conversation_id, whole=False):
            made.update(event)
        state: dict[str, Any] = made.current_state(EventVerbosity.AFTER_RESTART)
        return state

    def said(self, conversation_id: str) -> list[str]:
        """Everything that the resident said, as it reached Rasa."""
        return [event.text for event in self._events(conversation_id, whole=True) if event.type_name == "user"]

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def _events(self, conversation_id: str, whole: bool) -> list[Event]:
        kept = self._database.read(self._cipher.index(conversation_id), whole)
        if kept is None:
            return []
        texts = [kept.snapshot, *kept.turns] if kept.snapshot and not whole else kept.turns
        return [event for text in texts for event in codec.decode(text)]

    @classmethod
    def domain(cls) -> Domain:
        """The project's domain, read once."""
        if KeptConversations._domain is None:
            importer = ServiceImporter(settings.CONFIG_FILE, settings.DOMAIN_FILE, settings.DATA_FOLDER)
            KeptConversations._domain = importer.get_domain()
        return KeptConversations._domain
