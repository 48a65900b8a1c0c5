"""Whose thing a sentence is about: the table that was written before the component, and what the component does with it."""

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import whose_component
from bot.nlu.entities import EntityFinder
from bot.nlu.extractor import CityEntityExtractor, read_parts
from bot.nlu.gazetteer_files import GazetteerError, read_whose
from bot.nlu.whose import OTHER, WhoseReader
from bot.nlu.whose_component import WhoseComponent
from tests.patterns import BOUND, LENGTH, patterns_in, seconds, slow_use

TABLE = yaml.safe_load(Path(__file__).with_name("whose.yml").read_text(encoding="utf-8"))
CONTEXT = ExecutionContext(GraphSchema({}))


@pytest.fixture(scope="module")
def finder():
    return EntityFinder(**read_parts(CityEntityExtractor.get_default_config()))


@pytest.fixture(scope="module")
def reader():
    return WhoseReader(read_whose(WhoseComponent.get_default_config()))


@pytest.mark.parametrize("row", TABLE, ids=[row["text"] for row in TABLE])
def test_whose_it_is(finder, reader, row):
    read = reader.read(row["text"], finder.find(row["text"], date(2026, 11, 25)))
    wanted = "-" if row.get("missed") else row["whose"]
    if read is None:
        assert wanted == "-"
    else:
        assert wanted == (f"{read.group}/{read.who}" if read.who and read.group != OTHER else read.group)


def test_no_pattern_is_slow(reader):
    assert [slow for pattern in set(patterns_in(reader)) if (slow := slow_use(pattern))] == []


@pytest.mark.parametrize("unit", ["我爸", "我爸说", "不是我爸的", "给", "我家", "他的", "我妈，我来", "自己", "和我"])
def test_a_long_message_is_read_in_time(reader, unit):
    text = (unit * LENGTH)[:LENGTH]
    assert seconds(lambda: reader.read(text)) < BOUND


def test_the_words_are_read_only_from_the_model(tmp_path, monkeypatch):
    storage, resource = LocalModelStorage(tmp_path), Resource("whose")
    WhoseComponent.create({}, storage, resource, CONTEXT).train(TrainingData())

    def refuse(*args):
        raise AssertionError("read after training")

    monkeypatch.setattr(whose_component, "read_whose", refuse)
    messages = [Message({"text": text}) for text in ("帮我爸交水费", "交水费")]
    theirs, unsaid = WhoseComponent.load({}, storage, resource, CONTEXT).process(messages)
    assert theirs.get("whose") == {"group": "family", "who": "爸爸"}
    assert theirs.as_dict(only_output_properties=True)["whose"]
    assert unsaid.get("whose") is None


def test_edited_words_change_the_fingerprint_and_a_missing_part_is_said(tmp_path):
    words = read_whose(WhoseComponent.get_default_config())
    config = {"gazetteers": str(tmp_path)}
    (tmp_path / "whose.yml").write_text(json.dumps({**words, "next": ["后一位"]}), encoding="utf-8")
    assert WhoseComponent.fingerprint_addon(config) != WhoseComponent.fingerprint_addon({})
    del words["groups"]
    (tmp_path / "whose.yml").write_text(json.dumps(words), encoding="utf-8")
    with pytest.raises(GazetteerError, match="groups"):
        WhoseComponent.create(config, LocalModelStorage(tmp_path), Resource("x"), CONTEXT).train(TrainingData())
    with pytest.raises(GazetteerError, match="没有这个文件"):
        WhoseComponent.fingerprint_addon({"gazetteers": str(tmp_path / "nowhere")})


def test_untrained_it_says_so():
    with pytest.raises(RuntimeError, match="neither trained nor loaded"):
        WhoseComponent.create({}, None, None, CONTEXT).process([Message({"text": "水费"})])
