"""Connections that drip, say nothing, send heads without end, or are very many: cut, while others are answered."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest
from sanic import Sanic

from tests.serving.conftest import SMALL, Running, running_server

HEAD = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 50\r\n\r\n"
CHUNKED = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
DRIPS = {
    "first line": [b"GET /", *[b"a"] * 200],
    "blank lines": [b"\r\n"] * 200,
    "header": [b"POST /echo HTTP/1.1\r\nHost: a\r\nX-A: ", *[b"b"] * 200],
    "headers": [b"POST /echo HTTP/1.1\r\nHost: a\r\n", *[b"X-A: b\r\n"] * 200],
    "body": [HEAD, *[b"x"] * 40],
    "chunks": [CHUNKED, *[b"1\r\nx\r\n"] * 200],
    "trailers": [CHUNKED + b"1\r\nx\r\n0\r\n", *[b"X-A: b\r\n"] * 200],
    "head and body": [*(bytes([one]) for one in HEAD), *[b"x"] * 40],
}


@pytest.mark.parametrize("drip", DRIPS)
async def test_who_drips_is_cut_and_nothing_is_done(server: Running, drip: str) -> None:
    dripping = asyncio.create_task(server.send(*DRIPS[drip], pause=0.05))
    await asyncio.sleep(0.1)
    assert (await server.ask()).endswith(b"127.0.0.1 x")  # others are answered meanwhile
    answer = await dripping
    assert answer == b"" if drip == "blank lines" else answer.startswith(b"HTTP/1.1 408 ")
    assert server.seen == [b"x"]
    assert not server.server.server_state.tasks


async def test_drips_between_two_requests_are_cut_as_well(server: Running) -> None:
    reader, writer = await server.connect()
    writer.write(HEAD + b"x" * 50)
    assert await reader.readuntil(b"x" * 50)
    answer = asyncio.ensure_future(reader.read())
    drops = 0
    while not answer.done() and drops < 100:
        writer.write(b"\r\n")
        drops += 1
        await asyncio.sleep(0.05)
    assert answer.done()
    assert 5 < drops < 40


async def test_a_dripping_second_request_is_cut(server: Running) -> None:
    asked = HEAD + b"x" * 50
    answer = await server.send(asked, *[b"P"] * 100, pause=0.05)
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert server.seen == [b"x" * 50]


async def test_a_connection_that_says_nothing_is_closed(server: Running) -> None:
    assert await server.send() == b""


async def test_a_slow_request_within_its_time_is_answered(server: Running) -> None:
    pieces = [HEAD[:20], HEAD[20:], b"x" * 20, b"y" * 30]
    reader, writer = await server.connect()
    for piece in pieces:
        writer.write(piece)
        await asyncio.sleep(0.05)
    assert (await reader.readuntil(b"y" * 30)).startswith(b"HTTP/1.1 200 ")
    writer.close()


async def test_after_an_early_answer_the_rest_of_the_request_has_no_longer_time(server: Running) -> None:
    # The size alone is refused; the body that never comes must not keep the connection.
    answer = await server.send(HEAD.replace(b"50", b"50000"), *[b"x"] * 100, pause=0.05)
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 3000,
        b"GET /" + b"a" * 3000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 3000,
        b"GET /echo HTTP/1.1\r\nHost: a\r\nX-A: " + b"b" * 3000 + b"\r\n\r\n",
        b"GET /echo HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 1000,
        b"GET /echo HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n",
    ],
    ids=["address", "whole address", "header", "whole header", "headers", "whole headers"],
)
async def test_a_head_has_a_size(server: Running, head: bytes) -> None:
    answer = await server.send(head)
    assert answer.startswith(b"HTTP/1.1 431 ")
    assert server.seen == []


@pytest.mark.parametrize(
    "what", [b"hello\r\n\r\n", b"\x16\x03\x01\x00", b"GET /echo HTTP/9.9.9\r\n\r\n", HEAD + b"x" * 50 + b"!!!\r\n"]
)
async def test_what_is_no_request_is_answered_400(server: Running, what: bytes) -> None:
    answer = await server.send(what)
    assert b"HTTP/1.1 400 " in answer


async def test_another_protocol_is_not_spoken(server: Running) -> None:
    upgrade = (
        b"GET /echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n"
    )
    answer = await server.send(upgrade, b"\x81\x00", pause=0.05)
    assert b"101" not in answer.split(b"\r\n")[0]


async def test_many_idle_connections_give_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)
    bounds = dataclasses.replace(SMALL, connections=8, request_seconds=60)
    async with running_server(bounds) as server:
        idle = [await server.connect() for _ in range(40)]
        for _, writer in idle:
            writer.write(b"POST /echo HT")
        assert (await server.ask()).endswith(b"127.0.0.1 x")
        assert len(server.server.server_state.connections) <= 8
        # The longest waiting first: the youngest is still there.
        reader, writer = idle[-1]
        writer.write(b"TP/1.1\r\nHost: a\r\nContent-Length: 1\r\nConnection: close\r\n\r\ny")
        assert (await reader.read()).endswith(b"127.0.0.1 y")
        assert await idle[0][0].read() == b""
        for _, writer in idle:
            writer.close()


async def test_where_all_are_being_answered_the_next_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)
    bounds = dataclasses.replace(SMALL, connections=8, answer_seconds=60)
    async with running_server(bounds) as server:
        waiting = [asyncio.create_task(server.ask("/wait")) for _ in range(7)]
        await server.until_seen(7)
        assert (await server.ask()).startswith(b"HTTP/1.1 503 ")
        server.go_on.set()
        assert all(answer.endswith(b"waited") for answer in await asyncio.gather(*waiting))
