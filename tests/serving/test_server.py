"""Starting and stopping: listeners in order, answers under way end, and what fails at the start is said."""

from __future__ import annotations

import asyncio
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from sanic import Sanic

from serving.bounds import BoundError, Bounds
from tests.serving.conftest import SMALL, running_server

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import asyncio, sys
from sanic import Sanic
from sanic.response import text
from serving.bounds import Bounds
from serving.server import run

app = Sanic("program", configure_logging=False)

@app.post("/slow")
async def slow(request):
    print("begun", flush=True)
    await asyncio.sleep(1)
    return text("answered")

@app.before_server_start
async def start(app, loop):
    if sys.argv[2:] == ["fail"]:
        raise LookupError("there is no model")
    print("starting", flush=True)

@app.after_server_stop
async def stop(app, loop):
    print("stopped", flush=True)

@app.after_server_start
async def started(app, loop):
    print("started", flush=True)

run(app, "127.0.0.1", int(sys.argv[1]), Bounds(1000, 30))
"""


async def test_listeners_are_called_and_what_is_being_answered_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Sanic, "test_mode", True)
    async with running_server(SMALL) as server:
        assert server.calls == ["before_server_start", "after_server_start"]
        idle = await server.connect()
        answer = asyncio.create_task(server.ask("/wait"))
        await server.until_seen(1)
        server.server.should_exit = True
        await idle[0].read()  # an idle connection is closed at once
        assert not answer.done()
        server.go_on.set()
        assert (await answer).endswith(b"waited")
    assert server.calls[2:] == ["before_server_stop", "after_server_stop"]


def program(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def test_a_signal_ends_it_in_order() -> None:
    port = free_port()
    process = program(str(port))
    assert process.stdout is not None
    assert [process.stdout.readline().strip() for _ in range(2)] == ["starting", "started"]
    async with httpx.AsyncClient(trust_env=False, timeout=20) as client:
        while True:
            try:
                asked = asyncio.create_task(client.post(f"http://127.0.0.1:{port}/slow"))
                assert await asyncio.to_thread(process.stdout.readline) == "begun\n"
                break
            except httpx.ConnectError:
                await asyncio.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert (await asked).text == "answered"
    out, errors = await asyncio.to_thread(process.communicate, timeout=20)
    assert (process.returncode, out, errors) == (0, "stopped\n", "")


def test_what_fails_at_the_start_is_the_last_line() -> None:
    _, errors = (process := program(str(free_port()), "fail")).communicate(timeout=30)
    assert process.returncode == 1
    assert errors.splitlines()[-1] == "LookupError: there is no model"


def test_a_port_in_use_ends_it() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        out, _ = (process := program(str(taken.getsockname()[1]))).communicate(timeout=30)
    assert process.returncode != 0
    assert out.splitlines()[-1] == "stopped"


@pytest.mark.parametrize("value", ["0", "-1", "x", "1.5", "100000", "１０"])
@pytest.mark.parametrize("name", ["BIANMIN_REQUEST_SECONDS", "BIANMIN_CONNECTIONS"])
def test_a_bound_that_is_none_is_refused(name: str, value: str) -> None:
    with pytest.raises(BoundError, match=name):
        Bounds.from_environment(1, 1, {name: value})


def test_bounds_are_settings() -> None:
    bounds = Bounds.from_environment(1, 2, {"BIANMIN_REQUEST_SECONDS": "7", "BIANMIN_CONNECTIONS": "99"})
    assert (bounds.request_seconds, bounds.connections, bounds.body_bytes, bounds.answer_seconds) == (7, 99, 1, 2)
