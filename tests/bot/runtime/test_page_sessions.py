"""Over HTTP: a conversation on the page belongs to who holds its cookie."""

from collections.abc import Callable
from http.cookies import SimpleCookie

import httpx
import pytest
from rasa.core.channels.channel import UserMessage

from connectors.sessions import COOKIE
from tests.bot.runtime.conftest import Script

MESSAGES, SESSIONS = "/page/messages", "/page/sessions"


@pytest.fixture
def senders(script: Script) -> list[str]:
    """Whom the messages came from, in order."""
    heard: list[str] = []

    def handle(message: UserMessage) -> list[str]:
        heard.append(message.sender_id)
        assert message.input_channel == "page"
        return ["好"]

    script.handle = handle
    return heard


async def say(client: httpx.AsyncClient, cookie: str | None = None, **more: str) -> httpx.Response:
    headers = {"Cookie": f"{COOKIE}={cookie}"} if cookie else {}
    client.cookies.clear()
    answer = await client.post(MESSAGES, json={"message": "交水费", **more}, headers=headers)
    assert answer.status_code == 200
    return answer


async def test_one_cookie_is_one_conversation_and_another_another(
    stranger: httpx.AsyncClient, senders: list[str]
) -> None:
    mine = (await stranger.get("/")).cookies[COOKIE]
    theirs = (await stranger.get("/", headers={"Cookie": ""})).cookies[COOKIE]
    answers = [await say(stranger, cookie) for cookie in (mine, mine, theirs)]
    assert senders[0] == senders[1] != senders[2]
    assert all(COOKIE not in answer.cookies for answer in answers)
    assert answers[0].json() == [{"text": "好"}]  # nor does the answer name the conversation


async def test_who_names_a_sender_is_not_believed(stranger: httpx.AsyncClient, senders: list[str]) -> None:
    await say(stranger)
    victim = senders[0]
    await say(stranger, sender=victim, sender_id=victim, conversation_id=victim)
    await say(stranger, cookie=victim)
    assert len(set(senders)) == 3


@pytest.mark.parametrize("spoil", [lambda cookie: cookie[:-3] + "AAA", lambda cookie: "", lambda cookie: "x.y.z"])
async def test_a_forged_one_begins_anew(
    stranger: httpx.AsyncClient, senders: list[str], spoil: Callable[[str], str]
) -> None:
    mine = (await stranger.get("/")).cookies[COOKIE]
    await say(stranger, mine)
    answer = await say(stranger, spoil(mine))
    assert senders[0] != senders[1]
    await say(stranger, answer.cookies[COOKIE])
    assert senders[2] == senders[1]


async def test_beginning_anew_and_opening_the_page_again(stranger: httpx.AsyncClient, senders: list[str]) -> None:
    mine = (await stranger.get("/")).cookies[COOKIE]
    stranger.cookies.clear()
    again = (await stranger.get("/", headers={"Cookie": f"{COOKIE}={mine}"})).cookies[COOKIE]
    other = (await stranger.post(SESSIONS, headers={"Cookie": f"{COOKIE}={mine}"})).cookies[COOKIE]
    for cookie in (mine, again, other):
        await say(stranger, cookie)
    assert senders[0] == senders[1] != senders[2]


async def test_the_cookie_is_for_no_script_no_other_site_and_over_https_for_nothing_else(
    stranger: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cookie(answer: httpx.Response) -> dict[str, object]:
        return dict(SimpleCookie(answer.headers["Set-Cookie"])[COOKIE])

    https = {"X-Forwarded-Proto": "https"}
    plain = cookie(await stranger.get("/", headers=https))
    assert (plain["httponly"], plain["samesite"], plain["path"]) == (True, "Lax", "/")
    assert plain["max-age"] == str(30 * 86400)
    assert plain["secure"] == ""  # who is no trusted proxy says nothing of himself
    monkeypatch.setenv("BIANMIN_TRUSTED_PROXIES", "127.0.0.1")
    assert cookie(await stranger.get("/", headers=https))["secure"] is True
    assert cookie(await stranger.post(SESSIONS))["secure"] == ""


@pytest.mark.parametrize("body", ["", "x", "[]", "{}", '{"message": null}', '{"message": 3}'])
async def test_a_body_of_another_form_is_refused(stranger: httpx.AsyncClient, script: Script, body: str) -> None:
    answer = await stranger.post(MESSAGES, content=body)
    assert answer.status_code == 400
    assert answer.json()["message"]
    assert script.seen == []
