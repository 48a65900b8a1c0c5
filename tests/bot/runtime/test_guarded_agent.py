"""Every message is guarded, every turn answered, whatever happens inside; log lines carry the conversation's name."""

import asyncio
import inspect
import io
import json
import logging

import httpx
import pytest
import structlog
from rasa.core.agent import Agent
from rasa.core.channels import channel
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.tracker_store import TrackerStore

from bot.conversations.errors import (
    ConversationBusy,
    ConversationError,
    ConversationsUnreachable,
    ConversationUnreadable,
    TurnNotKept,
)
from bot.runtime import logs, tokens
from bot.runtime.guarded_agent import APOLOGY, GuardedAgent
from serving.names import name_of
from tests.bot.runtime.conftest import Script


async def say(client: httpx.AsyncClient, text: str) -> list[str]:
    answer = await client.post("/webhooks/rest/webhook", json={"sender": "a", "message": text})
    assert answer.status_code == 200
    assert all(reply["recipient_id"] == "a" for reply in answer.json())
    return [reply["text"] for reply in answer.json()]


async def test_an_exception_is_answered_with_a_plain_sentence(client: httpx.AsyncClient, script: Script) -> None:
    def fail(message: UserMessage) -> list[str]:
        raise RuntimeError("no such table: secret")

    script.handle = fail
    assert await say(client, "交水费") == [APOLOGY]
    script.handle = lambda message: ["好了"]
    assert await say(client, "交水费") == ["好了"]


async def test_what_was_said_before_an_exception_is_kept(client: httpx.AsyncClient, script: Script) -> None:
    def fail_later(message: UserMessage) -> list[str]:
        message.output_channel.messages.append({"recipient_id": "a", "text": "请稍等"})
        raise RuntimeError("broken")

    script.handle = fail_later
    assert await say(client, "交水费") == ["请稍等", APOLOGY]


async def test_a_turn_without_a_word_is_answered(client: httpx.AsyncClient, script: Script) -> None:
    script.handle = lambda message: []
    assert await say(client, "交水费") == [APOLOGY]


@pytest.mark.parametrize("text", ["", "   ", "\x00", "\u3000\n", "/", "\ud83d"])
async def test_a_blank_message_is_handled_as_not_understood(
    client: httpx.AsyncClient, script: Script, text: str
) -> None:
    script.handle = lambda message: [message.parse_data["intent"]["name"]]
    body = json.dumps({"sender": "a", "message": text})
    answer = await client.post("/webhooks/rest/webhook", content=body)
    assert [reply["text"] for reply in answer.json()] == ["nlu_fallback"]
    parsed = await client.post("/model/parse", content=json.dumps({"text": text}))
    assert parsed.json()["intent"] == {"name": "nlu_fallback", "confidence": 1.0}


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("/no_such_intent", "no_such_intent"),
        ("/restart", "restart"),
        ("交\x00水费", "交水费"),
        ("水" * 10_000, "水" * 1000),
    ],
)
async def test_rasa_sees_the_guarded_text_only(client: httpx.AsyncClient, script: Script, text: str, seen: str) -> None:
    await say(client, text)
    await client.post("/model/parse", json={"text": text})
    assert script.seen == [seen, seen]


async def test_metadata_and_channel_of_the_caller_are_not_believed(client: httpx.AsyncClient, script: Script) -> None:
    script.handle = lambda message: [f"{message.input_channel} {message.metadata}"]
    body = {"sender": "a", "message": "x", "input_channel": "wechat", "metadata": {"level": 2}}
    answer = await client.post("/webhooks/rest/webhook", json=body)
    assert answer.json()[0]["text"] == "rest None"


async def test_a_channel_that_does_not_collect_is_apologised_to_as_well(script: Script) -> None:
    said: list[str] = []

    class Elsewhere(OutputChannel):
        async def send_text_message(self, recipient_id: str, text: str, **kwargs: object) -> None:
            said.append(text)

    def fail(message: UserMessage) -> list[str]:
        raise RuntimeError("broken")

    script.handle = fail
    assert await GuardedAgent().handle_message(UserMessage("x", Elsewhere(), "a")) is None
    assert said == [APOLOGY]


async def test_without_a_model_a_message_is_answered() -> None:
    answer = await GuardedAgent().handle_message(UserMessage("x", CollectingOutputChannel(), "a"))
    assert answer is not None
    assert [reply["text"] for reply in answer] == [APOLOGY]


async def test_log_lines_of_a_turn_carry_its_conversation_and_no_words(script: Script) -> None:
    written = io.StringIO()
    agent = GuardedAgent()
    root, configuration = logging.getLogger(), structlog.get_config()
    before = root.handlers, root.level
    try:
        logs.configure(logging.DEBUG, written)

        def fail(message: UserMessage) -> list[str]:
            logging.getLogger("rasa.core.somewhere").info("conv-a 户号 3301234567")
            structlog.get_logger("rasa").debug("processor.message.parse", parse_data_text="我叫张三 3301234567")
            raise RuntimeError("浙A12345")

        script.handle = fail
        await agent.handle_message(UserMessage("我叫张三", CollectingOutputChannel(), "conv-a"))
        await asyncio.sleep(0)  # the turn's own line is written after its answer
        logging.getLogger("rasa").info("after")
    finally:
        root.handlers, root.level = before
        structlog.configure(**configuration)
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    lines = [line for line in lines if line["logger"].startswith(("rasa", "bot"))]
    name = name_of("conv-a", tokens.names_key())
    assert [line.get("conversation") for line in lines] == [name] * 4 + [None]
    assert "conv-a" not in written.getvalue()
    assert [line["event"] for line in lines][-3:] == ["turn_failed", "turn", "after"]
    assert [secret for secret in ("3301234567", "A12345", "张三") if secret in written.getvalue()] == []


def test_rasa_still_hands_every_message_to_the_agent() -> None:
    """Where this changes, overriding `handle_message` is no longer enough."""
    assert "await app.ctx.agent.handle_message(message)" in inspect.getsource(channel.register)


@pytest.mark.parametrize("kind", [ConversationsUnreachable, TurnNotKept, ConversationBusy, ConversationUnreadable])
async def test_a_store_that_fails_is_named_and_answered(
    client: httpx.AsyncClient, script: Script, kind: type[ConversationError]
) -> None:
    def fail(message: UserMessage) -> list[str]:
        raise kind("no answer")

    script.handle = fail
    assert await say(client, "确认") == [kind.sentence]


async def test_a_store_that_fails_is_not_taken_for_a_new_conversation() -> None:
    """Rasa's own wrapper answers None for it, and the conversation begins from nothing."""

    class Down(TrackerStore):
        async def retrieve(self, sender_id: str) -> None:
            raise ConversationsUnreachable("down")

    agent = GuardedAgent(tracker_store=Down(None))
    with pytest.raises(ConversationsUnreachable):
        await agent.tracker_store.get_or_create_tracker("a")
    rasas = Agent(tracker_store=Down(None))
    assert await rasas.tracker_store.retrieve("a") is None


def test_no_failure_says_what_became_of_money() -> None:
    """Nobody has asked the provider when one of these is said."""

    def kinds(kind: type[ConversationError]) -> list[type[ConversationError]]:
        return [kind, *(deeper for below in kind.__subclasses__() for deeper in kinds(below))]

    said = [APOLOGY, *(kind.sentence for kind in kinds(ConversationError))]
    assert [sentence for sentence in said if "扣" in sentence or "没有付" in sentence] == []
