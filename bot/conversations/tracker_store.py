"""The tracker store of endpoints.yml: conversations outlive the process, and cost the same however long they are.

A turn appends one row. The conversations that were talked in last stay in memory; a conversation that is not there is
read back from its latest snapshot and the turns since. Every SNAPSHOT_EVERY turns the conversation is shortened
(`bot.conversations.digest`), in memory and as a new snapshot, both from the same events: what goes on in memory is what a
restart would find.
"""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, TypeVar

import structlog
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations import codec
from bot.conversations.cipher import ConversationCipher
from bot.conversations.database import ConversationDatabase, Kept, NewTurn
from bot.conversations.digest import digest
from bot.conversations.engine import CONNECTIONS
from bot.conversations.erasing import is_wanted
from bot.conversations.erasures import Erasures
from bot.conversations.errors import ConversationError, ConversationsUnreachable, TurnNotKept
from bot.conversations.numbers import new_life
from bot.conversations.settings import ConversationSettings
from bot.conversations.tracker import KeptTracker

SNAPSHOT_EVERY = 8
"""Turns between two snapshots, and the most that are read back on top of one."""

ANSWER_SECONDS = 5.0
"""How long a turn waits for the database altogether."""

CLEAN_UP_SECONDS = 600.0
CLEANED_AT_ONCE = 200
"""Rows that one step of the clean-up deletes, lest it holds up a turn."""

Result = TypeVar("Result")

log = structlog.get_logger(__name__)


class ConversationStore(TrackerStore):
    """Rasa's tracker store on our database.

    Rasa makes it from endpoints.yml (`rasa.core.tracker_store._load_from_module_name_in_endpoint_config`).

    Args:
        domain: gives the slots; set again when a model is loaded.
        host: `url` of endpoints.yml; not used, the settings come from the environment.
        event_broker: is told each event once it is kept.
        settings: from the environment by default.

    Raises:
        ConversationSettingError: a setting cannot be used, the key does not fit.
        ConversationsUnreachable: the database does not answer.
    """

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        event_broker: EventBroker | None = None,
        settings: ConversationSettings | None = None,
    ) -> None:
        self._at_hand: OrderedDict[str, KeptTracker] = OrderedDict()
        super().__init__(domain, event_broker)
        self.domain = domain
        self._settings = settings or ConversationSettings.from_environment()
        self._cipher = ConversationCipher(self._settings.key)
        self._database = ConversationDatabase(self._settings.url, self._cipher)
        self._erasures = Erasures(self._settings.url)
        threads = 1 if self._database.is_sqlite else CONNECTIONS
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="conversations")
        self._database.open()

    @property
    def domain(self) -> Domain:
        """The domain whose slots the trackers have."""
        return self._domain

    @domain.setter
    def domain(self, domain: Domain | None) -> None:
        # The slots of what is at hand are those of the former domain.
        self._at_hand.clear()
        self._domain = domain or Domain.empty()
        self._unbegun = KeptTracker("", self._domain.slots)

    def init_tracker(self, sender_id: str) -> KeptTracker:
        """Make the tracker of a conversation that has not begun."""
        made = self._unbegun.copy()  # which shares the slots that nobody has set
        made.sender_id = sender_id
        made.sequence = new_life()
        return made

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Give a tracker of a conversation, its distant past shortened; None where there is no conversation yet.

        Raises:
            ConversationsUnreachable: the database does not answer.
            ConversationUnreadable: what it holds was altered.
        """
        conversation = self._cipher.index(sender_id)
        if self._erasures.happened():
            self._at_hand.clear()
        tracker = self._at_hand.get(conversation)
        if tracker is not None and self._settings.shared:
            length = await self._ask(self._database.length, conversation)
            tracker = tracker if length == tracker.sequence else None
        if tracker is None:
            kept = await self._ask(self._database.read, conversation)
            if kept is None:
                self._at_hand.pop(conversation, None)
                return None
            tracker = self._restored(sender_id, kept)
        self._put_at_hand(conversation, tracker)
        # A copy: a turn that fails half-way leaves nothing behind in what is at hand.
        return tracker.copy()

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Give a tracker with all events that are kept, for who wants to read the whole conversation."""
        kept = await self._ask(self._database.read, self._cipher.index(conversation_id), True)
        if kept is None:
            return None
        events = [event for text in kept.turns for event in codec.decode(text)]
        return DialogueStateTracker.from_events(conversation_id, events, self.domain.slots)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Append what was added to a tracker since it was given out.

        Raises:
            TurnNotKept: the database did not take it.
            ConversationErased: nor may it, the conversation is no more.
        """
        ours = isinstance(tracker, KeptTracker)
        tracker = tracker if isinstance(tracker, KeptTracker) else await self._adopted(tracker)
        events = list(islice(tracker.events, tracker.stored, None))
        if not events:
            return
        if is_wanted(events):
            # Nothing of the turn is kept. Rasa's own processor (`rasa shell`) has not erased before it said so.
            if not tracker.erased:
                await self.erase(tracker.sender_id)
            return
        conversation = self._cipher.index(tracker.sender_id)
        shorter = self._shortened(tracker) if tracker.since_snapshot + 1 >= SNAPSHOT_EVERY else None
        turn = NewTurn(
            conversation,
            tracker.sender_id,
            tracker.sequence,
            codec.encode(events),
            codec.encode(shorter.events) if shorter else None,
        )
        # Whatever happens from here on, what is at hand may no longer be what is kept.
        self._at_hand.pop(conversation, None)
        try:
            up_to_date = await self._ask(self._database.append, turn)
        except ConversationsUnreachable as error:
            raise TurnNotKept(*error.args) from error
        if not up_to_date:
            log.warning("conversation_written_by_two", after=tracker.sequence)
        elif ours:
            self._put_at_hand(conversation, self._after(tracker, shorter))
        if self.event_broker is not None:
            await self._stream_new_events(self.event_broker, events, tracker.sender_id)

    async def keys(self) -> Iterable[str]:
        """Give the ids of all conversations."""
        return await self._ask(self._database.ids)

    async def erase(self, conversation_id: str) -> bool:
        """Delete everything of one conversation, for good; tells whether there was one.

        A turn that is being answered meanwhile is not kept, and its resident is told (`ConversationErased`).
        """
        conversation = self._cipher.index(conversation_id)
        self._at_hand.pop(conversation, None)
        erased = await self._ask(self._database.erase, conversation)
        self._erasures.tell()
        self._at_hand.pop(conversation, None)
        return erased

    async def is_healthy(self) -> bool:
        """Tell whether the database answers."""
        try:
            await self._ask(self._database.ask)
        except ConversationError:
            return False
        return True

    async def clean_up(self) -> int:
        """Delete what is older than the days it is kept, a few rows at a time; gives how many rows went."""
        before = time.time() - self._settings.days * 86400
        gone = 0
        while True:
            conversations = await self._ask(self._database.erase_untouched, before, CLEANED_AT_ONCE)
            for conversation in conversations:
                self._at_hand.pop(conversation, None)
            turns = await self._ask(self._database.erase_old_turns, before, CLEANED_AT_ONCE)
            gone += len(conversations) + turns
            if max(len(conversations), turns) < CLEANED_AT_ONCE:
                return gone
            await asyncio.sleep(0.1)

    async def keep_clean(self) -> None:
        """Clean up every CLEAN_UP_SECONDS, until cancelled."""
        while True:
            try:
                gone = await self.clean_up()
                if gone:
                    log.info("conversations_cleaned_up", rows=gone)
            except ConversationError as error:
                log.warning("conversations_not_cleaned_up", code=error.code)
            await asyncio.sleep(CLEAN_UP_SECONDS)

    async def close(self) -> None:
        """Let running statements end, and close the database."""
        await asyncio.to_thread(self._threads.shutdown)
        self._database.close()

    def _restored(self, sender_id: str, kept: Kept) -> KeptTracker:
        events = codec.decode(kept.snapshot) if kept.snapshot else []
        for text in kept.turns:
            events += codec.decode(text)
        tracker = self._replayed(sender_id, events)
        tracker.sequence = kept.sequence
        tracker.since_snapshot = len(kept.turns)
        return tracker

    def _replayed(self, sender_id: str, events: Iterable[Event]) -> KeptTracker:
        tracker = self.init_tracker(sender_id)
        for event in events:
            tracker.update(event)
        tracker.stored = len(tracker.events)
        return tracker

    def _shortened(self, tracker: KeptTracker) -> KeptTracker:
        initial = {slot.name: slot.initial_value for slot in self.domain.slots}
        return self._replayed(tracker.sender_id, digest(tracker.events, initial))

    @staticmethod
    def _after(tracker: KeptTracker, shorter: KeptTracker | None) -> KeptTracker:
        """Give the tracker as it stands after its turn was appended; a copy, lest the caller goes on with it."""
        tracker.stored = len(tracker.events)
        tracker.sequence += 1
        tracker.since_snapshot = 0 if shorter else tracker.since_snapshot + 1
        if shorter is None:
            return tracker.copy()
        shorter.sequence = tracker.sequence
        return shorter

    async def _adopted(self, tracker: DialogueStateTracker) -> KeptTracker:
        """Take a tracker that somebody else made (`PUT /conversations/…/tracker/events`): what it has more is new."""
        known = await self.retrieve_full_tracker(tracker.sender_id)
        current = await self.retrieve(tracker.sender_id)
        adopted = self._replayed(tracker.sender_id, tracker.events)
        adopted.stored = len(known.events) if known else 0
        if isinstance(current, KeptTracker):
            adopted.sequence = current.sequence
        return adopted

    def _put_at_hand(self, conversation: str, tracker: KeptTracker) -> None:
        self._at_hand[conversation] = tracker
        self._at_hand.move_to_end(conversation)
        while len(self._at_hand) > self._settings.at_hand:
            self._at_hand.popitem(last=False)

    async def _ask(self, statement: Callable[..., Result], *arguments: Any) -> Result:
        running = asyncio.get_running_loop().run_in_executor(self._threads, statement, *arguments)
        try:
            return await asyncio.wait_for(running, ANSWER_SECONDS)
        except asyncio.TimeoutError:
            raise ConversationsUnreachable("no answer in time") from None
