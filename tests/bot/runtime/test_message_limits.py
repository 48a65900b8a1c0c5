"""Too many messages: told in a sentence, no turn, by session and by address; others are answered as before."""

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest
from rasa.shared.core.domain import Domain

from bot.runtime import tokens
from bot.runtime.message_limits import AGAIN, RESPONSE, MessageLimits, network, told_to_wait
from bot.runtime.settings import SettingError
from connectors.sessions import COOKIE
from tests.bot.runtime.conftest import Script, serving_assistant

REST, PAGE, SESSIONS = "/webhooks/rest/webhook", "/page/messages", "/page/sessions"


@pytest.fixture(scope="module")
def limited_url() -> Iterator[str]:
    """The assistant's app, which lets a session send three messages in a minute, and an address eight."""
    limits = {
        "BIANMIN_LIMITS": "on",
        "BIANMIN_MESSAGES_PER_SESSION": "3 per minute",
        "BIANMIN_MESSAGES_PER_ADDRESS": "8 per minute",
        "BIANMIN_REDIS_URL": "",
    }
    with serving_assistant(limits) as url:
        yield url


@pytest.fixture
async def limited(
    script: Script, limited_url: str, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setenv("BIANMIN_TRUSTED_PROXIES", "127.0.0.1")
    async with httpx.AsyncClient(base_url=limited_url, trust_env=False, timeout=10) as client:
        yield client


async def rest(client: httpx.AsyncClient, sender: str, text: str = "交水费") -> list[dict[str, object]]:
    answer = await client.post(REST, json={"sender": sender, "message": text}, headers=tokens.bearer())
    assert answer.status_code == 200
    said: list[dict[str, object]] = answer.json()
    return said


async def page(client: httpx.AsyncClient, address: str, cookie: str = "") -> httpx.Response:
    client.cookies.clear()
    headers = {"X-Forwarded-For": address, **({"Cookie": f"{COOKIE}={cookie}"} if cookie else {})}
    return await client.post(PAGE, json={"message": "交水费"}, headers=headers)


async def test_a_session_is_told_when_to_go_on_and_no_turn_is_made(limited: httpx.AsyncClient, script: Script) -> None:
    said = [(await rest(limited, "talkative"))[0] for _ in range(5)]
    assert [one["text"] for one in said[:3]] == ["您说：交水费"] * 3
    assert all("请过" in str(one["text"]) and "110" in str(one["text"]) for one in said[3:])
    assert said[4]["buttons"] == [{"title": AGAIN, "payload": "交水费"}]
    assert script.seen == ["交水费"] * 3
    assert (await rest(limited, "another"))[0]["text"] == "您说：交水费"


async def test_a_button_says_the_same_once_more(limited: httpx.AsyncClient) -> None:
    for _ in range(3):
        await rest(limited, "yes-sayer")
    said = await rest(limited, "yes-sayer", '/affirm{"x": 1}')
    # What is no payload of the domain, which is empty here, is words.
    assert said[0]["buttons"] == [{"title": AGAIN, "payload": 'affirm{"x": 1}'}]


async def test_nothing_readable_is_counted_too(limited: httpx.AsyncClient, script: Script) -> None:
    for _ in range(3):
        await rest(limited, "mumbler", "\x00")
    said = await rest(limited, "mumbler", "\x00")
    assert "请过" in str(said[0]["text"])
    assert "buttons" not in said[0]


async def test_an_address_is_limited_whatever_sessions_it_begins(limited: httpx.AsyncClient, script: Script) -> None:
    answers = [await page(limited, "203.0.113.7") for _ in range(10)]
    assert [answer.status_code for answer in answers] == [200] * 10
    assert all("您说" in answer.json()[0]["text"] for answer in answers[:8])
    assert all("请过" in answer.json()[0]["text"] for answer in answers[8:])
    assert len(script.seen) == 8
    assert COOKIE not in answers[9].cookies
    assert "您说" in (await page(limited, "203.0.113.8")).json()[0]["text"]
    refused = await limited.post(SESSIONS, headers={"X-Forwarded-For": "203.0.113.7"})
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_requests")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert (await limited.post(SESSIONS, headers={"X-Forwarded-For": "203.0.113.8"})).status_code == 204


async def test_behind_a_proxy_that_is_not_trusted_nobody_is_taken_for_all(
    limited: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BIANMIN_TRUSTED_PROXIES", "")
    answers = [await page(limited, "203.0.113.99") for _ in range(12)]
    assert all("您说" in answer.json()[0]["text"] for answer in answers)


async def test_who_writes_his_own_address_is_known_by_the_one_before(limited: httpx.AsyncClient) -> None:
    forged = [await page(limited, f"198.51.100.{one}, 203.0.113.9") for one in range(9)]
    assert "请过" in forged[8].json()[0]["text"]


async def test_a_page_session_is_limited_wherever_it_comes_from(limited: httpx.AsyncClient, script: Script) -> None:
    cookie = (await limited.get("/")).cookies[COOKIE]
    answers = [await page(limited, f"203.0.113.{one}", cookie) for one in range(20, 24)]
    assert ["您说" in answer.json()[0]["text"] for answer in answers] == [True, True, True, False]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("203.0.113.7", "203.0.113.8", False),
        ("2001:db8:1:2:3::4", "2001:db8:1:2:ffff::1", True),
        ("2001:db8:1:2::4", "2001:db8:1:3::4", False),
        ("unknown", "unknown", True),
    ],
)
def test_of_an_address_a_household_counts(one: str, other: str, same: bool) -> None:
    assert (network(one) == network(other)) is same


def test_the_words_are_the_domains() -> None:
    domain = Domain.from_dict({"responses": {RESPONSE: [{"text": "慢一点，{wait}后再说。"}]}})
    assert told_to_wait(40, "", domain) == {"text": "慢一点，40 秒后再说。"}
    assert "{" not in told_to_wait(40, "", None)["text"]


@pytest.mark.parametrize("name", ["BIANMIN_MESSAGES_PER_SESSION", "BIANMIN_MESSAGES_PER_ADDRESS", "BIANMIN_LIMITS"])
def test_what_is_no_limit_is_named(name: str) -> None:
    with pytest.raises(SettingError, match=name):
        MessageLimits.from_environment({name: "many", tokens.ACTIONS: "a-token-of-sixteen-and-more"})
