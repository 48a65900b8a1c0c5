"""The assistant's HTTP server with a scripted agent behind it, in the test's own process."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from sanic import Sanic

from bot.runtime import assistant, logs, settings, tokens
from bot.runtime.guarded_agent import GuardedAgent
from serving.server import Server


class Script:
    """What Rasa's own agent does in this test.

    Attributes:
        handle: called with a guarded message instead of Rasa's agent.
        parse: called with a guarded text instead of Rasa's agent.
        seen: the messages and texts that came through the guard.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.handle: Callable[[UserMessage], Any] = lambda message: [f"您说：{message.text}"]
        self.parse: Callable[[str], dict[str, Any]] = lambda text: {"text": text, "intent": {"name": "greet"}}


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """Rasa's agent replaced beneath ours."""
    script = Script()

    async def handle_message(self: Agent, message: UserMessage) -> None:
        script.seen.append(message.text)
        for text in script.handle(message):
            await message.output_channel.send_text_message(message.sender_id, text)

    async def parse_message(self: Agent, text: str) -> dict[str, Any]:
        script.seen.append(text)
        return script.parse(text)

    monkeypatch.setattr(Agent, "handle_message", handle_message)
    monkeypatch.setattr(Agent, "parse_message", parse_message)
    monkeypatch.setattr(Agent, "is_ready", lambda self: True)
    return script


@pytest.fixture(scope="session")
def assistant_url() -> Iterator[str]:
    """The assistant's app, which counts nothing."""
    with serving_assistant({"BIANMIN_LIMITS": "off"}) as url:
        yield url


@contextmanager
def serving_assistant(environment: dict[str, str]) -> Iterator[str]:
    """Serve the real app of `bot.runtime.assistant`, with an agent that has no model, from a thread.

    Sanic rewrites its own methods when a server starts, and cannot do that twice in a process unless it is in test mode,
    where it keeps the originals.

    Args:
        environment: variables to set while it is made.
    """

    async def load_agent(*_: Any) -> GuardedAgent:
        return GuardedAgent()

    with pytest.MonkeyPatch.context() as patch, socket.create_server(("127.0.0.1", 0)) as listening:
        patch.setattr(Sanic, "test_mode", True)
        patch.setattr(assistant, "load_agent", load_agent)
        patch.setattr(logs, "settle", lambda level: None)
        patch.chdir(settings.ROOT)
        patch.setenv("BIANMIN_ACTIONS_URL", "http://127.0.0.1:9/webhook")
        patch.setenv("BIANMIN_ACTIONS_TOKEN", "shown-to-nobody-here")
        for name, value in environment.items():
            patch.setenv(name, value)
        started, stop = threading.Event(), threading.Event()
        thread = threading.Thread(target=lambda: asyncio.run(_serve(listening, started, stop)))
        thread.start()
        assert started.wait(30)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        stop.set()
        thread.join()


async def _serve(listening: socket.socket, started: threading.Event, stop: threading.Event) -> None:
    server = Server(assistant.build_app(), assistant.bounds())
    serving = asyncio.create_task(server.serve([listening]))
    while not server.started:
        assert not serving.done(), serving.exception()
        await asyncio.sleep(0.01)
    started.set()
    await asyncio.to_thread(stop.wait)
    server.should_exit = True
    await serving


@pytest.fixture
async def client(script: Script, assistant_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client of that server that shows the token, with the scripted agent behind it."""
    shown = tokens.bearer()
    async with httpx.AsyncClient(base_url=assistant_url, trust_env=False, timeout=10, headers=shown) as client:
        yield client


@pytest.fixture
async def stranger(script: Script, assistant_url: str) -> AsyncIterator[httpx.AsyncClient]:
    """A client that has no token."""
    async with httpx.AsyncClient(base_url=assistant_url, trust_env=False, timeout=10) as client:
        yield client
