"""Our look-up gives Rasa's actions, and what ours leave out makes no difference."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest
from rasa.core.actions import action
from rasa.core.actions.action import ActionExtractSlots
from rasa.core.actions.forms import FormAction
from rasa.core.channels import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActiveLoop,
    BotUttered,
    Event,
    FollowupAction,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import EventVerbosity
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import EndpointConfig

from bot.conversations.tracker import KeptTracker
from bot.dialogue.importer import ServiceImporter
from bot.runtime import action_makers
from bot.runtime.action_makers import Actions, ExtractSlots, QuickForm, extracts_nothing

RASAS = action_makers._rasas
ENDPOINT = EndpointConfig("http://127.0.0.1:1")
FORM = "pay_utility_bill_form"


@cache
def ours() -> Domain:
    return ServiceImporter("config.yml", "domain.yml", ["data"]).get_domain()


def with_slot(mapping: dict[str, Any], **more: Any) -> Domain:
    slots = {"city": {"type": "text", "mappings": [mapping]}}
    return Domain.from_dict({"version": "3.1", "entities": ["city"], "slots": slots, **more})


def test_every_action_is_the_one_rasa_gives() -> None:
    actions = Actions()
    for name in ours().action_names_or_texts:
        made, rasas = actions.give(name, ours(), ENDPOINT), RASAS(name, ours(), ENDPOINT)
        assert isinstance(made, type(rasas))
        assert made.name() == rasas.name()
        assert actions.give(name, ours(), ENDPOINT) is made


def test_another_domain_or_endpoint_has_actions_of_its_own() -> None:
    actions = Actions()
    first = actions.give(FORM, ours(), ENDPOINT)
    assert actions.give(FORM, ours(), None) is not first
    with pytest.raises(RasaException, match=FORM):
        actions.give(FORM, Domain.empty(), None)


async def extracted(domain: Domain, kind: ActionExtractSlots) -> list[Event]:
    tracker = KeptTracker("a", domain.slots)
    message = UserUttered("杭州", {"name": "inform"}, [{"entity": "city", "value": "杭州"}])
    tracker.update_with_events([ActionExecuted("action_listen"), message], domain)
    nlg = TemplatedNaturalLanguageGenerator({})
    return await kind.run(CollectingOutputChannel(), nlg, tracker, domain)


async def test_nothing_is_extracted_where_rasa_extracts_nothing() -> None:
    assert extracts_nothing(ours())
    assert await extracted(ours(), ActionExtractSlots(None)) == []
    assert await extracted(ours(), ExtractSlots(ours(), None)) == []


async def test_a_slot_of_an_entity_is_filled() -> None:
    domain = with_slot({"type": "from_entity", "entity": "city"})
    assert not extracts_nothing(domain)
    assert await extracted(domain, ExtractSlots(domain, None)) == [SlotSet("city", "杭州")]
    # Made for one domain, it looks again at another.
    assert await extracted(domain, ExtractSlots(ours(), None)) == [SlotSet("city", "杭州")]


@pytest.mark.parametrize(
    "domain",
    [
        with_slot({"type": "custom", "action": "action_find"}, actions=["action_find"]),
        with_slot({"type": "custom"}, actions=["action_validate_slot_mappings"]),
        with_slot({"type": "from_text"}),
    ],
)
def test_an_action_that_extracts_or_validates_is_called(domain: Domain) -> None:
    assert not extracts_nothing(domain)


SAID = [ActionExecuted("action_listen"), UserUttered("交水费", {"name": "pay_utility_bill"})]
OPEN = [ActionExecuted(FORM), ActiveLoop(FORM), SlotSet("requested_slot", "account_number"), BotUttered("户号？")]


@pytest.mark.parametrize(
    "events",
    [
        [],
        [SessionStarted(), *SAID],
        [SessionStarted(), *SAID, *OPEN, *SAID, SlotSet("city", "杭州"), FollowupAction(FORM)],
        [SessionStarted(), SlotSet("city", "杭州"), *SAID, Restarted(), *SAID, *OPEN],
    ],
)
def test_a_forms_temporary_tracker_is_as_rasas(events: Sequence[Event]) -> None:
    tracker = KeptTracker("a", ours().slots)
    for event in events:
        tracker.update(event)
    tracker.model_id = "a model"
    more: list[Event] = [SlotSet("bill_type", "water"), SlotSet("requested_slot", None)]
    made, rasas = (kind(FORM, None)._temporary_tracker(tracker, more, ours()) for kind in (QuickForm, FormAction))
    states = [one.current_state(EventVerbosity.ALL) for one in (made, rasas)]
    for state in states:
        state["latest_event_time"] = None
        for event in state["events"]:
            event["timestamp"] = None
    assert states[0] == states[1]
    assert len(tracker.events) == len(events)
    assert all(not event.metadata for event in more)


def test_installed_it_is_what_rasa_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(action, "action_for_name_or_text", RASAS)
    action_makers.install()
    index = ours().action_names_or_texts.index(FORM)
    assert isinstance(action.action_for_index(index, ours(), None), QuickForm)


def test_rasa_still_does_what_is_left_out_here() -> None:
    """Once Rasa does not, a part of this module can go; where the calls move, it has to follow."""
    assert "for a in default_actions(action_endpoint)" in inspect.getsource(RASAS)
    assert "rasa.core.actions.action.action_for_name_or_text(" in inspect.getsource(MessageProcessor)
    assert "action.action_for_name_or_text(" in inspect.getsource(FormAction)
    temporary = inspect.getsource(FormAction._temporary_tracker)
    assert "DialogueStateTracker.from_events(" in temporary
    assert "current_tracker.events_after_latest_restart()" in temporary
    assert "for mapping in slot.mappings" in inspect.getsource(ActionExtractSlots.run)
