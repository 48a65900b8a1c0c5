"""A small client against a server that goes away, dawdles, talks nonsense, and at last answers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import aiohttp
import pytest

from bot.runtime import kept_connection
from bot.runtime.kept_connection import KeptConnections

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: 2\r\n\r\n{}"


class Server:
    """Answers each request with the next of `answers`; None hangs, b"" hangs up."""

    def __init__(self) -> None:
        self.answers: list[bytes | None] = []
        self.requests: list[tuple[bytes, bytes]] = []
        self.connections = 0
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(int(line[15:]) for line in head.split(b"\r\n") if line.startswith(b"Content-Length:"))
                self.requests.append((head, await reader.readexactly(length)))
                answer = self.answers.pop(0) if self.answers else OK
                if answer is None:
                    await asyncio.sleep(60)
                elif not answer:
                    break
                else:
                    # In two pieces, as the network may.
                    writer.write(answer[:20])
                    await writer.drain()
                    await asyncio.sleep(0.001)
                    writer.write(answer[20:])
                    if b"close" in answer:
                        break
        writer.close()


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    running = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.url = f"http://127.0.0.1:{running.sockets[0].getsockname()[1]}/webhook"
    yield made
    running.close()


@pytest.fixture
async def kept(server: Server) -> AsyncIterator[KeptConnections]:
    made = KeptConnections(server.url, {"X-A": "b"}, idle_seconds=60)
    yield made
    made.close()


async def test_one_that_is_not_there() -> None:
    nobody = KeptConnections("http://127.0.0.1:1/webhook", {}, 60)
    with pytest.raises(aiohttp.ClientConnectionError):
        await nobody.post(b"{}", 5, 2)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"", aiohttp.ClientConnectionError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}close", aiohttp.ClientConnectionError),
        (b"220 smtp.example ESMTP, not HTTP at all\r\n", aiohttp.ClientPayloadError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n{}", aiohttp.ClientPayloadError),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + b"x" * 99, aiohttp.ClientPayloadError),
        (None, asyncio.TimeoutError),
    ],
)
async def test_what_is_no_answer_is_an_error_and_the_next_request_works(
    server: Server,
    kept: KeptConnections,
    monkeypatch: pytest.MonkeyPatch,
    answer: bytes | None,
    error: type[BaseException],
) -> None:
    monkeypatch.setattr(kept_connection, "LARGEST_ANSWER", 50)
    server.answers = [answer]
    with pytest.raises(error):
        await asyncio.wait_for(kept.post(b"{}", 0.2, 0.2), 5)
    assert (await kept.post(b"{}", 5, 2)).body == b"{}"
    assert server.connections == 2


async def test_a_caller_who_gives_up_leaves_no_connection_to_others(server: Server, kept: KeptConnections) -> None:
    server.answers = [None]
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(kept.post(b"1", 60, 2), 0.1)
    assert (await kept.post(b"2", 5, 2)).status == 200
    assert server.connections == 2


async def test_an_answer_that_closes(server: Server, kept: KeptConnections) -> None:
    server.answers = [b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n[1, 2]"]
    assert (await kept.post(b"{}", 5, 2)).body == b"[1, 2]"
    assert (await kept.post(b"{}", 5, 2)).status == 200
    assert server.connections == 2


async def test_an_idle_connection_is_not_used_again(server: Server) -> None:
    kept = KeptConnections(server.url, {}, idle_seconds=0.02)
    await kept.post(b"{}", 5, 2)
    await asyncio.sleep(0.05)
    await kept.post(b"{}", 5, 2)
    kept.close()
    assert server.connections == 2


async def test_one_closed_meanwhile_is_not_used_again(server: Server, kept: KeptConnections) -> None:
    server.answers = [OK + b"close"]  # more than was asked for, and then the end
    await kept.post(b"{}", 5, 2)
    await asyncio.sleep(0.05)
    assert (await kept.post(b"{}", 5, 2)).status == 200
    assert server.connections == 2


async def test_an_error_status_is_an_answer(server: Server, kept: KeptConnections) -> None:
    server.answers = [
        b'HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n{"a\r\n5\r\n": 1}\r\n0\r\n\r\n'
    ]
    answer = await kept.post(b"{}", 5, 2)
    assert (answer.status, answer.reason, bytes(answer.body)) == (400, "Bad Request", b'{"a": 1}')
    assert (await kept.post(b"{}", 5, 2)).status == 200
    assert server.connections == 1


@pytest.mark.parametrize("url", ["", "https://x/", "http://", "http://a:b@x/", "http://x/?token=1", "http://x/#a", "x"])
def test_an_address_that_needs_more_is_refused(url: str) -> None:
    with pytest.raises(ValueError, match="form"):
        KeptConnections(url, {}, 2)


def test_a_header_is_one_line() -> None:
    with pytest.raises(ValueError, match="header"):
        KeptConnections("http://x/", {"A": "b\r\nC: d"}, 2)


async def test_requests_share_a_connection_one_after_the_other(server: Server, kept: KeptConnections) -> None:
    for number in range(3):
        answer = await kept.post(b"%d" % number, 5, 2)
        assert (answer.status, answer.content_type, answer.body) == (200, "application/json", b"{}")
    await asyncio.gather(kept.post(b"3", 5, 2), kept.post(b"4", 5, 2))
    assert sorted(body for _, body in server.requests) == [b"0", b"1", b"2", b"3", b"4"]
    assert server.connections == 2
    assert b"POST /webhook HTTP/1.1\r\nHost: 127.0.0.1:" in server.requests[0][0]
    assert b"X-A: b\r\n" in server.requests[0][0]
