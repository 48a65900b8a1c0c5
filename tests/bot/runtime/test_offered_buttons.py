"""A typed title is a pressed button: of the latest turn only, and only where the guard lets its payload through."""

import inspect
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, UserUttered
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.data import TrainingType
from rasa.shared.nlu.training_data.message import Message

from bot.runtime.guarded_agent import GuardedAgent
from bot.runtime.message_guard import Vocabulary, clean, guard
from bot.runtime.offered_buttons import ButtonAwareProcessor, offered, pressed
from bot.runtime.quick_processor import MOST_ACTIONS

DOMAIN = Domain.from_dict(
    {
        "intents": ["affirm", "deny", "inform", "pay_utility_bill"],
        "entities": ["bill_type", "ordinal", "period"],
        "session_config": {"session_expiration_time": 60, "carry_over_slots_to_new_session": True},
    }
)
VOCABULARY = Vocabulary.of(DOMAIN)
GAS = '/inform{"bill_type": "gas"}'
OCTOBER = '/pay_utility_bill{"bill_type": "gas", "period": "2026-10"}'
LONG = "长" * 1000


def button(title: Any, payload: Any) -> dict[str, Any]:
    return {"title": title, "payload": payload}


YES = button("没有异议，确认", "/affirm")


@pytest.mark.parametrize(
    ("text", "buttons", "payload"),
    [
        ("没有异议，确认", [], None),
        ("", [YES], None),
        ("。", [button("。", "/affirm")], None),
        ("没有异议", [YES], None),
        ("没有异议，确认吗", [YES], None),
        ("没有异议，确认？", [YES], None),
        ("没有异议，确认?!", [YES], None),
        ("/affirm", [button("/affirm", "/deny")], None),
        ("确认", [{}, {"title": "确认"}, {"payload": "/affirm"}], None),
        ("确认", [button(None, "/affirm"), button("", "/affirm")], None),
        ("确认", [button("确认", None)], None),
        ("确认", [button("确认", "/restart")], None),
        ("确认", [button("确认", "affirm")], None),
        ("确认", [button("确认", "/inform{bill_type: gas}")], None),
        ("确认", [button("确认", '/inform{"no_such_entity": "x"}')], None),
        ("确认", [button("确认", "/restart"), button("确认", "/affirm")], None),
        (LONG[1:], [button(LONG, "/affirm")], None),
        (LONG, [YES, button(LONG, "/affirm")], "/affirm"),
        ("没有异议，确认", [YES], "/affirm"),
        ("没有异议,确认", [YES], "/affirm"),
        (" 没有异议， 确认 。", [YES], "/affirm"),
        ("没有异议，确认！！", [YES], "/affirm"),
        ("没有异议，确认…", [YES], "/affirm"),
        ("没有异议，确认", [button("没有异议，确认。", "/affirm")], "/affirm"),
        ("ｏｋ", [button("OK", "/affirm")], "/affirm"),
        ("OK", [button("ok！", "/affirm")], "/affirm"),
        ("第2条", [button("第1条", "/deny"), button("第 2 条", '/inform{"ordinal":"2"}')], '/inform{"ordinal": "2"}'),
        ("第２条", [button("第2条", '/inform{"ordinal": "2"}')], '/inform{"ordinal": "2"}'),
        ("燃气费", [button("燃气费", GAS)], GAS),
        ("燃气费", [button("燃气费", GAS), button("燃气费", "/deny")], GAS),
        ("交2026年10月燃气费", [button("交 2026年10月 燃气费", OCTOBER)], OCTOBER),
        ("选“口腔科”", [button("选“口腔科”", "/affirm")], "/affirm"),
        ('It\'s "ok"', [button('it\'s "OK"', "/affirm")], "/affirm"),
        ("1", [button(1, "/affirm")], "/affirm"),
    ],
)
def test_which_button_a_text_is(text: str, buttons: list[dict[str, Any]], payload: str | None) -> None:
    assert pressed(text, buttons, VOCABULARY) == payload


@given(st.text(max_size=60).map(clean))
def test_a_title_fits_itself_and_gives_only_what_the_guard_passes(title: str) -> None:
    payload = pressed(title, [button(title, GAS)], VOCABULARY)
    assert payload in (None, GAS)
    if any(character.isalnum() for character in title) and not title.startswith("/"):
        assert payload == pressed(f"　{title}。", [button(title, GAS)], VOCABULARY) == GAS
    assert pressed("好", [button("好", title)], VOCABULARY) in (None, guard(title, VOCABULARY))


def said(*titles: str) -> BotUttered:
    return BotUttered("请选择", {"buttons": [button(title, "/affirm") for title in titles] or None})


def heard() -> UserUttered:
    return UserUttered("水费")


START = ActionExecuted("action_session_start")
LISTEN = ActionExecuted("action_listen")


@pytest.mark.parametrize(
    ("events", "titles"),
    [
        ([], []),
        ([heard(), BotUttered("好")], []),
        ([heard(), said()], []),
        ([heard(), said("旧"), heard()], []),
        ([heard(), said("旧"), heard(), BotUttered("好"), LISTEN], []),
        ([heard(), said("旧"), LISTEN, heard(), said("新"), LISTEN], ["新"]),
        ([said("旧"), heard(), said("新")], ["新"]),
        ([heard(), said("一", "二"), ActionExecuted("form"), said("三"), LISTEN], ["一", "二", "三"]),
        ([heard(), said("旧"), LISTEN, START, SessionStarted(), LISTEN], []),
        ([heard(), said("旧"), LISTEN, START, said("接着办"), SessionStarted(), LISTEN], []),
        ([heard(), said("旧"), START, said("接着办"), SessionStarted(), LISTEN, heard(), said("新")], ["接着办", "新"]),
        ([START, said("接着办"), SessionStarted(), LISTEN, heard(), said("旧"), heard(), said("新")], ["新"]),
    ],
)
def test_only_the_latest_turn_offers(events: list[Event], titles: list[str]) -> None:
    assert [offer["title"] for offer in offered(events)] == titles


class Runner:
    """The model: it understands payloads only, and keeps what it was asked."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def run(self, inputs: dict[str, Any], targets: list[str]) -> dict[str, Any]:
        text = inputs["__message__"][0].text
        self.seen.append(text)
        return {targets[0]: [YAMLStoryReader.unpack_regex_message(Message.build(text), DOMAIN)]}


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> Runner:
    """A model that Rasa loads and that says nothing: no policies."""
    made = Runner()
    metadata = SimpleNamespace(
        assistant_id="a", domain=DOMAIN, model_id="m", training_type=TrainingType.NLU, nlu_target="nlu"
    )
    monkeypatch.setattr(MessageProcessor, "_load_model", staticmethod(lambda path: ("m.tar.gz", metadata, made)))
    return made


@pytest.fixture
def agent(runner: Runner) -> GuardedAgent:
    made = GuardedAgent()
    made.load_model(Path("m.tar.gz"))
    return made


async def offer_then_say(agent: GuardedAgent, text: str, seconds_later: float = 0, sender: str = "a") -> UserUttered:
    """Let the bot have offered 燃气费, say a text after a while, and give what the tracker recorded of it."""
    await agent.handle_message(UserMessage("你好", CollectingOutputChannel(), sender))
    tracker = await agent.tracker_store.retrieve(sender)
    shown = time.time() - seconds_later
    for event in tracker.events:
        event.timestamp = shown
    tracker.update(BotUttered("哪一种？", {"buttons": [button("燃气费", GAS)]}, timestamp=shown))
    await agent.tracker_store.save(tracker)
    await agent.handle_message(UserMessage(text, CollectingOutputChannel(), sender))
    recorded = (await agent.tracker_store.retrieve(sender)).get_last_event_for(UserUttered)
    assert isinstance(recorded, UserUttered)
    return recorded


async def test_after_an_idle_hour_a_title_is_plain_words(agent: GuardedAgent) -> None:
    assert (await offer_then_say(agent, "燃气费", seconds_later=3660)).text == "燃气费"


@pytest.mark.parametrize(("text", "seen"), [("燃气", "燃气"), ("/affirm", "/affirm"), ("/restart", "restart")])
async def test_what_is_no_title_is_untouched(agent: GuardedAgent, runner: Runner, text: str, seen: str) -> None:
    assert (await offer_then_say(agent, text)).text == seen
    assert runner.seen == ["你好", seen]


async def test_a_blank_message_is_still_not_understood(agent: GuardedAgent, runner: Runner) -> None:
    assert (await offer_then_say(agent, "\u3000")).intent_name == "nlu_fallback"
    assert runner.seen == ["你好"]


async def test_a_typed_title_is_recorded_as_the_pressed_button(agent: GuardedAgent) -> None:
    typed = await offer_then_say(agent, "  燃气费！", seconds_later=3000)
    button_press = await offer_then_say(agent, GAS, sender="b")
    assert typed.text == button_press.text == GAS
    assert typed.intent_name == "inform"
    assert typed.entities == button_press.entities
    assert [entity["value"] for entity in typed.entities] == ["gas"]


async def test_a_text_without_a_conversation_is_parsed_as_it_is(agent: GuardedAgent, runner: Runner) -> None:
    await agent.parse_message("燃气费")
    assert runner.seen == ["燃气费"]


def test_the_processor_is_rasas_own_with_all_it_holds(runner: Runner) -> None:
    plain = Agent()
    plain.load_model(Path("m.tar.gz"))
    assert type(plain.processor) is MessageProcessor
    taken = ButtonAwareProcessor.like(plain.processor, VOCABULARY)
    ours = {"vocabulary": VOCABULARY, "max_number_of_predictions": MOST_ACTIONS}
    assert vars(taken) == {**vars(plain.processor), **ours}


def test_rasa_still_constructs_the_processor_itself() -> None:
    """Once it takes one, or the class to make, `like` can go."""
    assert "self.processor = MessageProcessor(" in inspect.getsource(Agent.load_model)
    assert "processor" not in inspect.signature(Agent).parameters


def test_rasa_still_parses_with_the_tracker() -> None:
    """Where this changes, titles are no longer seen."""
    ours, rasas = (inspect.signature(kind.parse_message) for kind in (ButtonAwareProcessor, MessageProcessor))
    assert [(p.name, p.default) for p in ours.parameters.values()] == [
        (p.name, p.default) for p in rasas.parameters.values()
    ]
    assert "await self.parse_message(message, tracker)" in inspect.getsource(
        MessageProcessor._handle_message_with_tracker
    )
