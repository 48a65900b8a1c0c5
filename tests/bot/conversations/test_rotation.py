"""The key of a database is changed conversation by conversation; cut off anywhere, nothing is lost and nobody begins anew."""

from collections.abc import Callable

import pytest
from cryptography.fernet import Fernet

from bot.conversations.cipher import ConversationCipher
from bot.conversations.errors import ConversationsUnreachable, TurnNotKept, WrongConversationsKey
from bot.conversations.rotation import Rotated, Rotation
from bot.conversations.settings import ConversationSettings
from bot.conversations.tables import facts, turns
from bot.conversations.tracker_store import SNAPSHOT_EVERY, ConversationStore
from tests.bot.conversations.conftest import KEY, OpenStore
from tests.bot.conversations.talk import DOMAIN, plain_turns, session_started
from tests.bot.conversations.test_tracker_store import state, take, texts

NEW = Fernet.generate_key().decode("ascii")
NAMES = "abcde"


class Cut(Exception):
    """The command was killed."""


def rotation(url: str, old: str = KEY, new: str = NEW) -> Rotation:
    return Rotation(url, ConversationCipher(old), ConversationCipher(new))


def cut_after(conversations: int) -> Callable[[Rotated], None]:
    def tell(so_far: Rotated) -> None:
        if so_far.moved == conversations:
            raise Cut

    return tell


async def talk_of(store: ConversationStore) -> list[object]:
    return [(await state(store, name), await texts(store, name)) for name in NAMES]


async def fill(store: ConversationStore) -> list[object]:
    for name in NAMES:
        for events in [session_started(), *plain_turns(SNAPSHOT_EVERY + 2)]:
            await take(store, events, name)
    return await talk_of(store)


async def test_with_the_new_key_all_goes_on_and_with_the_old_one_nothing_opens(
    open_store: OpenStore, database_url: str
) -> None:
    before = await fill(open_store())
    assert rotation(database_url).run() == Rotated(moved=len(NAMES))
    with pytest.raises(WrongConversationsKey):
        open_store()
    store = ConversationStore(DOMAIN, settings=ConversationSettings(database_url, NEW))
    assert await talk_of(store) == before
    assert sorted(await store.keys()) == list(NAMES)
    await take(store, session_started(), "a")
    await store.close()
    assert rotation(database_url).run() == Rotated()


@pytest.mark.parametrize("moved", range(1, len(NAMES) + 1))
async def test_cut_off_it_is_gone_on_with(open_store: OpenStore, database_url: str, moved: int) -> None:
    before = await fill(open_store())
    with pytest.raises(Cut):
        rotation(database_url).run(cut_after(moved))
    for key in (KEY, NEW):
        with pytest.raises(WrongConversationsKey, match="rotate-key"):
            ConversationStore(DOMAIN, settings=ConversationSettings(database_url, key))
    with pytest.raises(WrongConversationsKey):
        rotation(database_url, old=Fernet.generate_key().decode()).run()
    with pytest.raises(WrongConversationsKey):
        rotation(database_url, new=Fernet.generate_key().decode()).run()
    assert rotation(database_url).run() == Rotated(moved=len(NAMES) - moved)
    store = ConversationStore(DOMAIN, settings=ConversationSettings(database_url, NEW))
    assert await talk_of(store) == before
    await store.close()


@pytest.mark.parametrize("redis_url", ["", "redis://x"], ids=["alone", "shared"])
async def test_an_assistant_with_the_old_key_begins_nobody_anew(
    open_store: OpenStore, database_url: str, redis_url: str
) -> None:
    running = open_store(redis_url=redis_url)
    before = await fill(running)
    in_a_turn = [await running.retrieve(name) for name in NAMES]
    rotation(database_url).run()
    assert not await running.is_healthy()
    for tracker in in_a_turn:
        assert tracker is not None
        tracker.update_with_events(session_started(), DOMAIN)
        with pytest.raises(TurnNotKept):
            await running.save(tracker)
    for name in (*NAMES, "f"):
        with pytest.raises(ConversationsUnreachable):
            await running.retrieve(name)
    with pytest.raises(TurnNotKept):
        await running.save(_begun(running))
    store = ConversationStore(DOMAIN, settings=ConversationSettings(database_url, NEW))
    assert await talk_of(store) == before
    assert sorted(await store.keys()) == list(NAMES)
    await store.close()


async def test_a_key_that_does_not_fit_changes_nothing(open_store: OpenStore, database_url: str) -> None:
    before = await fill(open_store())
    with pytest.raises(WrongConversationsKey, match="什么都没有改"):
        rotation(database_url, old=Fernet.generate_key().decode()).run()
    assert await talk_of(open_store()) == before


async def test_what_was_altered_stays_and_holds_nobody_up(open_store: OpenStore, database_url: str) -> None:
    store = open_store()
    await fill(store)
    there = store._cipher.index("a")
    with store._database._writing() as connection:
        connection.execute(turns.update().where(turns.c.conversation == there).values(events=b"altered"))
    assert rotation(database_url).run() == Rotated(moved=len(NAMES) - 1, unreadable=1)
    with store._database._reads() as connection:
        assert [row.name for row in connection.execute(facts.select().order_by(facts.c.name))] == ["key", "version"]


def _begun(store: ConversationStore) -> object:
    tracker = store.init_tracker("g")
    tracker.update_with_events(session_started(), DOMAIN)
    return tracker
