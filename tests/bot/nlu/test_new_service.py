"""A service that nobody here has heard of is understood by its manifest and its gazetteer alone."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.nlu.classifier import CityIntentClassifier
from bot.nlu.clauses import requests_in
from bot.nlu.declared import Declared
from bot.nlu.extractor import CityEntityExtractor, read_parts
from bot.nlu.features import Featurizer, view
from bot.nlu.gazetteer_files import GAZETTEERS
from bot.nlu.masks import Masks
from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.found import Found
from manifests.services import FOLDER as SERVICES

from .conftest import TUESDAY

BUS_CARD = r"""
title: 公交卡
place: 90
city_services:
  bus_card: {title: 公交卡, path: bus-card}
tasks:
  top_up_bus_card:
    title: 充公交卡
    asks: [card_number, confirmation]
    hears: [card_number, line, permit]
    ends: payment
    pays: bus_card
    then: [query_bus_card]
  query_bus_card:
    title: 查公交卡
    asks: [card_number]
    hears: [card_number, line, permit]
    ends: look_up
entities:
  card_number:
    title: 卡号
    form: '\d{8,19}'
    reader: number
    said_beside: [公交卡, 公交卡号, 一卡通, 卡号]
    digits: [8, 19]
    bare_digits: [17, 19]
  line:
    title: 线路
    form: '[A-Z0-9]+'
    reader: gazetteer
    file: lines
  permit:
    title: 证号
    form: 'ZK\d{6}'
    reader: pattern
  chip:
    title: 芯片号
    form: '[A-Z\d]{6}'
    reader: pattern
    said_beside: [芯片]
topics:
  bus: [公交卡, 一卡通, 坐公交]
"""
LINES = """
by_ear: {endings: [线], at_least: 3}
lines:
  - {value: K1, aliases: [机场大巴, 机场专线]}
not_these: [机场专线票]
"""


@pytest.fixture
def config(tmp_path: Path) -> dict[str, Any]:
    """The settings of a component in a house that has one service more."""
    for source, name in ((GAZETTEERS, "gazetteers"), (SERVICES, "services")):
        folder = tmp_path / name
        folder.mkdir()
        for path in source.glob("*.yml"):
            (folder / path.name).write_bytes(path.read_bytes())
    (tmp_path / "services" / "bus_card.yml").write_text(BUS_CARD, encoding="utf-8")
    (tmp_path / "gazetteers" / "lines.yml").write_text(LINES, encoding="utf-8")
    folders = {"gazetteers": str(tmp_path / "gazetteers"), "services": str(tmp_path / "services")}
    return {**CityEntityExtractor.get_default_config(), **folders}


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("公交卡余额，卡号3301234567", [("card_number", "3301234567")]),
        ("卡号330123456789012345", [("card_number", "330123456789012345")]),
        ("户号3301234567", [("account_number", "3301234567")]),
        ("3301234567", [("account_number", "3301234567")]),
        ("充到一卡通88001234", [("card_number", "88001234")]),
        ("12345678901234567", [("card_number", "12345678901234567")]),
        ("银行卡号6222020200112233", []),
        ("坐机场大巴", [("line", "K1")]),
        ("坐机场砖线", [("line", "K1")]),
        ("机场专线票", []),
        ("证号zk123456", [("permit", "ZK123456")]),
        ("azk123456", []),
        ("ab1234", []),
        ("芯片号ab1234", [("chip", "AB1234")]),
        ("AB1234是芯片", [("chip", "AB1234")]),
        ("芯片说过了，另外还有一件事要问，ab1234", []),
        ("zk1234567", []),
    ],
)
def test_its_values_are_found(config: dict[str, Any], said: str, found: list[tuple[str, str]]) -> None:
    finder = EntityFinder(**read_parts(config))
    assert [(one.entity, one.value) for one in finder.find(said, TUESDAY)] == found


def test_its_words_name_it(config: dict[str, Any]) -> None:
    classifier = CityIntentClassifier(config, *[None] * 2)  # type: ignore[list-item]
    parts = read_parts(config)
    classifier._featurizer = Featurizer(parts["gazetteers"]["topics"], {}, parts["gazetteers"]["declared"])
    assert classifier.speaks_of("查一卡通", []) == {"bus_card"}
    assert classifier.speaks_of("查这个", [Found(1, 3, "card_number", "88001234")]) == {"bus_card"}
    assert classifier.speaks_of("坐公交去看病", []) == {"bus_card", "hospital"}


def test_what_it_claims_is_no_longer_none_of_our_business(config: dict[str, Any]) -> None:
    topics = read_parts(config)["gazetteers"]["topics"]
    assert "公交" in topics["elsewhere"]
    manifest = Path(config["services"]) / "bus_card.yml"
    manifest.write_text(BUS_CARD.replace("坐公交]", "坐公交, 公交]"), encoding="utf-8")
    topics = read_parts(config)["gazetteers"]["topics"]
    assert "公交" in topics["bus"]
    assert "公交" not in topics["elsewhere"]


def test_its_values_are_masked(config: dict[str, Any]) -> None:
    parts = read_parts(config)
    said = "机场大巴卡号3301234567"
    seen = view(said, EntityFinder(**parts).find(said, TUESDAY), Masks.of(Declared(parts["gazetteers"]["declared"])))
    assert (seen.masked, seen.blind) == ("机场大巴卡号A", "O卡号A")


def test_its_tasks_are_requests_of_their_own(config: dict[str, Any]) -> None:
    declared = Declared(read_parts(config)["gazetteers"]["declared"])
    intents = {"水费": "query_utility_bill", "充": "top_up_bus_card", "余额": "query_bus_card"}

    def ranking(text: str, found: Sequence[Found]) -> list[tuple[str, float]]:
        known = [intent for word, intent in intents.items() if word in text]
        return [(known[-1], 0.9)] if known else [("out_of_scope", 0.9)]

    def speaks_of(text: str, found: Sequence[Found]) -> set[str]:
        return {declared.service_of[intent] for word, intent in intents.items() if word in text}

    for said, expected in (
        ("查水费,再充卡", ["query_utility_bill", "top_up_bus_card"]),
        ("先充卡,再查余额", ["top_up_bus_card", "query_bus_card"]),
        ("先查余额,再充卡", []),
    ):
        assert [one.intent for one in requests_in(said, [], ranking, speaks_of, 0.6, declared)] == expected


@pytest.mark.parametrize(
    "edit", [("坐公交]", "坐公交, 坐车]"), ("[17, 19]", "[16, 19]"), ("then: [query_bus_card]", "")]
)
def test_an_edited_manifest_trains_anew(config: dict[str, Any], edit: tuple[str, str]) -> None:
    components = (CityEntityExtractor, CityIntentClassifier)
    before = [one.fingerprint_addon(config) for one in components]
    manifest = Path(config["services"]) / "bus_card.yml"
    manifest.write_text(BUS_CARD.replace(*edit), encoding="utf-8")
    after = [one.fingerprint_addon(config) for one in components]
    assert all(one != other for one, other in zip(before, after, strict=True))


def test_another_title_does_not(config: dict[str, Any]) -> None:
    before = CityEntityExtractor.fingerprint_addon(config)
    manifest = Path(config["services"]) / "bus_card.yml"
    manifest.write_text(BUS_CARD.replace("title: 充公交卡", "title: 公交卡充值"), encoding="utf-8")
    assert CityEntityExtractor.fingerprint_addon(config) == before
