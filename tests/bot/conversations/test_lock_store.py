"""Messages of one conversation are answered in the order they came, without waiting longer than for one another."""

import asyncio
import multiprocessing
import os
import signal
import time
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from rasa.core.lock_store import LockStore
from rasa.utils.endpoints import EndpointConfig
from redis import asyncio as aioredis

from bot.conversations import local_lock, redis_lock
from bot.conversations.errors import ConversationBusy, ConversationSettingError
from bot.conversations.local_lock import LocalLock
from bot.conversations.lock_store import ConversationLocks
from bot.conversations.redis_lock import RedisLock

Lock = LocalLock | RedisLock
MakeLock = Callable[..., Lock]


@pytest.fixture(params=["local", "redis"])
async def make_lock(request: pytest.FixtureRequest) -> AsyncIterator[MakeLock]:
    """Make locks that share nothing with those of other tests; of Redis, as so many assistants would."""
    made: list[RedisLock] = []
    prefix = f"test-{uuid.uuid4().hex}:"
    url = request.getfixturevalue("redis_url") if request.param == "redis" else ""

    def make(**settings: Any) -> Lock:
        if not url:
            return LocalLock(**settings)
        made.append(RedisLock(url, prefix=prefix, **settings))
        return made[-1]

    yield make
    for lock in made:
        await lock.close()
    if url:
        connection = aioredis.from_url(url)
        keys = [key async for key in connection.scan_iter(prefix + "*")]
        if keys:
            await connection.delete(*keys)
        await connection.close()


async def answer(lock: Lock, name: str, said: list[str], seconds: float, conversation: str = "a") -> None:
    async with lock.hold(conversation):
        said.append(f"{name} begins")
        await asyncio.sleep(seconds)
        said.append(f"{name} ends")


def in_order(*names: str) -> list[str]:
    return [f"{name} {what}" for name in names for what in ("begins", "ends")]


async def warm(lock: Lock) -> None:
    async with lock.hold("warm"):
        await asyncio.sleep(0.05)


async def test_three_messages_in_a_row_wait_for_each_other_and_no_longer(make_lock: MakeLock) -> None:
    lock, said, started = make_lock(), [], 0.0  # type: ignore[var-annotated]
    await warm(lock)
    started = time.perf_counter()
    tasks = []
    for name in "123":
        tasks.append(asyncio.create_task(answer(lock, name, said, 0.2)))
        await asyncio.sleep(0.05)
    await asyncio.gather(*tasks)
    assert said == in_order("1", "2", "3")
    assert time.perf_counter() - started < 3 * 0.2 + 0.8  # a lock that is asked for in steps of a second takes two more


async def test_ten_at_once_are_in_order(make_lock: MakeLock) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    names = [str(number) for number in range(10)]
    await asyncio.gather(*(answer(lock, name, said, 0.01) for name in names))
    assert said == in_order(*names)


async def test_conversations_do_not_wait_for_each_other(make_lock: MakeLock) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    await asyncio.gather(answer(lock, "1", said, 0.2, "a"), answer(lock, "2", said, 0.05, "b"))
    assert said[2:] == ["2 ends", "1 ends"]


async def test_a_turn_that_fails_gives_the_conversation_back(make_lock: MakeLock) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]

    async def fail() -> None:
        async with lock.hold("a"):
            raise RuntimeError("broken")

    with pytest.raises(RuntimeError, match="broken"):
        await fail()
    await asyncio.wait_for(answer(lock, "2", said, 0), 0.5)


@pytest.mark.parametrize("who", ["1", "2", "3"])
async def test_who_goes_away_does_not_hold_up_the_others(make_lock: MakeLock, who: str) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    tasks = {}
    for name in "123":
        tasks[name] = asyncio.create_task(answer(lock, name, said, 0.1))
        await asyncio.sleep(0.02)
    tasks.pop(who).cancel()
    await asyncio.wait_for(asyncio.gather(*tasks.values()), 2)
    assert [line for line in said if line.endswith("ends")] == [f"{name} ends" for name in tasks]
    await asyncio.wait_for(answer(lock, "4", said, 0), 0.5)


async def test_cancelled_in_the_moment_of_its_turn_the_next_one_comes(make_lock: MakeLock) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    await warm(lock)

    async def hand_over() -> None:
        async with lock.hold("a"):
            await asyncio.sleep(0.1)
        second.cancel()

    first = asyncio.create_task(hand_over())
    await asyncio.sleep(0.02)
    second = asyncio.create_task(answer(lock, "2", said, 1))
    await asyncio.sleep(0.02)
    third = asyncio.create_task(answer(lock, "3", said, 0))
    await asyncio.wait_for(asyncio.gather(first, third), 2)
    assert said[-2:] == in_order("3")


async def test_a_turn_that_never_ends_is_gone_past(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redis_lock, "ALIVE_SECONDS", 0.3)
    monkeypatch.setattr(redis_lock, "RENEW_SECONDS", 0.1)
    lock, said = make_lock(lifetime=0.5), []  # type: ignore[var-annotated]
    stuck = asyncio.create_task(answer(lock, "1", said, 30))
    await asyncio.sleep(0.1)
    started = time.perf_counter()
    await asyncio.wait_for(asyncio.gather(answer(lock, "2", said, 0.1), answer(lock, "3", said, 0.1)), 5)
    assert 0.2 < time.perf_counter() - started < 2
    assert said == ["1 begins", *in_order("2", "3")]
    stuck.cancel()
    await asyncio.gather(stuck, return_exceptions=True)
    await asyncio.wait_for(answer(lock, "4", said, 0), 0.5)


async def test_a_flood_is_told_that_we_are_busy(make_lock: MakeLock, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (local_lock, redis_lock):
        monkeypatch.setattr(module, "MOST_WAITING", 2)
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    results = await asyncio.gather(*(answer(lock, str(n), said, 0.05) for n in range(5)), return_exceptions=True)
    assert [type(result) for result in results] == [type(None)] * 3 + [ConversationBusy] * 2
    assert said == in_order("0", "1", "2")


async def test_nothing_is_left_behind(make_lock: MakeLock) -> None:
    lock, said = make_lock(), []  # type: ignore[var-annotated]
    await asyncio.gather(*(answer(lock, str(n), said, 0) for n in range(3)))
    if isinstance(lock, LocalLock):
        assert lock._queues == {}
    else:
        assert [key async for key in lock._redis.scan_iter(lock._queue + "*")] == []
        assert [key async for key in lock._redis.scan_iter(lock._alive + "*")] == []
        assert lock._tickets == lock._waiting == {}


async def test_two_assistants_take_turns(redis_url: str) -> None:
    prefix, said = f"test-{uuid.uuid4().hex}:", []  # type: ignore[var-annotated]
    locks = [RedisLock(redis_url, prefix=prefix) for _ in range(2)]
    for lock in locks:
        await warm(lock)
    started = time.perf_counter()
    tasks = []
    for number in range(6):
        tasks.append(asyncio.create_task(answer(locks[number % 2], str(number), said, 0.1)))
        await asyncio.sleep(0.01)
    await asyncio.gather(*tasks)
    assert said == in_order(*"012345")
    assert time.perf_counter() - started < 0.6 + 0.8
    for lock in locks:
        await lock.close()


def _hold_for_ever(url: str, prefix: str, holding: Any) -> None:
    async def hold() -> None:
        async with RedisLock(url, prefix=prefix).hold("a"):
            holding.set()
            await asyncio.sleep(60)

    asyncio.run(hold())


async def test_a_dead_assistant_is_gone_past_within_five_seconds(redis_url: str) -> None:
    prefix, said = f"test-{uuid.uuid4().hex}:", []  # type: ignore[var-annotated]
    context = multiprocessing.get_context("spawn")
    holding = context.Event()
    process = context.Process(target=_hold_for_ever, args=(redis_url, prefix, holding), daemon=True)
    process.start()
    await asyncio.to_thread(holding.wait, 30)
    lock = RedisLock(redis_url, prefix=prefix)
    waiting = asyncio.create_task(answer(lock, "2", said, 0))
    await asyncio.sleep(1.5)
    assert said == []
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    died = time.perf_counter()
    await asyncio.wait_for(waiting, 10)
    assert time.perf_counter() - died < 5
    await lock.close()


async def test_redis_that_lost_everything_is_joined_again(redis_url: str) -> None:
    prefix, said = f"test-{uuid.uuid4().hex}:", []  # type: ignore[var-annotated]
    lock = RedisLock(redis_url, prefix=prefix)
    await warm(lock)
    tasks = [asyncio.create_task(answer(lock, name, said, 0.2)) for name in "12"]
    await asyncio.sleep(0.05)
    await lock._redis.delete(*[key async for key in lock._redis.scan_iter(prefix + "*")])
    await asyncio.wait_for(asyncio.gather(*tasks), 3)
    assert said[-1] == "2 ends"
    await lock.close()


async def test_without_redis_a_turn_is_refused_by_name() -> None:
    lock = ConversationLocks(url="redis://127.0.0.1:9")
    assert not await lock.is_healthy()
    with pytest.raises(ConversationBusy):
        async with lock.lock("a"):
            pass
    await lock.close()


async def test_rasa_makes_it_from_its_endpoints(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIANMIN_REDIS_URL", raising=False)
    store = LockStore.create(EndpointConfig(type="bot.conversations.lock_store.ConversationLocks"))
    assert isinstance(store, ConversationLocks)
    async with store.lock("a") as lock:
        assert lock.conversation_id == "a"
    assert await store.is_healthy()
    monkeypatch.setenv("BIANMIN_REDIS_URL", "localhost")
    with pytest.raises(ConversationSettingError):
        LockStore.create(EndpointConfig(type="bot.conversations.lock_store.ConversationLocks"))
