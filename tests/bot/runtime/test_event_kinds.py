"""The table finds what Rasa finds."""

import inspect

import pytest
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.utils.common import all_subclasses

from bot.runtime import event_kinds

RASAS = event_kinds._rasas


def test_each_kind_is_found() -> None:
    names = {kind.type_name for kind in all_subclasses(Event)}
    assert len(names) > 20
    for name in names:
        assert event_kinds.resolve(name) is RASAS(name)


def test_an_unknown_name_goes_to_rasa() -> None:
    with pytest.raises(ValueError, match="no such"):
        event_kinds.resolve("no such")
    assert event_kinds.resolve("no such", SlotSet) is SlotSet
    assert event_kinds.resolve("topic") is None


def test_installed_it_is_what_rasa_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Event, "resolve_by_type", staticmethod(RASAS))
    event_kinds.install()
    assert Event.resolve_by_type is event_kinds.resolve
    assert Event.from_parameters({"event": "slot", "name": "city", "value": 1}) == SlotSet("city", 1)


def test_rasa_still_walks_all_subclasses() -> None:
    """Once Rasa does not, this module can go."""
    assert "all_subclasses(Event)" in inspect.getsource(RASAS)
