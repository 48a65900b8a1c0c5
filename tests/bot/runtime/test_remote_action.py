"""An action is told what Rasa would tell it, in short, and is not called where it has nothing to do."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
import yaml
from rasa.core.actions import forms
from rasa.core.actions.action import RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig
from rasa_sdk import Tracker
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher

from actions.services import load_handlers
from bot.conversations.tracker import KeptTracker
from bot.runtime import action_makers, settings
from bot.runtime.action_events import bounded
from bot.runtime.remote_action import IDLE_WITHOUT, BriefAction, told

DOMAIN = Domain.from_dict(
    {
        "intents": ["inform"],
        "actions": ["action_say", "action_with_domain"],
        "forms": {"pay_form": {"required_slots": ["city"]}},
        "slots": {name: {"type": "any", "mappings": [{"type": "custom"}]} for name in ("city", "waiting")},
    }
)
SAID = UserUttered(
    "杭州", {"name": "inform"}, [{"entity": "city", "value": "杭州"}], {"text": "杭州"}, input_channel="rest"
)


class Server(EndpointConfig):
    """An action server that answers at once, and remembers what it was asked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("http://127.0.0.1:1", **kwargs)
        self.asked: list[dict[str, Any]] = []

    async def request(self, *_: Any, json: dict[str, Any], **__: Any) -> dict[str, Any]:  # type: ignore[override]
        self.asked.append(json)
        return {"events": [{"event": "slot", "name": "city", "value": "嘉兴"}], "responses": []}


def tracker_of(*events: Event) -> DialogueStateTracker:
    tracker = KeptTracker("a", DOMAIN.slots)
    tracker.update_with_events(list(events), DOMAIN)
    return tracker


async def run(action: RemoteAction, tracker: DialogueStateTracker) -> list[Event]:
    return await action.run(CollectingOutputChannel(), TemplatedNaturalLanguageGenerator({}), tracker, DOMAIN)


@pytest.mark.parametrize(
    "events",
    [
        [],
        [ActionExecuted("action_listen"), SAID],
        [
            ActionExecuted("action_listen"),
            SAID,
            ActionExecuted("pay_form"),
            ActiveLoop("pay_form"),
            SlotSet("city", "杭州"),
        ],
    ],
)
def test_what_is_told_is_rasas_state(events: list[Event]) -> None:
    """Of the events `test_action_events` says what they hold; of a form, only the message that started it is left out."""
    tracker = tracker_of(*events)
    rasas = tracker.current_state()
    rasas["active_loop"].pop("trigger_message", None)
    ours = told(tracker)
    assert ours.pop("events") == bounded(tracker.events)
    assert list(ours) == [name for name in rasas if name != "events"]
    assert ours == {name: value for name, value in rasas.items() if name != "events"}


@pytest.mark.parametrize("settings", [{}, {"enable_selective_domain": True}])
async def test_the_call_is_of_rasas_form(settings: dict[str, Any]) -> None:
    calls = []
    for kind in (RemoteAction, BriefAction):
        server = Server(**settings)
        assert await run(kind("action_say", server), tracker_of(SAID)) == [SlotSet("city", "嘉兴")]
        calls.append(server.asked[0])
    assert all(call.pop("tracker")["sender_id"] == "a" for call in calls)
    assert calls[0] == calls[1]
    assert ("domain" in calls[0]) is not bool(settings)


async def test_it_is_not_called_while_what_it_waits_for_is_not_set() -> None:
    server = Server(idle_without={"action_say": ["waiting", "city"]})
    waits, other = BriefAction("action_say", server), BriefAction("action_other", server)
    assert await run(waits, tracker_of(SAID)) == []
    assert server.asked == []
    for name, value in (("waiting", []), ("city", "杭州")):
        assert await run(waits, tracker_of(SAID, SlotSet(name, value))) != []
    assert await run(other, tracker_of(SAID)) != []
    assert len(server.asked) == 3


def idle_without() -> dict[str, list[str]]:
    endpoints = yaml.safe_load((settings.ROOT / settings.ENDPOINTS_FILE).read_text(encoding="utf-8"))
    return dict(endpoints["action_endpoint"][IDLE_WITHOUT])


@pytest.mark.parametrize("name", idle_without())
async def test_what_is_said_to_wait_does_nothing_without(name: str) -> None:
    """So what endpoints.yml says of it is true, whatever else stands in the conversation."""
    load_handlers()
    executor = ActionExecutor()
    executor.register_package("actions")
    slots = {"city": "杭州", "city_code": "330100", "outcome": "told", "follow_up": {"intent": "greet", "slots": {}}}
    assert not set(slots) & set(idle_without()[name])
    for known in ({}, slots):
        dispatcher = CollectingDispatcher()
        events = [{"event": "user", "text": "杭州", "timestamp": 1.0}]
        latest = {"text": "杭州", "intent": {"name": "inform"}, "entities": []}
        tracker = Tracker("a", dict(known), latest, events, False, None, {}, "action_listen")
        assert await executor.actions[name](dispatcher, tracker, {}) == []
        assert dispatcher.messages == []


def test_installed_it_also_validates_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(forms, "RemoteAction", RemoteAction)
    monkeypatch.setattr(forms.action, "action_for_name_or_text", action_makers._rasas)
    action_makers.install()
    assert forms.RemoteAction is BriefAction
    assert "RemoteAction(validate_name, self.action_endpoint)" in inspect.getsource(FormAction.validate_slots)
