"""A copy of a tracker stands as the tracker does, and what happens in one happens in no other."""

from __future__ import annotations

import copy

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import AllSlotsReset, Event, Restarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversations.tracker import KeptTracker

SLOTS = {
    "city": {"type": "text", "mappings": [{"type": "custom"}]},
    "visit": {"type": "text", "initial_value": "first", "mappings": [{"type": "custom"}]},
}
DOMAIN = Domain.from_dict({"slots": SLOTS})


@pytest.mark.parametrize("event", [SlotSet("city", "嘉兴"), SlotSet("visit", None), AllSlotsReset(), Restarted()])
@pytest.mark.parametrize("in_copy", [True, False])
def test_slots_are_set_in_one_tracker_alone(event: Event, in_copy: bool) -> None:
    tracker, rasas = KeptTracker("a", DOMAIN.slots), DialogueStateTracker("a", DOMAIN.slots)
    for one in (tracker, rasas):
        one.update(SlotSet("city", "杭州"))
    changed, other = (tracker.copy(), tracker) if in_copy else (tracker, tracker.copy())
    before = copy.deepcopy(other.current_slot_values())
    changed.update(event)
    rasas.update(event)
    assert changed.current_slot_values() == rasas.current_slot_values()
    assert other.current_slot_values() == before == {**before, "city": "杭州", "visit": "first"}
    assert [slot.initial_value for slot in DOMAIN.slots if slot.name in SLOTS] == [None, "first"]


def test_a_slot_that_is_none_is_no_slot_of_the_copy(caplog: pytest.LogCaptureFixture) -> None:
    tracker = KeptTracker("a", DOMAIN.slots).copy()
    tracker.update(SlotSet("colour", "red"))
    assert "colour" not in tracker.slots
    assert "non existent slot" in caplog.text


@pytest.mark.parametrize(("model", "assistant"), [("m", "a"), ("m", None), (None, "a"), (None, None)])
def test_events_say_where_they_come_from_as_in_rasa(model: str | None, assistant: str | None) -> None:
    noted = []
    for kind in (DialogueStateTracker, KeptTracker):
        tracker = kind("a", DOMAIN.slots)
        tracker.model_id, tracker.assistant_id = model, assistant
        tracker.update(SlotSet("city", "杭州"))
        tracker.update(SlotSet("city", "嘉兴", metadata={"said_by": "resident"}))
        noted.append([event.metadata for event in tracker.events])
    assert noted[0] == noted[1]
    assert len(noted[1][0]) == bool(model) + bool(assistant)
