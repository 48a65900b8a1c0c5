"""What the assistant's server refuses, and that it says so in JSON without a trace."""

import inspect
import json

import httpx
import pytest
import rasa.core.channels.console
import rasa.server

from bot.runtime import tokens
from bot.runtime.http_guard import MAX_BODY_BYTES
from tests.bot.runtime.conftest import Script

WEBHOOK = "/webhooks/rest/webhook"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("", "body_not_object"),
        ("x", "body_not_json"),
        ("{", "body_not_json"),
        ("[" * 100_000, "body_not_json"),
        ("[]", "body_not_object"),
        ('"交水费"', "body_not_object"),
        ("{}", "sender_missing"),
        ('{"message": "x"}', "sender_missing"),
        ('{"sender": null, "message": "x"}', "sender_missing"),
        ('{"sender": 5, "message": "x"}', "sender_missing"),
        ('{"sender": " ", "message": "x"}', "sender_missing"),
        ('{"sender": ["a"], "message": "x"}', "sender_missing"),
        (json.dumps({"sender": "a" * 129, "message": "x"}), "sender_invalid"),
        ('{"sender": "a\\u0000b", "message": "x"}', "sender_invalid"),
        ('{"sender": "a\\nb", "message": "x"}', "sender_invalid"),
        ('{"sender": "a"}', "message_missing"),
        ('{"sender": "a", "message": null}', "message_missing"),
        ('{"sender": "a", "message": 3}', "message_missing"),
        ('{"sender": "a", "message": {"text": "x"}}', "message_missing"),
    ],
)
async def test_a_body_of_another_form_is_refused(
    client: httpx.AsyncClient, script: Script, body: str, code: str
) -> None:
    answer = await client.post(WEBHOOK, content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["message"]
    assert script.seen == []


async def test_bytes_that_are_no_text_are_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(WEBHOOK, content=b"\xff\xfe\x00{")
    assert (answer.status_code, answer.json()["code"]) == (400, "body_not_json")


async def test_a_huge_body_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.post(WEBHOOK, content=b"x" * (MAX_BODY_BYTES + 1))
    assert (answer.status_code, answer.json()["code"]) == (413, "request_entity_too_large")


@pytest.mark.parametrize("body", ["", "x", "[]", "{}", '{"text": null}', '{"text": 3}', '{"message": "x"}'])
async def test_parse_without_a_text_is_refused(client: httpx.AsyncClient, body: str) -> None:
    answer = await client.post("/model/parse", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "text_missing")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/model"),
        ("DELETE", "/model"),
        ("POST", "/model/train"),
        ("POST", "/model/test/intents"),
        ("POST", "/model/predict"),
        ("GET", "/domain"),
        ("GET", "/conversations/a/tracker"),
        ("GET", "/conversations/a/story"),
        ("POST", "/conversations/a/tracker/events"),
        ("PUT", "/conversations/a/tracker/events"),
        ("POST", "/conversations/a/execute"),
        ("POST", "/conversations/a/trigger_intent"),
        ("POST", "/conversations/a/messages"),
        ("GET", "/no/such/page"),
        ("GET", "/page/../bot/runtime/settings.py"),
        ("GET", "/page/page.py"),
        ("GET", "/webhooks/no_such_channel/"),
        ("POST", "/"),
    ],
)
async def test_routes_nobody_here_uses_are_closed(client: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await client.request(method, path, json={})
    assert answer.status_code == 404
    assert answer.json()["code"] == "not_found"


@pytest.mark.parametrize(("method", "path"), [("POST", WEBHOOK), ("POST", "/model/parse"), ("GET", "/webhooks/rest/")])
@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer no", "bearer {token}x", "Basic {token}", "Token {token}", "{token}"]
)
async def test_who_does_not_show_the_token_is_refused(
    stranger: httpx.AsyncClient, script: Script, method: str, path: str, header: str
) -> None:
    shown = {"Authorization": header.format(token=tokens.secret(tokens.REST))} if header else {}
    body = {"sender": "a", "message": "交水费", "text": "交水费"}
    answer = await stranger.request(method, path, json=body, headers=shown)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert script.seen == []


async def test_the_token_opens_as_a_header_and_as_rasas_own_clients_send_it(
    stranger: httpx.AsyncClient, script: Script
) -> None:
    token = tokens.secret(tokens.REST)
    body = {"sender": "a", "message": "交水费"}
    for shown in ({"headers": {"Authorization": f"bearer {token}"}}, {"params": {"token": token}}):
        answer = await stranger.post(WEBHOOK, json=body, **shown)  # type: ignore[arg-type]
        assert (answer.status_code, [said["text"] for said in answer.json()]) == (200, ["您说：交水费"])
    assert "&token=" in inspect.getsource(rasa.core.channels.console)
    assert script.seen == ["交水费"] * 2


@pytest.mark.parametrize("path", ["/", "/health", "/status", "/version", "/page/page.js"])
async def test_what_anybody_may_see_needs_none(stranger: httpx.AsyncClient, path: str) -> None:
    assert (await stranger.get(path)).status_code not in (401, 404)


async def test_a_wrong_method_is_refused(client: httpx.AsyncClient) -> None:
    answer = await client.get(WEBHOOK)
    assert (answer.status_code, answer.json()["code"]) == (405, "method_not_allowed")


async def test_a_failure_inside_leaves_no_trace(client: httpx.AsyncClient, script: Script) -> None:
    def fail(text: str) -> dict[str, object]:
        raise ValueError("the secret 3301234567")

    script.parse = fail
    answer = await client.post("/model/parse", json={"text": "交水费"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


async def test_no_other_origin_is_allowed(client: httpx.AsyncClient) -> None:
    answer = await client.get("/version", headers={"Origin": "http://evil.example"})
    assert "access-control-allow-origin" not in answer.headers


async def test_the_page_stands_at_the_root(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "便民助手" in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    for name in ("page.js", "page.css", "icon.svg"):
        assert f"/page/{name}" in answer.text
        assert (await client.get(f"/page/{name}")).status_code == 200
    assert (await client.head("/")).status_code == 200


async def test_what_is_open_answers(client: httpx.AsyncClient) -> None:
    assert (await client.get("/version")).json()["version"] == "3.6.21"
    assert (await client.get("/webhooks/rest/")).json() == {"status": "ok"}


def test_rasa_still_has_its_greeting_at_the_root_and_its_parse_route() -> None:
    """Where these change, `connectors.page.serve_at_root` and `check_parse_body` have to be looked at again."""
    assert '@app.get("/")' in inspect.getsource(rasa.server.add_root_route)
    source = inspect.getsource(rasa.server.create_app)
    assert '@app.post("/model/parse")' in source
    assert 'app.ctx.agent.parse_message(data.get("text"))' in source
