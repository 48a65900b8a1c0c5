"""The action server is reached over one kept connection, and not waited for without end."""

import asyncio
import inspect
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from bot.runtime import action_endpoint
from bot.runtime.action_endpoint import ActionEndpoint

Handler = Callable[[web.Request], Awaitable[web.Response]]


class Server:
    """Counts connections, and answers as the test says."""

    def __init__(self) -> None:
        self.connections: set[object] = set()
        self.status = 200
        self.url = ""
        self.authorization = ""
        self.body: dict[str, Any] = {}
        self.bodies: list[dict[str, Any]] = []
        self.keeps_domains = True
        self.domains: set[str] = set()

    async def answer(self, request: web.Request) -> web.Response:
        self.connections.add(request.transport)
        self.authorization = request.headers["Authorization"]
        self.body = await request.json()
        self.bodies.append(self.body)
        digest = self.body.get("domain_digest") if self.keeps_domains else None
        if digest and "domain" not in self.body and digest not in self.domains:
            return web.json_response({"error": "unknown domain"}, status=449)
        self.domains.add(digest)
        kept = {"domain_kept": digest} if digest else {}
        return web.json_response({"events": [], **kept}, status=self.status)


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    app = web.Application()
    app.router.add_post("/webhook", made.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    made.url = f"http://127.0.0.1:{runner.addresses[0][1]}/webhook"
    yield made
    await runner.cleanup()


@pytest.fixture
async def endpoint(server: Server) -> AsyncIterator[ActionEndpoint]:
    made = ActionEndpoint.like(EndpointConfig(server.url, basic_auth={"username": "a", "password": "b"}, retries=1))
    yield made
    await made.close()


async def test_requests_share_a_connection(server: Server, endpoint: ActionEndpoint) -> None:
    for _ in range(3):
        assert await endpoint.request(method="post", json={}) == {"events": []}
    assert len(server.connections) == 1
    assert server.authorization == "Basic YTpi"


async def test_after_a_refusal_the_next_request_works(server: Server, endpoint: ActionEndpoint) -> None:
    server.status = 400
    with pytest.raises(ClientResponseError):
        await endpoint.request(method="post", json={})
    server.status = 200
    assert await endpoint.request(method="post", json={}) == {"events": []}


async def test_an_action_that_hangs_is_given_up(endpoint: ActionEndpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action_endpoint, "ACTION_SECONDS", 0.0001)
    with pytest.raises(asyncio.TimeoutError):
        await endpoint.request(method="post", json={}, timeout=300)


async def test_a_body_goes_as_it_is(server: Server, endpoint: ActionEndpoint) -> None:
    body = {"next_action": "action_x", "tracker": {"slots": {"city": "杭州"}, "events": [{"event": "user"}]}}
    await endpoint.request(method="post", json=body)
    assert server.body == body


DOMAIN = {"responses": {"utter_greet": [{"text": "您好"}]}}


def has_domain(server: Server) -> list[bool]:
    return ["domain" in body for body in server.bodies]


async def test_the_domain_is_sent_once(server: Server, endpoint: ActionEndpoint) -> None:
    for _ in range(3):
        await endpoint.request(method="post", json={"domain": DOMAIN})
    assert has_domain(server) == [True, False, False]
    assert len({body["domain_digest"] for body in server.bodies}) == 1


async def test_another_domain_is_sent_anew(server: Server, endpoint: ActionEndpoint) -> None:
    for domain in (DOMAIN, {**DOMAIN, "slots": {}}, {**DOMAIN, "slots": {}}):
        await endpoint.request(method="post", json={"domain": domain})
    assert has_domain(server) == [True, True, False]


async def test_a_server_that_lost_the_domain_is_sent_it_again(server: Server, endpoint: ActionEndpoint) -> None:
    await endpoint.request(method="post", json={"domain": DOMAIN})
    server.domains.clear()
    for _ in range(2):
        assert (await endpoint.request(method="post", json={"domain": DOMAIN}))["events"] == []
    assert has_domain(server) == [True, False, True, False]


async def test_a_server_that_keeps_none_is_sent_it_always(server: Server, endpoint: ActionEndpoint) -> None:
    server.keeps_domains = False
    for _ in range(3):
        await endpoint.request(method="post", json={"domain": DOMAIN})
    assert has_domain(server) == [True, True, True]


async def test_a_form_that_gives_way_does_so_without_the_domain_too(server: Server, endpoint: ActionEndpoint) -> None:
    await endpoint.request(method="post", json={"domain": DOMAIN})
    server.status = 400
    with pytest.raises(ClientResponseError) as refused:
        await endpoint.request(method="post", json={"domain": DOMAIN})
    assert refused.value.status == 400
    assert has_domain(server) == [True, False]


@pytest.mark.parametrize("more", [{"token": "t"}, {"params": {"a": "b"}}, {"cafile": "ca.pem"}])
def test_an_address_that_needs_more_goes_through_aiohttp(more: dict[str, Any]) -> None:
    assert ActionEndpoint.like(EndpointConfig("http://x/", **more))._connections is None
    assert ActionEndpoint.like(EndpointConfig("https://x/"))._connections is None
    assert ActionEndpoint.like(EndpointConfig("http://x/"))._connections is not None


@pytest.mark.parametrize("more", [{"compress": True}, {"headers": {"a": "b"}}, {"method": "put"}, {"subpath": "x"}])
async def test_a_request_that_needs_more_goes_through_aiohttp(
    endpoint: ActionEndpoint, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any]
) -> None:
    async def request(_: EndpointConfig, **kwargs: Any) -> dict[str, Any]:
        return kwargs

    monkeypatch.setattr(EndpointConfig, "request", request)
    asked = {"method": "post", "compress": False, **more}
    assert (await endpoint.request(json={}, timeout=300, **asked)).keys() == {"json", "timeout", *asked}


async def test_a_server_that_is_down_is_said_in_rasas_words() -> None:
    endpoint = ActionEndpoint.like(EndpointConfig("http://127.0.0.1:1/webhook"))
    action = RemoteAction("action_x", endpoint)
    with pytest.raises(RasaException, match="Couldn't connect"):
        await action.run(None, None, DialogueStateTracker("a", []), Domain.empty())  # type: ignore[arg-type]


def test_settings_are_taken_over() -> None:
    given = EndpointConfig("http://x", headers={"a": "b"}, token="t", enable_selective_domain=True)
    made = ActionEndpoint.like(given)
    assert (made.url, made.headers, made.token, made.kwargs) == (given.url, given.headers, given.token, given.kwargs)


def test_rasa_still_waits_its_own_time_and_opens_its_own_sessions() -> None:
    """Once Rasa does neither, nor sends the whole domain each time, this class can go."""
    assert 'result["domain"] = domain.as_dict()' in inspect.getsource(RemoteAction._action_call_format)
    assert "timeout=DEFAULT_REQUEST_TIMEOUT" in inspect.getsource(RemoteAction.run)
    assert "async with self.session() as session" in inspect.getsource(EndpointConfig.request)
