"""Conversations outlive the process, cost the same however long, and no turn is lost, doubled or begun from nothing."""

import asyncio
import threading
from typing import Any

import pytest
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import text

from bot.conversations.database import ConversationDatabase
from bot.conversations.errors import (
    ConversationErased,
    ConversationsUnreachable,
    ConversationUnreadable,
    TurnNotKept,
)
from bot.conversations.numbers import TURNS
from bot.conversations.tracker_store import SNAPSHOT_EVERY, ConversationStore
from tests.bot.conversations.conftest import OpenStore
from tests.bot.conversations.talk import DOMAIN, heard, listened, plain_turns, said, session_started, state_of


async def take(store: ConversationStore, events: list[Event], conversation: str = "a") -> None:
    """Take one turn as Rasa's processor does."""
    tracker = await store.get_or_create_tracker(conversation, append_action_listen=False)
    for event in events:
        tracker.update(event, DOMAIN)
    await store.save(tracker)


async def state(store: ConversationStore, conversation: str = "a") -> dict[str, Any] | None:
    tracker = await store.retrieve(conversation)
    return None if tracker is None else state_of(tracker)


async def texts(store: ConversationStore, conversation: str = "a") -> list[str]:
    """All that was said in a conversation, by the database."""
    tracker = await store.retrieve_full_tracker(conversation)
    assert tracker is not None
    return [event.text for event in tracker.events if isinstance(event, UserUttered)]


async def test_a_conversation_that_has_not_begun_is_none(open_store: OpenStore) -> None:
    store = open_store()
    assert await store.retrieve("a") is None
    assert await store.retrieve_full_tracker("a") is None
    tracker = await store.get_or_create_tracker("a", append_action_listen=False)
    assert list(tracker.events) == []
    assert list(await store.keys()) == []


@pytest.mark.parametrize("turns", [1, SNAPSHOT_EVERY - 1, SNAPSHOT_EVERY, SNAPSHOT_EVERY + 1, 40])
async def test_after_a_restart_the_conversation_goes_on(open_store: OpenStore, turns: int) -> None:
    store, whole = open_store(), DialogueStateTracker("a", DOMAIN.slots)
    for events in [session_started(), *plain_turns(turns)]:
        await take(store, events)
        whole.update_with_events(events, DOMAIN, override_timestamp=False)
    again = open_store()
    assert await state(again) == await state(store) == state_of(whole)
    for events in plain_turns(turns):
        await take(again, events)
    assert len(await texts(again)) == 2 * turns


async def test_conversations_are_kept_apart(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, [*session_started(), SlotSet("city", "嘉兴")], "a")
    await take(store, [*session_started(), SlotSet("city", "宁波")], "b")
    for one in (store, open_store()):
        assert [(await one.retrieve(name)).get_slot("city") for name in "ab"] == ["嘉兴", "宁波"]  # type: ignore[union-attr]
    assert sorted(await store.keys()) == ["a", "b"]


async def test_what_a_turn_costs_does_not_grow(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, session_started())
    events, rows = [], []
    for turn in plain_turns(120):
        await take(store, turn)
        tracker = await store.retrieve("a")
        assert tracker is not None
        events.append(len(tracker.events))
        kept = store._database.read(store._cipher.index("a"))
        assert kept is not None
        rows.append(len(kept.turns))
    assert max(events[60:]) == max(events[20:60])
    assert max(rows) < SNAPSHOT_EVERY


async def test_a_turn_that_fails_half_way_leaves_nothing_behind(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, session_started())
    before = await state(store)
    tracker = await store.retrieve("a")
    assert tracker is not None
    tracker.update_with_events([heard(), SlotSet("city", "嘉兴")], DOMAIN)
    assert await state(store) == before


async def test_two_assistants_lose_and_double_nothing(open_store: OpenStore) -> None:
    """Both read, both write: without a lock between them, which is the worst case."""
    one, other = open_store(redis_url="redis://x"), open_store(redis_url="redis://x")
    await take(one, session_started())
    spoken: list[str] = []

    async def talk(store: ConversationStore) -> None:
        for _ in range(15):
            message = heard()
            spoken.append(message.text)
            await take(store, [message, SlotSet("account", message.text), said(), listened()])

    await asyncio.gather(talk(one), talk(other))
    kept = await texts(one)
    assert sorted(kept) == sorted(spoken)
    assert await state(one) == await state(other) == await state(open_store())


async def test_many_first_messages_at_once_lose_nothing(open_store: OpenStore) -> None:
    stores = [open_store(redis_url="redis://x") for _ in range(3)]
    messages = [heard() for _ in stores]
    await asyncio.gather(*(take(s, [*session_started(), m, listened()]) for s, m in zip(stores, messages, strict=True)))
    assert sorted(await texts(stores[0])) == sorted(message.text for message in messages)


async def test_what_another_assistant_said_is_known(open_store: OpenStore) -> None:
    one, other = open_store(redis_url="redis://x"), open_store(redis_url="redis://x")
    await take(one, session_started())
    await take(other, [heard(), SlotSet("city", "嘉兴"), listened()])
    await take(one, [heard(), listened()])
    assert [(await store.retrieve("a")).get_slot("city") for store in (one, other)] == ["嘉兴", "嘉兴"]  # type: ignore[union-attr]


async def test_killed_before_the_commit_the_turn_was_never_there(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the turn's row and its snapshot, the worst moment."""
    store = open_store()
    turns = [session_started(), *plain_turns(SNAPSHOT_EVERY - 2)]
    for events in turns:
        await take(store, events)
    before = await state(store)

    def die(*_: object) -> None:
        raise ConversationsUnreachable("killed")

    with monkeypatch.context() as patch:
        patch.setattr(ConversationDatabase, "_put_snapshot", die)
        with pytest.raises(TurnNotKept):
            await take(store, [heard(), SlotSet("city", "嘉兴"), listened()])
    for one in (open_store(), store):
        assert await state(one) == before
    await take(store, [heard(), listened()])
    assert len(await texts(store)) == SNAPSHOT_EVERY - 1


async def test_while_the_database_is_down_nobody_goes_on_from_nothing(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(at_hand=1)
    await take(store, session_started())
    await take(store, session_started(), "b")  # "a" is no longer at hand

    def down(*_: object, **__: object) -> Any:
        raise ConversationsUnreachable("down")

    with monkeypatch.context() as patch:
        for name in ("read", "append", "ask"):
            patch.setattr(store._database, name, down)
        for question in (store.retrieve, store.get_or_create_tracker, store.retrieve_full_tracker):
            with pytest.raises(ConversationsUnreachable):
                await question("a")
        with pytest.raises(TurnNotKept):
            await take(store, [heard(), SlotSet("city", "嘉兴"), listened()], "b")
        assert not await store.is_healthy()
    assert await store.is_healthy()
    # The turn that was not kept is not gone on from either.
    assert (await store.retrieve("b")).get_slot("city") == "杭州"  # type: ignore[union-attr]


async def test_a_database_that_hangs_holds_up_its_own_turn_only_so_long(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, release = open_store(), threading.Event()
    monkeypatch.setattr("bot.conversations.tracker_store.ANSWER_SECONDS", 0.1)
    monkeypatch.setattr(store._database, "read", lambda *_: release.wait(5))
    with pytest.raises(ConversationsUnreachable):
        await store.retrieve("a")
    release.set()


async def test_the_clock_may_go_back(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, session_started())
    for number in range(12):
        message, slot, listen = heard(), SlotSet("account", str(number)), listened()
        message.timestamp, slot.timestamp, listen.timestamp = 1000.0 - number, 999.0 - number, 998.0 - number
        await take(store, [message, slot, listen])
    for one in (store, open_store()):
        tracker = await one.retrieve("a")
        assert tracker is not None
        assert tracker.get_slot("account") == "11"
        assert tracker.copy().get_slot("account") == "11"


async def test_a_conversation_that_is_not_at_hand_is_read_back(open_store: OpenStore) -> None:
    store = open_store(at_hand=2)
    for name in "abcde":
        await take(store, [*session_started(), SlotSet("account", name)], name)
    assert len(store._at_hand) == 2
    assert [(await store.retrieve(name)).get_slot("account") for name in "abcde"] == list("abcde")  # type: ignore[union-attr]
    assert len(store._at_hand) == 2


async def test_erased_is_erased(open_store: OpenStore) -> None:
    store = open_store()
    for name in "ab":
        for events in [session_started(), *plain_turns(SNAPSHOT_EVERY)]:
            await take(store, events, name)
    assert await store.erase("a")
    assert await store.retrieve("a") is None
    assert await open_store().retrieve("a") is None
    assert list(await store.keys()) == ["b"]
    assert not await store.erase("a")


async def test_erased_in_the_middle_of_a_turn_nothing_of_it_comes_back(open_store: OpenStore) -> None:
    store, other = open_store(), open_store()
    for events in [session_started(), *plain_turns(3)]:
        await take(store, events)
    tracker = await store.retrieve("a")
    assert tracker is not None
    await other.erase("a")
    tracker.update_with_events([heard(), SlotSet("city", "嘉兴"), listened()], DOMAIN)
    with pytest.raises(ConversationErased):
        await store.save(tracker)
    for one in (store, other, open_store()):
        assert await one.retrieve("a") is None


async def test_erased_beside_a_running_assistant_it_goes_on_from_nothing(open_store: OpenStore) -> None:
    """As `python -m bot conversations erase` does from a process of its own."""
    running, command = open_store(), open_store()
    await take(running, [*session_started(), SlotSet("city", "嘉兴")])
    await take(running, [*session_started(), SlotSet("city", "宁波")], "b")
    assert await command.erase("a")
    assert await running.retrieve("a") is None
    assert (await running.retrieve("b")).get_slot("city") == "宁波"  # type: ignore[union-attr]
    message = heard()
    await take(running, [message, listened()])
    assert await texts(running) == [message.text]


async def test_erased_and_begun_anew_it_is_taken_for_nothing_it_was(open_store: OpenStore) -> None:
    """The new conversation has grown as long as the old one was: its length alone would tell nothing."""
    one, other = open_store(redis_url="redis://x"), open_store(redis_url="redis://x")
    for store in (one, other):
        for events in [session_started(), *plain_turns(3)]:
            await take(store, [*events, SlotSet("city", "嘉兴")])
    stale = await one.retrieve("a")
    assert stale is not None
    await other.erase("a")
    new = [[*session_started(), SlotSet("city", "宁波")], *([heard(), listened()] for _ in range(7))]
    for events in new:
        await take(other, events)
    stale.update_with_events([heard(), SlotSet("amount", "1"), listened()], DOMAIN)
    with pytest.raises(ConversationErased):
        await one.save(stale)
    for store in (one, other):
        tracker = await store.retrieve("a")
        assert tracker is not None
        assert (tracker.get_slot("city"), tracker.get_slot("amount")) == ("宁波", None)


async def test_a_conversation_of_before_lives_were_counted_goes_on(
    open_store: OpenStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr("bot.conversations.tracker_store.new_life", lambda: 0)
        for events in [session_started(), *plain_turns(3)]:
            await take(open_store(), events)
    for store in (open_store(), open_store(redis_url="redis://x")):
        for events in plain_turns(SNAPSHOT_EVERY + 1):
            await take(store, events)
    assert len(await texts(store)) == 3 + 2 * (SNAPSHOT_EVERY + 1)


async def test_what_is_old_is_deleted_a_few_at_a_time(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(days=30)
    monkeypatch.setattr("bot.conversations.tracker_store.CLEANED_AT_ONCE", 2)
    with monkeypatch.context() as patch:
        patch.setattr("bot.conversations.database.time.time", lambda: 1_000_000.0)
        for name in "abcde":
            await take(store, session_started(), name)
        for events in [session_started(), *plain_turns(SNAPSHOT_EVERY + 2)]:
            await take(store, events, "f")
    await take(store, [heard(), listened()], "f")
    before = await state(store, "f")
    assert await store.clean_up() == 5 + SNAPSHOT_EVERY
    assert list(await store.keys()) == ["f"]
    assert [await store.retrieve(name) for name in "abcde"] == [None] * 5
    assert await state(store, "f") == await state(open_store(), "f") == before
    assert await store.clean_up() == 0


async def test_a_row_that_was_altered_is_noticed(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, session_started(), "a")
    await take(store, session_started(), "b")
    with store._database._writing() as connection:
        connection.exec_driver_sql(
            "UPDATE bianmin_turns SET events = (SELECT o.events FROM bianmin_turns o"
            " WHERE o.conversation <> bianmin_turns.conversation)"
        )
    with pytest.raises(ConversationUnreadable):
        await open_store().retrieve("a")


@pytest.mark.parametrize("turn", [1, 2])
async def test_a_turn_that_is_missing_is_noticed(open_store: OpenStore, turn: int) -> None:
    store = open_store()
    for events in [session_started(), *plain_turns(3)]:
        await take(store, events)
    with store._database._writing() as connection:
        connection.execute(text(f"DELETE FROM bianmin_turns WHERE sequence % {TURNS} = {turn}"))
    with pytest.raises(ConversationUnreadable, match="missing"):
        await open_store().retrieve("a")


async def test_a_tracker_that_somebody_else_made_adds_what_it_has_more(open_store: OpenStore) -> None:
    """As `PUT /conversations/…/tracker/events` does."""
    store = open_store()
    await take(store, [*session_started(), heard(), listened()])
    known = await store.retrieve_full_tracker("a")
    assert known is not None
    message = heard()
    known.update_with_events([message, SlotSet("city", "嘉兴"), listened()], DOMAIN)
    await store.save(known)
    assert (await texts(store))[1:] == [message.text]
    assert (await store.retrieve("a")).get_slot("city") == "嘉兴"  # type: ignore[union-attr]


async def test_each_event_is_told_to_the_broker_once(open_store: OpenStore) -> None:
    class Broker:
        def __init__(self) -> None:
            self.told: list[dict[str, Any]] = []

        def publish(self, event: dict[str, Any]) -> None:
            self.told.append(event)

    store, broker = open_store(), Broker()
    store.event_broker = broker  # type: ignore[assignment]
    turns = [session_started(), *plain_turns(SNAPSHOT_EVERY + 2)]
    for events in turns:
        await take(store, events)
    assert [event["event"] for event in broker.told] == [event.type_name for events in turns for event in events]
    assert {event["sender_id"] for event in broker.told} == {"a"}


async def test_a_new_domain_has_its_own_slots(open_store: OpenStore) -> None:
    store = open_store()
    await take(store, [*session_started(), SlotSet("account", "1")])
    store.domain = DOMAIN.from_yaml("version: '3.1'\nslots:\n  account: {type: text, mappings: [{type: custom}]}\n")
    tracker = await store.retrieve("a")
    assert tracker is not None
    assert tracker.current_slot_values() == {"account": "1", "session_started_metadata": None}
