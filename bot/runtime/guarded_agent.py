"""Rasa's agent with a guard in front: every message cleaned, every turn answered, every log line with its conversation.

All channels hand their messages to `app.ctx.agent.handle_message` (`rasa.core.channels.channel.register`), and
`POST /model/parse` asks `app.ctx.agent.parse_message`. Both are overridden here and nowhere else.
"""

import asyncio
import time
from functools import partial
from pathlib import Path
from typing import Any

import structlog
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore, TrackerStore
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    INTENT_RANKING_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)

from bot.conversations.errors import ConversationError
from bot.runtime import tokens
from bot.runtime.graph_runner import DirectGraphRunner
from bot.runtime.message_guard import Vocabulary, guard
from bot.runtime.message_limits import MessageLimits, told_to_wait
from bot.runtime.offered_buttons import ButtonAwareProcessor
from serving.names import in_conversation

APOLOGY = (
    "抱歉，刚才出了点问题，这句话可能没有办成。请过一会儿再说一次；刚付过款的，先别再付，说“付好了”，我来核对。"
    "急事可拨打城市热线 12345。"
)
"""Said when a turn fails or would end without a word. It stands here because it must not depend on a model, and says
nothing of money, after which nobody has asked."""

log = structlog.get_logger(__name__)


class GuardedAgent(Agent):
    """An agent that never lets a message through unguarded and never leaves a resident without an answer."""

    processor: MessageProcessor | None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._vocabulary = Vocabulary.of(self.domain)
        self._names_key = tokens.names_key()
        self.limits: MessageLimits | None = None

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model, learn from its domain which payloads may pass, and have its offered buttons known by title."""
        super().load_model(model_path, fingerprint)
        self._vocabulary = Vocabulary.of(self.domain)
        self.processor = ButtonAwareProcessor.like(self.processor, self._vocabulary)
        self.processor.graph_runner = DirectGraphRunner.like(self.processor.graph_runner)

    async def parse_message(self, message_data: str) -> dict[str, Any]:
        """Understand a text without answering it.

        Args:
            message_data: the text, or a payload.

        Returns:
            Rasa's parse result; of a text with nothing readable in it, the fallback intent.
        """
        text = guard(message_data, self._vocabulary)
        if not text:
            return nothing_understood()
        parsed: dict[str, Any] = await super().parse_message(text)
        return parsed

    async def handle_message(self, message: UserMessage) -> list[dict[str, Any]] | None:
        """Answer one message, through the message's own output channel.

        A failure inside is logged and answered with a plain sentence, and so is a turn that ends without a word.

        Returns:
            The answers where the channel collects them, else None.
        """
        with in_conversation(message.sender_id, self._names_key):
            started = time.perf_counter()
            self._guard(message)
            answered = await self._is_to_wait(message) is None and await self._answer(message)
            milliseconds = round((time.perf_counter() - started) * 1000, 1)
            # Written in the loop's next round, with this conversation's context: the answer goes out first.
            asyncio.get_running_loop().call_soon(
                partial(log.info, "turn", answered=answered, milliseconds=milliseconds)
            )
        channel = message.output_channel
        return channel.messages if isinstance(channel, CollectingOutputChannel) else None

    def told_to_wait(self, seconds: int, text: str) -> dict[str, Any]:
        """Make the answer to a message that is one too many.

        Args:
            seconds: until one is answered again.
            text: what was said.
        """
        return told_to_wait(seconds, guard(text, self._vocabulary), self.domain)

    async def _is_to_wait(self, message: UserMessage) -> int | None:
        seconds = await self.limits.of_session(message.sender_id) if self.limits is not None else None
        if seconds is not None:
            log.warning("message_limited", by="session", seconds=seconds)
            said = told_to_wait(seconds, message.text, self.domain)
            await message.output_channel.send_response(message.sender_id, said)
        return seconds

    def _guard(self, message: UserMessage) -> None:
        message.text = guard(message.text or "", self._vocabulary)
        if not message.text:
            message.parse_data = nothing_understood()

    async def _answer(self, message: UserMessage) -> bool:
        try:
            await super().handle_message(message)
        except ConversationError as error:
            log.error("turn_failed", code=error.code, error=str(error))
            await self._apologise(message, error.sentence)
            return False
        except Exception:
            log.exception("turn_failed")
            await self._apologise(message)
            return False
        channel = message.output_channel
        if isinstance(channel, CollectingOutputChannel) and channel.messages == []:
            log.error("turn_without_a_word", ready=self.is_ready())
            await self._apologise(message)
            return False
        return True

    async def _apologise(self, message: UserMessage, sentence: str = APOLOGY) -> None:
        await message.output_channel.send_text_message(message.sender_id, sentence)

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        """Take the store as it is.

        Rasa wraps it (`FailSafeTrackerStore`): of a store that does not answer it says that the conversation has not begun,
        and the resident who says yes to a quote is greeted.
        """
        if store is None:
            return InMemoryTrackerStore(domain)
        store.domain = domain
        return store


def nothing_understood() -> dict[str, Any]:
    """Give what Rasa's parser would answer to a text in which it found nothing: the fallback intent."""
    return {
        TEXT: "",
        INTENT: {INTENT_NAME_KEY: DEFAULT_NLU_FALLBACK_INTENT_NAME, PREDICTED_CONFIDENCE_KEY: 1.0},
        ENTITIES: [],
        INTENT_RANKING_KEY: [],
    }
