"""A button's title, typed instead of pressed, is taken for the press.

Residents read `没有异议，确认` on a button and type it, or have a client that shows buttons as words. What the bot
offered is in the conversation's tracker, so no understanding is needed: the same title is the same payload.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.core.constants import ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.erasing import erase_where_wanted
from bot.runtime.arrival import noted_on_arrival
from bot.runtime.message_guard import Vocabulary, guard
from bot.runtime.quick_processor import MOST_ACTIONS, QuickProcessor

_CLOSING = "。.!,、;:~"
"""Punctuation that may stand behind a title, after NFKC. No question mark: `确认？` asks, and must not pay."""


class ButtonAwareProcessor(QuickProcessor):
    """Rasa's processor, which looks at the buttons it offered before it tries to understand a text, and notes what it
    knows of a message as it arrives."""

    vocabulary: Vocabulary

    @classmethod
    def like(cls, processor: MessageProcessor, vocabulary: Vocabulary) -> "ButtonAwareProcessor":
        """Take over a processor that Rasa made, with the model it loaded.

        `Agent.load_model` names the class it constructs, so there is no way to hand it another one.

        Args:
            processor: the processor to replace; the caller no longer uses it.
            vocabulary: the names a payload may use.
        """
        made = cls.__new__(cls)
        made.__dict__.update(processor.__dict__)
        made.vocabulary = vocabulary
        made.max_number_of_predictions = max(made.max_number_of_predictions, MOST_ACTIONS)
        return made

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Understand a message; where it is the title of an offered button, it becomes that button's payload.

        The message itself is changed, because the tracker records its text: it then looks like any pressed button.
        """
        if tracker is not None:
            buttons = offered(tracker.events)
            message.text = pressed(message.text or "", buttons, self.vocabulary) or message.text
        parsed: dict[str, Any] = await super().parse_message(message, tracker, only_output_properties)
        return parsed

    async def _handle_message_with_tracker(self, message: UserMessage, tracker: DialogueStateTracker) -> None:
        """Take a message into the conversation, and before it what is known of it as it arrives.

        Before, because a form takes slots that are set after a message for answers to its question.
        """
        if not message.parse_data:
            message.parse_data = await self.parse_message(message, tracker)
        for event in noted_on_arrival(message, message.parse_data, tracker):
            tracker.update(event, self.domain)
        await super()._handle_message_with_tracker(message, tracker)

    async def execute_side_effects(
        self, events: list[Event], tracker: DialogueStateTracker, output_channel: OutputChannel
    ) -> None:
        """Say what an action says; where it wants the conversation erased, that is done first.

        Raises:
            ConversationNotErased: it could not be done; nothing was said.
        """
        await erase_where_wanted(events, tracker, self.tracker_store)
        await super().execute_side_effects(events, tracker, output_channel)


def offered(events: Sequence[Event]) -> list[Mapping[str, Any]]:
    """Give the buttons of the bot's latest turn, in the order they were shown.

    Args:
        events: the conversation so far, oldest first, without the message that is being read.

    Returns:
        The buttons since the latest message; where that message opened the session, also those shown at the session's
        start, which stood in the same answer. None where the session has just begun: its message came before them.
    """
    shown: list[BotUttered] = []
    opening: list[BotUttered] | None = None
    for event in reversed(events):
        if isinstance(event, BotUttered):
            (shown if opening is None else opening).append(event)
        elif isinstance(event, UserUttered):
            if opening is not None:
                break
            opening = []
        elif isinstance(event, ActionExecuted) and event.action_name == ACTION_SESSION_START_NAME:
            shown = [] if opening is None else shown + opening
            break
    return [button for uttered in reversed(shown) for button in uttered.data.get("buttons") or ()]


def pressed(text: str, buttons: Iterable[Mapping[str, Any]], vocabulary: Vocabulary) -> str | None:
    """Give the payload of the first button with that title.

    Args:
        text: what was typed, through the guard.
        buttons: `title` and `payload` each.
        vocabulary: the names a payload may use.

    Returns:
        The payload as the guard writes it; None where no title fits, or the guard would not let its payload through.
    """
    typed = _plain(text)
    if not typed or text.startswith(INTENT_MESSAGE_PREFIX):
        return None
    for button in buttons:
        if typed == _plain(str(button.get("title") or "")):
            payload = guard(str(button.get("payload") or ""), vocabulary)
            return payload if payload.startswith(INTENT_MESSAGE_PREFIX) else None
    return None


def _plain(text: str) -> str:
    """Leave aside how a title was typed: blanks, case, full width, closing punctuation."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split()).rstrip(_CLOSING)
