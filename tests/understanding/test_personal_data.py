"""What asks to erase what is kept of a resident is told from what sounds like it: nothing else may start it."""

import asyncio
from pathlib import Path

import pytest

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples
from bot.evaluation.reading import Reading, load_agent, read_all
from bot.evaluation.utterances import DEVELOPMENT_SET, Utterance, read_development_set

SAID = DEVELOPMENT_SET.with_name("personal_data.yml")
ERASE, ANYTHING = "erase_personal_data", "nlu_fallback"
LEAST = 0.9


@pytest.fixture(scope="module")
def readings(trained_model: Path) -> list[tuple[Utterance, Reading]]:
    said = read_development_set(SAID)
    agent = load_agent(trained_model, said.today)
    read = asyncio.run(read_all(agent, [one.text for one in said.utterances]))
    return list(zip(said.utterances, read, strict=True))


def test_most_are_told(readings: list[tuple[Utterance, Reading]]) -> None:
    sure = [(said, read) for said, read in readings if said.intent != ANYTHING]
    wrong = [f"{said.text}: {read.intent}" for said, read in sure if read.intent != said.intent]
    assert len(wrong) <= (1 - LEAST) * len(sure), wrong


def test_nothing_else_starts_it(readings: list[tuple[Utterance, Reading]]) -> None:
    assert [said.text for said, read in readings if said.intent != ERASE and read.intent == ERASE] == []


def test_none_is_trained_on() -> None:
    texts = [one.text for one in read_development_set(SAID).utterances if len(bare(one.text)) >= 6]
    seen = copied(texts, [one.text for one in read_examples()])
    assert [text for text, is_copy in zip(texts, seen, strict=True) if is_copy] == []
