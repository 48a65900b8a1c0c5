"""How often: in memory and in Redis, for one and for two processes, for different things, and where Redis is gone."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Iterator

import pytest
import redis
import structlog
from limits import RateLimitItem

from serving import counting
from serving.counting import Counter, LimitError, limit, read, spoken_wait

REDIS = "redis://127.0.0.1:6379/9"
KEY = uuid.uuid4().bytes
"""One that no other test has counted with."""


def allowed(text: str) -> RateLimitItem:
    found = read(text)
    assert found is not None
    return found


@pytest.fixture(params=["memory", "redis"])
async def counter(request: pytest.FixtureRequest) -> AsyncIterator[Counter]:
    if request.param == "redis" and not redis_answers():
        pytest.skip("no Redis answers on 127.0.0.1:6379")
    made = Counter(uuid.uuid4().bytes, REDIS if request.param == "redis" else "")
    yield made
    await made.close()


def redis_answers() -> bool:
    try:
        with redis.Redis.from_url(REDIS, socket_connect_timeout=1) as connection:
            return bool(connection.ping())
    except redis.RedisError:
        return False


async def test_what_is_over_the_limit_waits_and_nobody_else(counter: Counter) -> None:
    three = allowed("3 per minute")
    assert [await counter.count(three, "message", "a") for _ in range(3)] == [None] * 3
    seconds = await counter.count(three, "message", "a")
    assert seconds is not None
    assert 50 <= seconds <= 60
    assert await counter.count(three, "message", "b") is None
    assert await counter.count(three, "another kind", "a") is None


async def test_to_look_counts_nothing(counter: Counter) -> None:
    once = allowed("1 per minute")
    assert [await counter.wait(once, "check", "a") for _ in range(5)] == [None] * 5
    assert await counter.count(once, "check", "a") is None
    assert await counter.wait(once, "check", "a") is not None


async def test_after_its_time_it_is_forgotten(counter: Counter) -> None:
    once = allowed("1 per second")
    assert await counter.count(once, "message", "a") is None
    seconds = await counter.count(once, "message", "a")
    assert seconds == 1
    await asyncio.sleep(1.2)
    assert await counter.count(once, "message", "a") is None


async def test_only_different_things_count(counter: Counter) -> None:
    two = allowed("2 per hour")
    tried = ["x", "x", "y", "x", "z", "z", "y", "x"]
    waits = [await counter.count_different(two, "plate", "a", what) for what in tried]
    assert [seconds is None for seconds in waits] == [True, True, True, True, False, False, True, True]
    assert await counter.count_different(two, "plate", "b", "z") is None


async def test_without_a_limit_nothing_is_counted(counter: Counter) -> None:
    assert [await counter.count(None, "message", "a") for _ in range(100)] == [None] * 100
    assert await counter.count_different(None, "plate", "a", "x") is None


@pytest.mark.skipif(not redis_answers(), reason="no Redis answers on 127.0.0.1:6379")
class TestRedis:
    @pytest.fixture
    def connection(self) -> Iterator[redis.Redis]:
        with redis.Redis.from_url(REDIS) as connection:
            yield connection

    async def test_two_processes_count_as_one(self) -> None:
        key = uuid.uuid4().bytes
        one, other = Counter(key, REDIS), Counter(key, REDIS)
        two = allowed("2 per minute")
        assert [await each.count(two, "message", "a") for each in (one, other)] == [None, None]
        assert await one.count(two, "message", "a") is not None
        assert await other.count(two, "message", "a") is not None
        await one.close()
        await other.close()

    async def test_redis_holds_no_list_of_whom(self, connection: redis.Redis) -> None:
        counter = Counter(uuid.uuid4().bytes, REDIS)
        await counter.count_different(allowed("2 per minute"), "plate", "13812345678", "浙A12345")
        await counter.close()
        kept = " ".join(key.decode() for key in connection.scan_iter("*"))
        assert "bianmin:limit" in kept
        assert "13812345678" not in kept
        assert "A12345" not in kept
        assert all(connection.ttl(key) > 0 for key in connection.scan_iter("bianmin:limit*"))


async def test_where_redis_is_gone_everything_may_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SILENT_SECONDS", 0.0)
    counter = Counter(KEY, "redis://127.0.0.1:9/0")
    once = allowed("1 per minute")
    with structlog.testing.capture_logs() as lines:
        assert [await counter.count(once, "message", "a") for _ in range(5)] == [None] * 5
        assert await counter.count_different(once, "plate", "a", "x") is None
    assert [line["event"] for line in lines] == ["limits_not_counted"]


async def test_a_redis_that_does_not_answer_is_left_alone_for_a_while() -> None:
    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        calls.append(1)
        await asyncio.sleep(30)

    calls: list[int] = []
    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    counter = Counter(KEY, f"redis://127.0.0.1:{port}/0")
    once = allowed("1 per minute")
    assert [await counter.count(once, "message", "a") for _ in range(20)] == [None] * 20
    assert len(calls) <= 2
    silent.close()


@pytest.mark.skipif(not redis_answers(), reason="no Redis answers on 127.0.0.1:6379")
async def test_when_redis_is_back_it_counts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(counting, "SILENT_SECONDS", 0.0)
    counter = Counter(uuid.uuid4().bytes, REDIS)
    once = allowed("1 per minute")
    assert await counter.count(once, "message", "a") is None
    kept = counter._limiter()
    with structlog.testing.capture_logs() as lines:
        with monkeypatch.context() as patch:

            async def gone(*_: object) -> bool:
                raise redis.ConnectionError

            patch.setattr(kept, "hit", gone)
            assert await counter.count(once, "message", "a") is None
        assert await counter.count(once, "message", "a") is not None
    assert [line["event"] for line in lines] == ["limits_not_counted", "limits_counted_again"]
    await counter.close()


@pytest.mark.parametrize(
    ("text", "amount", "seconds"),
    [("30 per minute", 30, 60), ("5 per 15 minutes", 5, 900), ("20 per hour", 20, 3600), ("1/second", 1, 1)],
)
def test_a_limit_is_read(text: str, amount: int, seconds: int) -> None:
    found = limit("X", text, {})
    assert found is not None
    assert (found.amount, found.get_expiry()) == (amount, seconds)
    assert limit("X", "9 per day", {"X": text}) == found


@pytest.mark.parametrize("environment", [{"X": "off"}, {"X": "OFF"}, {"BIANMIN_LIMITS": "off"}])
def test_a_limit_is_switched_off(environment: dict[str, str]) -> None:
    assert limit("X", "30 per minute", environment) is None


@pytest.mark.parametrize(
    "text", ["30", "per minute", "-1 per minute", "0 per minute", "3 per 0 minutes", "3 per moon", "３"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(LimitError, match="X="):
        limit("X", "30 per minute", {"X": text})


def test_the_switch_is_on_or_off() -> None:
    with pytest.raises(LimitError, match="BIANMIN_LIMITS"):
        limit("X", "30 per minute", {"BIANMIN_LIMITS": "no"})


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1, "10 秒"), (41, "50 秒"), (60, "60 秒"), (61, "2 分钟"), (900, "15 分钟"), (3600, "60 分钟"), (3601, "2 小时")],
)
def test_a_wait_is_spoken_and_never_too_short(seconds: int, said: str) -> None:
    assert spoken_wait(seconds) == said
