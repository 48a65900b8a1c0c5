"""A conversation is erased in the turn in which its resident says yes: before they are told, and nothing of the turn comes back."""

from typing import Any
from unittest.mock import AsyncMock

import pytest
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered

from actions.conversation import erasure
from bot.conversations.erasing import ERASE, erase_where_wanted
from bot.conversations.errors import ConversationNotErased, ConversationsUnreachable
from bot.conversations.tracker_store import SNAPSHOT_EVERY, ConversationStore
from bot.runtime.offered_buttons import ButtonAwareProcessor
from tests.bot.conversations.conftest import OpenStore
from tests.bot.conversations.talk import DOMAIN, heard, listened, plain_turns, session_started

WANTED = [SlotSet(ERASE, True)]


def test_both_sides_know_the_slot_by_one_name() -> None:
    assert ERASE == erasure.ERASE


async def take(store: ConversationStore, events: list[Any]) -> None:
    """Have a turn with these events, as Rasa has it."""
    tracker = await store.get_or_create_tracker("a", append_action_listen=False)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)


async def rows(store: ConversationStore) -> list[Any]:
    """All that stands in the database of conversations."""
    tables = ("bianmin_conversations", "bianmin_turns", "bianmin_snapshots")
    with store._database._reads() as connection:
        return [row for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}").all()]


@pytest.mark.parametrize("before_it_is_said", [True, False], ids=["our processor", "Rasa's own"])
async def test_nothing_is_left_of_it_nor_of_the_turn(open_store: OpenStore, before_it_is_said: bool) -> None:
    store = open_store()
    for events in [session_started(), *plain_turns(SNAPSHOT_EVERY + 1)]:
        await take(store, events)
    assert await rows(store)
    tracker = await store.retrieve("a")
    assert tracker is not None
    tracker.update_with_events([heard(), *WANTED], DOMAIN)
    if before_it_is_said:
        await erase_where_wanted(WANTED, tracker, store)
        assert await rows(store) == []
    tracker.update_with_events([BotUttered("已经删除"), listened()], DOMAIN)
    await store.save(tracker)
    assert await rows(store) == []
    for one in (store, open_store()):
        assert await one.retrieve("a") is None
    await take(store, [*session_started(), UserUttered("你好"), listened()])
    begun = await store.retrieve_full_tracker("a")
    assert begun is not None
    assert [event.text for event in begun.events if isinstance(event, UserUttered)] == ["你好"]


@pytest.mark.parametrize("value", [None, False, "yes", 1])
async def test_nothing_else_erases(open_store: OpenStore, value: Any) -> None:
    store = open_store()
    await take(store, [*session_started(), SlotSet(ERASE, value)])
    assert await rows(store)


class Processor(ButtonAwareProcessor):
    """Our processor without a model, which sends nothing."""

    def __init__(self, store: Any) -> None:
        self.tracker_store = store
        self.sent: list[Any] = []

    async def _send_bot_messages(self, events: Any, *_: Any) -> None:  # type: ignore[override]
        self.sent += events


async def test_a_database_that_does_not_answer_says_so_and_nothing_is_said_to_be_erased(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, session_started())
    store.erase = AsyncMock(side_effect=ConversationsUnreachable("down"))  # type: ignore[method-assign]
    processor = Processor(store)
    tracker = await store.retrieve("a")
    assert tracker is not None
    with pytest.raises(ConversationNotErased):
        await processor.execute_side_effects([*WANTED, BotUttered("已经删除")], tracker, None)  # type: ignore[arg-type]
    assert processor.sent == []
    assert "没有删成" in ConversationNotErased.sentence


async def test_a_store_that_erases_nothing_is_not_taken_for_one_that_does() -> None:
    store = InMemoryTrackerStore(Domain.empty())
    tracker = await store.get_or_create_tracker("a", append_action_listen=False)
    with pytest.raises(ConversationNotErased):
        await erase_where_wanted(WANTED, tracker, store)
