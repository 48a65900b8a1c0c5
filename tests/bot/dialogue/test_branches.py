"""The values of facts that nobody lists: of manifests, and of what rules and stories name."""

from pathlib import Path

import pytest

from bot.dialogue.branches import derived_values, slots_named, with_values
from bot.dialogue.importer import ServiceImporter
from bot.runtime.settings import ROOT
from manifests import services

RULES = """
rules:
  - rule: 嘉兴
    condition: [{slot_was_set: [{city: 嘉兴}, {outcome: paid}]}]
    steps: [{intent: greet}, {action: utter_greet}]
stories:
  - story: 宁波
    steps:
      - or: [{slot_was_set: [{city: 宁波}]}, {slot_was_set: [{city_code: 330400}]}]
      - slot_was_set: [{city: null}]
      - slot_was_set: {channel: rest}
      - slot_was_set: [known]
"""


def test_cities_and_channels_are_those_that_are_named(tmp_path: Path) -> None:
    (tmp_path / "common.yml").write_text(RULES, encoding="utf-8")
    values = derived_values(services(), [tmp_path / "common.yml"])
    assert values["city"] == ["嘉兴", "宁波"]
    assert values["city_code"] == ["330400"]
    assert values["channel"] == ["rest"]
    assert {"water", "electricity", "gas"} <= set(values["asked_city_service"])
    assert values["asked_city_service"] == values["last_city_service"]
    assert values["last_task_done"] == [intent for intent, _, _ in services().tasks()]


def test_only_what_is_declared_gets_values() -> None:
    assert with_values({"city": {"type": "categorical"}, "hotline": {}}, {"city": ["嘉兴"], "channel": []}) == {
        "city": {"type": "categorical", "values": ["嘉兴"]},
        "hotline": {},
    }


@pytest.mark.parametrize("content", [None, "greet", [], {"slot_was_set": None}, {"slot_was_set": ["city"]}])
def test_what_names_no_value(content: object) -> None:
    assert list(slots_named(content)) == []


def test_this_projects_facts_have_values() -> None:
    importer = ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])
    slots = {slot.name: slot for slot in importer.get_domain().slots if slot.has_features()}
    assert "pay_utility_bill" in slots["last_task_done"].values
    assert "paid" in slots["outcome"].values
