"""Merged and cleaned training data is Rasa's, but for being shared."""

from __future__ import annotations

import inspect
from typing import Any

import pytest
from rasa.shared.importers import importer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.runtime import shared_examples

MERGE, SANITIZE = TrainingData.merge, TrainingData.sanitize_examples
FINGERPRINT = TrainingData.fingerprint


def example(text: str, intent: str = "greet", **more: Any) -> Message:
    return Message(data={"text": text, "intent": intent, **more})


def data(*examples: Message, **more: Any) -> TrainingData:
    return TrainingData(list(examples), **more)


OTHERS = [
    [],
    [None],
    [TrainingData()],
    [data(example("你好"), example("早"))],
    [data(example("你好 "), example("嗨", " greet")), None, data(example("嗨"), entity_synonyms={"水": "water"})],
    [
        data(
            example("嗨", response=" hi "),
            regex_features=[{"name": "b", "pattern": "2"}],
            lookup_tables=[{"name": "t", "elements": ["x"]}],
            responses={"utter_hi": [{"text": "嗨"}]},
        )
    ],
]


@pytest.mark.parametrize("others", OTHERS)
def test_merged_data_is_as_rasas(others: list[TrainingData | None]) -> None:
    mine = data(
        example("你好"),
        example("交水费", "pay", entities=[{"entity": "bill_type", "value": "water"}]),
        entity_synonyms={"电": "electricity"},
        regex_features=[{"name": "a", "pattern": "1"}],
        responses={"utter_hi": [{"text": "好"}]},
    )
    rasas = MERGE(mine, *others)
    ours = shared_examples.merge(mine, *others)
    assert ours.fingerprint() == rasas.fingerprint()
    assert shared_examples.fingerprint(ours) == FINGERPRINT(rasas)
    assert [one.data for one in ours.training_examples] == [one.data for one in rasas.training_examples]
    for name in ("entity_synonyms", "regex_features", "lookup_tables", "responses"):
        assert getattr(ours, name) == getattr(rasas, name)
    ours.entity_synonyms["气"] = ours.responses["utter_x"] = "gas"
    ours.regex_features.append({})
    assert MERGE(mine, *others).fingerprint() == rasas.fingerprint()


def test_an_answer_that_comes_later_is_filled_in_as_in_rasa() -> None:
    """A retrieval intent's examples carry their answer's text, which the domain may have and the examples not."""
    answers = TrainingData(responses={"utter_ask/late": [{"text": "不会"}]})

    def asked() -> TrainingData:
        return data(example("会晚吗", "ask", intent_response_key="ask/late"))

    assert shared_examples.merge(asked(), answers).fingerprint() == MERGE(asked(), answers).fingerprint()


def test_blanks_and_duplicates_go_as_in_rasa() -> None:
    def examples() -> list[Message]:
        return [example("好"), example("好", "greet "), example("好", "", response=" x"), example("好")]

    ours, rasas = shared_examples.sanitize_examples(examples()), SANITIZE(examples())
    assert [one.data for one in ours] == [one.data for one in rasas]
    assert len(ours) == 2


def test_an_example_keeps_its_hash() -> None:
    one = example("好")
    one.fingerprint()
    assert shared_examples.sanitize_examples([one])[0]._cached_fingerprint is not None


def test_rasa_still_copies_and_hashes_at_each_stage() -> None:
    """Once Rasa does not, this module can go."""
    assert "training_examples = copy.deepcopy(self.training_examples)" in inspect.getsource(MERGE)
    assert "deep_container_fingerprint(relevant_attributes)" in inspect.getsource(FINGERPRINT)
    assert "ex.set(INTENT, ex.get(INTENT).strip())" in inspect.getsource(SANITIZE)
    assert "E2EImporter(ResponsesSyncImporter(CombinedDataImporter(" in inspect.getsource(importer)
