"""What reaches the app: whole requests, small enough, answered in time; and that answers say their length."""

from __future__ import annotations

import asyncio

import pytest

from tests.serving.conftest import SMALL, Running

CHUNKED = b"POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"


async def test_a_body_that_is_too_large_is_refused_by_its_length_alone(server: Running) -> None:
    head = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % (SMALL.body_bytes + 1)
    answer = await server.send(head)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b'"request_entity_too_large"' in answer
    assert server.seen == []


async def test_a_body_without_a_length_is_refused_once_it_is_too_large(server: Running) -> None:
    answer = await server.send(CHUNKED, *[b"3e8\r\n" + b"x" * 1000 + b"\r\n"] * 11)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert server.seen == []


async def test_the_largest_body_is_taken(server: Running) -> None:
    assert (await server.ask(body=b"x" * SMALL.body_bytes)).startswith(b"HTTP/1.1 200 ")
    assert server.seen == [b"x" * SMALL.body_bytes]


@pytest.mark.parametrize("head", [b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n", CHUNKED + b"9\r\n"])
async def test_half_a_request_is_not_acted_on(server: Running, head: bytes) -> None:
    _, writer = await server.connect()
    writer.write(head + b"half")
    await asyncio.sleep(0.1)
    writer.close()
    await asyncio.sleep(0.1)
    assert server.seen == []
    assert not server.server.server_state.tasks


async def test_an_answer_that_takes_too_long_is_given_up(server: Running, caplog: pytest.LogCaptureFixture) -> None:
    answer = await server.ask("/wait")
    assert answer.startswith(b"HTTP/1.1 503 ")
    assert b'"service_unavailable"' in answer
    assert (await server.ask()).endswith(b"127.0.0.1 x")
    assert not server.server.server_state.tasks


async def test_an_answer_says_its_length_and_the_connection_stays(server: Running) -> None:
    reader, writer = await server.connect()
    for word in (b"one", b"two"):
        writer.write(b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n" + word)
        answer = await reader.readuntil(word)
        assert b"content-length: 13\r\n" in answer
        assert b"chunked" not in answer
    writer.close()


async def test_two_requests_sent_at_once_are_answered_in_order(server: Running) -> None:
    one = b"POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\none"
    last = b"POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 3\r\n\r\ntwo"
    answer = await server.send(one + last)
    assert answer.count(b"HTTP/1.1 200 ") == 2
    assert answer.index(b"one") < answer.index(b"two")


async def test_a_head_alone_is_asked_for(server: Running) -> None:
    answer = await server.send(b"HEAD /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 ")
    assert answer.endswith(b"\r\n\r\n")


async def test_where_a_request_comes_from_no_header_says(server: Running) -> None:
    asked = b"GET /echo HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 8.8.8.8\r\nConnection: close\r\n\r\n"
    assert (await server.send(asked)).endswith(b"127.0.0.1 ")
