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
from bot.nlu.extractor import CityEntityExtractor, as_rasa_has_it, read_parts
from bot.nlu.gazetteer_files import GazetteerError, read_whose
from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.whose import OTHER, WhoseReader
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


A, B = "3301091674", "3301820301"


@pytest.mark.parametrize(
    ("text", "each"),
    [
        (f"交水费{A}和{B}", [None, None]),
        (f"我妈让我交水费{A}和{B}", [None, None]),
        (f"交水费{A}和我妈家的{B}", [None, "妈妈"]),
        (f"我家{A}和我妈家{B}交水费", ["", "妈妈"]),
        (f"我家{A}，{B}是我妈家的，交水费", ["", "妈妈"]),
        (f"交水费，{A}是我家的，{B}是我妈家的", ["", "妈妈"]),
        (f"交水费{A}（我家）、{B}（我妈家）", ["", "妈妈"]),
        (f"帮我爸{A}和我妈{B}交水费", ["爸爸", "妈妈"]),
        (f"邻居的{A}，同事的{B}，交水费", ["邻居", "同事"]),
        (f"我爸妈家{A}和我家{B}", ["父母", ""]),
        (f"帮我妈交水费，{A}和{B}", ["妈妈", "妈妈"]),
        (f"{A}和{B}都是我妈家的，交水费", ["妈妈", "妈妈"]),
        (f"两个户号都是我家的 {A} {B}", ["", ""]),
        ("浙AQ5681是我的，浙AN4077是我老婆的，查违章", ["", "妻子"]),
    ],
)
def test_whose_each_of_several_numbers_is(finder, reader, text, each):
    found = finder.find(text, date(2026, 11, 25))
    numbers = [one for one in found if one.entity in ("account_number", "plate_number")]
    assert [read.who if read else None for read in reader.read_each(text, found, numbers)] == each


@pytest.mark.parametrize(
    ("text", "message", "each"),
    [
        (f"我家{A}和我妈家{B}交水费", {"group": "self", "who": ""}, ["", "妈妈"]),
        (f"交水费{A}和我妈家的{B}", None, [None, "妈妈"]),
        (f"帮我妈交水费，{A}和{B}", {"group": "family", "who": "妈妈"}, [None, None]),
        (f"帮我妈交水费{A}，就是{A}", {"group": "family", "who": "妈妈"}, [None, None]),
        ("明天和后天帮我妈挂号", {"group": "family", "who": "妈妈"}, [None, None]),
    ],
)
def test_numbers_of_different_people_carry_whose_they_are(finder, tmp_path, text, message, each):
    component = WhoseComponent.create({}, LocalModelStorage(tmp_path), Resource("whose"), CONTEXT)
    component.train(TrainingData())
    found = [as_rasa_has_it(one) for one in finder.find(text, date(2026, 11, 25))]
    values = [one for one in found if one["entity"] in ("account_number", "date")]
    (read,) = component.process([Message({"text": text, "entities": found})])
    assert read.get("whose") == message
    assert [one["whose"]["who"] if "whose" in one else None for one in values] == each


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
