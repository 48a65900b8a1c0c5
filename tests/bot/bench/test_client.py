"""The residents of the benchmark: who says what when, and that what is no answer is not measured."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from bot.bench.client import Conversation, NoAnswerError, as_plan, talk

SAID = json.dumps([{"recipient_id": "x", "text": "好"}]).encode()


@asynccontextmanager
async def assistant(answer: Callable[[dict[str, Any]], bytes], status: int = 200) -> AsyncIterator[str]:
    """A server that answers each message; gives its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if b"ength" in line)
                assert head.startswith(b"POST /webhooks/rest/webhook ")
                body = answer(json.loads(await reader.readexactly(length)))
                await asyncio.sleep(0)
                first = b"HTTP/1.1 %d X\r\nContent-Type: application/json\r\n" % status
                writer.write(first + b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_one_client_says_one_thing_after_the_other() -> None:
    heard: list[tuple[str, str]] = []

    def answer(message: dict[str, Any]) -> bytes:
        heard.append((message["sender"], message["message"]))
        return SAID

    plan = [Conversation("a", ["一", "二"], ["先"]), Conversation("b", ["三"])]
    async with assistant(answer) as url:
        taken = await talk(url, plan)
    assert heard == [("a", "先"), ("a", "一"), ("a", "二"), ("b", "三")]
    assert [len(turns) for turns in taken.turns] == [2, 1]  # what goes before is not timed
    assert len(taken.all_turns) == 3
    assert 0 < sum(taken.all_turns) <= taken.seconds


async def test_several_clients_hold_different_conversations_and_never_two_messages_of_one_at_once() -> None:
    heard: list[tuple[str, str]] = []

    def answer(message: dict[str, Any]) -> bytes:
        heard.append((message["sender"], message["message"]))
        return SAID

    sentences = [str(number) for number in range(5)]
    async with assistant(answer) as url:
        taken = await talk(url, [Conversation(f"c{number}", sentences) for number in range(7)], clients=3)
    assert [len(turns) for turns in taken.turns] == [5] * 7
    for number in range(7):
        assert [text for sender, text in heard if sender == f"c{number}"] == sentences
    assert {sender for sender, _ in heard[:3]} == {"c0", "c1", "c2"}


async def test_nothing_is_said_after_the_end() -> None:
    async with assistant(lambda message: SAID) as url:
        taken = await talk(url, [Conversation("a", ["一"] * 100)], seconds=0)
    assert taken.turns == [[]]


@pytest.mark.parametrize(("body", "status"), [(b"[]", 200), (b"{}", 200), (SAID, 500), (b"", 200)])
async def test_no_answer_is_an_error_and_no_fast_turn(body: bytes, status: int) -> None:
    async with assistant(lambda message: body, status) as url:
        with pytest.raises(NoAnswerError, match=f"“一”: {status}"):
            await talk(url, [Conversation("a", ["一"])])


def test_a_plan_is_json() -> None:
    plan = as_plan("http://x", [Conversation("a", ("一",), ("先",))], 2, float("inf"))
    assert json.loads(json.dumps(plan, allow_nan=False)) == {
        "url": "http://x",
        "clients": 2,
        "seconds": None,
        "conversations": [["a", ["先"], ["一"]]],
    }
