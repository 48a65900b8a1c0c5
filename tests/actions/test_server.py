"""The action server over HTTP: actions that fail, hang or do not exist, broken requests, notices; then one that works."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
import zlib
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import structlog
from cryptography.fernet import Fernet
from rasa_sdk.events import SlotSet
from rasa_sdk.interfaces import ActionExecutionRejection
from sanic import Sanic
from sqlalchemy import text

from actions import context
from actions.callers import UNKNOWN, refusal
from actions.city import Cities, Unavailable, turn_deadline
from actions.context import Services
from actions.domains import MOST_KEPT
from actions.ledger import Ledger, PaymentOutcome
from actions.payments import NoticeRefused
from actions.server import ANSWER_SECONDS, BROKEN_ACTION_TEXT, MAX_BODY_BYTES, create_app
from actions.settings import LOCAL_HOSTS, Settings
from serving.bounds import Bounds
from serving.names import NAMES, derived_key, name_of
from serving.server import Server as HttpServer

SECRET = "3301234567"
TOKEN = "what-the-assistant-shows"
SHOWN = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
ROOT = Path(__file__).resolve().parents[2]


class FakePayments:
    """Payments that answer as a test tells them to."""

    def __init__(self) -> None:
        self.answer: PaymentOutcome | Exception = PaymentOutcome.MOVED
        self.bodies: list[bytes] = []
        self.passes = 0

    async def receive_notice(self, headers: dict[str, str], body: bytes) -> PaymentOutcome:
        self.bodies.append(body)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def reconcile_forever(self) -> None:
        self.passes += 1
        await asyncio.Event().wait()

    async def close(self) -> None:
        pass


class Server:
    """A running action server and its client."""

    def __init__(self, app: Sanic, payments: FakePayments, client: httpx.AsyncClient) -> None:
        self.app = app
        self.payments = payments
        self.client = client

    def add(self, name: str, action: Any) -> None:
        self.app.ctx.executor.register_function(name, action)

    async def run(self, action: str, sender_id: str = "conversation-a", message_id: str = "m1") -> httpx.Response:
        return await self.call(call(action, sender_id, message_id))

    async def call(self, body: Any, **headers: str) -> httpx.Response:
        """Call as the assistant does.

        Args:
            body: bytes as they are, anything else as JSON.
            headers: besides the assistant's own, or instead; _ stands for -.
        """
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/webhook", content=content, headers={**SHOWN, **more})


def call(action: str, sender_id: str = "conversation-a", message_id: str = "m1") -> dict[str, Any]:
    latest = {"text": f"户号{SECRET}", "message_id": message_id}
    tracker = {"sender_id": sender_id, "slots": {"account_number": SECRET}, "latest_message": latest, "events": []}
    return {"next_action": action, "sender_id": sender_id, "tracker": tracker, "domain": {}, "version": "3.6.21"}


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    monkeypatch.setattr(Sanic, "test_mode", True)
    key = Fernet.generate_key().decode()
    settings = Settings(database_url=f"sqlite:///{tmp_path / 'l.db'}", ledger_key=key, action_seconds=0.2, token=TOKEN)
    payments = FakePayments()
    cities = Cities(settings)
    ledger = Ledger.from_settings(settings)
    ledger.upgrade()
    services = Services(cities=cities, payments=payments, ledger=ledger, settings=settings)  # type: ignore[arg-type]
    app = create_app(settings, services, package="actions.city")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        running = HttpServer(app, Bounds(MAX_BODY_BYTES, ANSWER_SECONDS))
        serving = asyncio.create_task(running.serve([listener]))
        while not running.started:
            assert not serving.done(), serving.exception()
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            yield Server(app, payments, client)
        running.should_exit = True
        await serving
    await cities.close()
    ledger.close()


class TestActions:
    async def test_unknown(self, server: Server) -> None:
        response = await server.run("action_unknown")
        assert (response.status_code, response.json()["action_name"]) == (404, "action_unknown")

    async def test_fails(self, server: Server, caplog: pytest.LogCaptureFixture) -> None:
        def fail(dispatcher: Any, tracker: Any, domain: Any) -> None:
            raise ValueError(f"about {tracker.slots}")

        server.add("test_fails", fail)
        response = await server.run("test_fails")
        assert (response.status_code, response.json()["events"]) == (200, [])
        said = response.json()["responses"]
        assert [message["text"] for message in said] == [BROKEN_ACTION_TEXT]
        assert said[0]["buttons"] == [{"title": "转人工", "payload": "/handoff_human"}]
        assert SECRET not in response.text
        assert "Traceback" not in response.text

    async def test_hangs(self, server: Server) -> None:
        async def hang(dispatcher: Any, tracker: Any, domain: Any) -> None:
            await asyncio.Event().wait()

        server.add("test_hangs", hang)
        response = await asyncio.wait_for(server.run("test_hangs"), 5)
        assert response.json()["responses"][0]["text"] == BROKEN_ACTION_TEXT

    async def test_one_that_hangs_holds_up_no_other(self, server: Server) -> None:
        entered = asyncio.Event()

        async def hang(dispatcher: Any, tracker: Any, domain: Any) -> None:
            entered.set()
            await asyncio.Event().wait()

        server.add("test_hangs", hang)
        server.add("test_works", lambda dispatcher, tracker, domain: [])
        hanging = asyncio.create_task(server.run("test_hangs"))
        await entered.wait()
        assert (await server.run("test_works", "conversation-b")).status_code == 200
        assert not hanging.done()
        await hanging

    async def test_a_form_that_gives_way(self, server: Server) -> None:
        def reject(dispatcher: Any, tracker: Any, domain: Any) -> None:
            raise ActionExecutionRejection("test_rejects", f"cannot use {SECRET}")

        server.add("test_rejects", reject)
        response = await server.run("test_rejects")
        assert (response.status_code, response.json()["action_name"]) == (400, "test_rejects")
        assert SECRET not in response.text

    async def test_a_domain_is_sent_once(self, server: Server) -> None:
        seen: list[Any] = []
        server.add("test_sees", lambda dispatcher, tracker, domain: seen.append(domain))
        known = {**call("test_sees"), "domain_digest": "a"}
        left_out = {name: value for name, value in known.items() if name != "domain"}
        answers = [
            await server.call(body)
            for body in (left_out, {**known, "domain": {"slots": {"city": {}}}}, left_out, call("test_sees"))
        ]
        assert [answer.status_code for answer in answers] == [449, 200, 200, 200]
        assert [answer.json().get("domain_kept") for answer in answers] == [None, "a", "a", None]
        assert seen == [{"slots": {"city": {}}}, {"slots": {"city": {}}}, {}]

    async def test_few_domains_are_kept(self, server: Server) -> None:
        server.add("test_sees", lambda dispatcher, tracker, domain: [])
        for number in range(MOST_KEPT + 1):
            await server.call({**call("test_sees"), "domain_digest": str(number)})
        left_out = {name: value for name, value in call("test_sees").items() if name != "domain"}
        found = [
            (await server.call({**left_out, "domain_digest": str(number)})).status_code
            for number in range(MOST_KEPT + 1)
        ]
        assert found == [449, *[200] * MOST_KEPT]

    async def test_works(self, server: Server) -> None:
        def work(dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
            dispatcher.utter_message(response="utter_done")
            return [SlotSet("account_number", None)]

        server.add("test_works", work)
        for body in (json.dumps(call("test_works")).encode(), zlib.compress(json.dumps(call("test_works")).encode())):
            response = await server.call(body, **({} if body.startswith(b"{") else {"Content_Encoding": "deflate"}))
            assert response.status_code == 200
            assert response.json()["events"] == [SlotSet("account_number", None)]
            assert [message["response"] for message in response.json()["responses"]] == ["utter_done"]

    async def test_knows_its_conversation_and_its_deadline(self, server: Server) -> None:
        seen: list[tuple[object, float | None]] = []

        async def look(dispatcher: Any, tracker: Any, domain: Any) -> None:
            bound = structlog.contextvars.get_contextvars()
            seen.append((bound.get("conversation"), turn_deadline.get()))

        server.add("test_looks", look)
        for sender_id, message_id in (("a", "m1"), ("a", "m1"), ("a", "m2"), ("b", "m1")):
            await server.run("test_looks", sender_id, message_id)
        names = {one: name_of(one, derived_key(TOKEN, NAMES)) for one in "ab"}
        assert [conversation for conversation, _ in seen] == [names[one] for one in "aaab"]
        deadlines = [deadline for _, deadline in seen]
        assert None not in deadlines
        assert deadlines[0] == deadlines[1]
        assert len(set(deadlines)) == 3

    async def test_finds_its_services(self, server: Server) -> None:
        found: list[Services] = []
        server.add("test_looks", lambda dispatcher, tracker, domain: found.append(context.current()))
        await server.run("test_looks")
        assert found[0].payments is server.payments
        assert server.payments.passes == 1


BROKEN: list[tuple[bytes, dict[str, str]]] = [
    (b"", {}),
    (b"{", {}),
    (b"[]", {}),
    (b"null", {}),
    (b'"text"', {}),
    (b"\xff\xfe", {}),
    (b'{"next_action": "x"}', {}),
    (b'{"next_action": "x", "tracker": {}}', {}),
    (b'{"next_action": "x", "tracker": []}', {}),
    (b"not deflated", {"Content_Encoding": "deflate"}),
    (zlib.compress(b" " * (MAX_BODY_BYTES + 1)), {"Content_Encoding": "deflate"}),
]


STRANGERS: list[tuple[dict[str, str], int, str]] = [
    ({"Authorization": ""}, 401, "unauthorized"),
    ({"Authorization": "Bearer"}, 401, "unauthorized"),
    ({"Authorization": f"Bearer {TOKEN[:-1]}"}, 401, "unauthorized"),
    ({"Authorization": f"Bearer {TOKEN}x"}, 401, "unauthorized"),
    ({"Authorization": f"Basic {TOKEN}"}, 401, "unauthorized"),
    ({"Authorization": TOKEN}, 401, "unauthorized"),
    # What a page of elsewhere can send without asking first.
    ({"Content_Type": "text/plain"}, 400, "bad_request"),
    ({"Content_Type": "application/x-www-form-urlencoded"}, 400, "bad_request"),
    ({"Content_Type": ""}, 400, "bad_request"),
    ({"Host": "evil.test"}, 403, "forbidden"),
    ({"Host": "127.0.0.1.evil.test:5055"}, 403, "forbidden"),
    ({"Host": "[evil"}, 403, "forbidden"),
]


class TestCallers:
    """Who may have actions run; the server's own log lines are what an operator sees of the others."""

    @pytest.mark.parametrize(("headers", "status", "code"), STRANGERS)
    async def test_of_a_stranger_nothing_is_run(
        self, server: Server, headers: dict[str, str], status: int, code: str
    ) -> None:
        ran: list[str] = []
        server.add("test_runs", lambda dispatcher, tracker, domain: ran.append(tracker.sender_id))
        with structlog.testing.capture_logs() as lines:
            refused = await server.call(call("test_runs"), **headers)
        assert (refused.status_code, refused.json()) == (status, {"code": code})
        assert ran == []
        assert lines == [{"event": "caller_refused", "code": code, "log_level": "warning"}]

    @pytest.mark.parametrize(
        "headers",
        [{"Host": "localhost:5055"}, {"Host": "LOCALHOST"}, {"Content_Type": "application/json; charset=utf-8"}],
    )
    async def test_the_assistant_is_let_in(self, server: Server, headers: dict[str, str]) -> None:
        server.add("test_runs", lambda dispatcher, tracker, domain: [])
        assert (await server.call(call("test_runs"), **headers)).status_code == 200

    def test_without_a_secret_nobody_is_let_in(self) -> None:
        for shown in ("", "Bearer ", "Bearer x"):
            request = SimpleNamespace(headers={"Host": "localhost", "Authorization": shown})
            assert refusal(request, "", LOCAL_HOSTS) == UNKNOWN  # type: ignore[arg-type]


class TestRequests:
    @pytest.mark.parametrize(("body", "headers"), BROKEN)
    async def test_broken(self, server: Server, body: bytes, headers: dict[str, str]) -> None:
        response = await server.call(body, **headers)
        assert (response.status_code, response.json()) == (400, {"code": "bad_request"})

    @pytest.mark.parametrize(
        ("method", "path", "status"), [("GET", "/webhook", 405), ("GET", "/", 404), ("POST", f"/{SECRET}", 404)]
    )
    async def test_to_nowhere(self, server: Server, method: str, path: str, status: int) -> None:
        response = await server.client.request(method, path)
        assert (response.status_code, response.json()) == (status, {"code": "bad_request"})

    async def test_too_large(self, server: Server) -> None:
        # The server does not read on, so its answer may be lost with the connection.
        with suppress(httpx.TransportError):
            response = await server.call(b"x" * (MAX_BODY_BYTES + 1))
            assert response.status_code == 413
        assert (await server.client.get("/health")).status_code == 200

    async def test_of_another_origin_get_no_leave(self, server: Server) -> None:
        origin = {"Origin": "http://evil.test", "Access-Control-Request-Method": "POST"}
        for response in (
            await server.client.get("/health", headers=origin),
            await server.client.options("/webhook", headers=origin),
        ):
            assert not [name for name in response.headers if name.lower().startswith("access-control-allow")]

    async def test_health(self, server: Server) -> None:
        expected = {"status": "ok", "orders_stuck": 0, "hand_overs_waiting": 0}
        assert (await server.client.get("/health")).json() == expected

    async def test_health_with_the_ledger_gone(self, server: Server) -> None:
        with context.current().ledger.engine.begin() as connection:
            connection.execute(text("ALTER TABLE payment_orders RENAME TO gone"))
        answer = await server.client.get("/health")
        assert (answer.status_code, answer.json()) == (503, {"status": "down", "part": "ledger"})
        assert (await server.client.get("/alive")).status_code == 200


class TestNotices:
    @pytest.mark.parametrize(
        ("answer", "status", "code"),
        [
            (NoticeRefused("signature_invalid", 401), 401, "signature_invalid"),
            (NoticeRefused("unknown_trade", 404), 404, "unknown_trade"),
            (Unavailable("timeout"), 503, "unavailable"),
            (RuntimeError(f"the database is gone: {SECRET}"), 500, "internal_error"),
        ],
    )
    async def test_not_acknowledged(self, server: Server, answer: Exception, status: int, code: str) -> None:
        server.payments.answer = answer
        response = await server.client.post("/payments/notice", content=b"{}")
        assert (response.status_code, response.json()) == (status, {"code": code})

    @pytest.mark.parametrize("outcome", PaymentOutcome)
    async def test_acknowledged(self, server: Server, outcome: PaymentOutcome) -> None:
        server.payments.answer = outcome
        body = '{"a": "水"}\n'.encode()
        assert (await server.client.post("/payments/notice", content=body)).status_code == 200
        assert server.payments.bodies == [body]


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class TestProcess:
    def _start(self, tmp_path: Path, port: int, **more: str) -> subprocess.Popen[str]:
        environ = {
            **os.environ,
            "BIANMIN_ACTIONS_PORT": str(port),
            "DATABASE_URL": f"sqlite:///{tmp_path / 'ledger.db'}",
            "BIANMIN_LEDGER_KEY": Fernet.generate_key().decode(),
            "BIANMIN_CITY_API_URL": "http://127.0.0.1:9",
            **more,
        }
        command = [sys.executable, "-m", "actions"]
        return subprocess.Popen(command, cwd=ROOT, env=environ, stderr=subprocess.PIPE, text=True)

    def test_starts_on_loopback_only_and_stops(self, tmp_path: Path) -> None:
        port = _free_port()
        process = self._start(tmp_path, port)
        try:
            deadline = time.monotonic() + 30
            while time.monotonic() < deadline and process.poll() is None:
                try:
                    assert httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False).status_code == 200
                    break
                except httpx.HTTPError:
                    time.sleep(0.1)
            listening = subprocess.run(["ss", "-ltnH", f"sport = :{port}"], capture_output=True, text=True, check=False)
            addresses = {line.split()[3] for line in listening.stdout.splitlines()}
            assert addresses <= {f"127.0.0.1:{port}"}
        finally:
            process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        assert process.returncode == 0
        assert "Traceback" not in errors
        assert [line for line in errors.splitlines() if not line.startswith("{")] == []

    def test_port_in_use_is_said_in_one_line(self, tmp_path: Path) -> None:
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            process = self._start(tmp_path, taken.getsockname()[1])
            _, errors = process.communicate(timeout=30)
        assert (process.returncode, len(errors.splitlines())) == (1, 1)
        assert "BIANMIN_ACTIONS_PORT" in errors

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", "mysql://u:hidden@h/d"),
            ("DATABASE_URL", "postgresql://u:hidden@127.0.0.1:9/d"),
            ("BIANMIN_LEDGER_KEY", "hidden"),
        ],
    )
    def test_what_it_cannot_use_is_said_in_one_line(self, tmp_path: Path, name: str, value: str) -> None:
        process = self._start(tmp_path, _free_port(), **{name: value})
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, len(errors.splitlines())) == (1, 1)
        assert name in errors
        assert "hidden" not in errors


def test_logging_is_left_alone_by_importing() -> None:
    assert logging.raiseExceptions
