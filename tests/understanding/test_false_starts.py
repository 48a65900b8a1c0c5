"""What only sounds like one of our services starts none of them, and what asks for one still does."""

import asyncio
from pathlib import Path

import pytest

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples
from bot.evaluation.metrics import OUT_OF_SCOPE, starting
from bot.evaluation.reading import Reading, load_agent, read_all
from bot.evaluation.utterances import DEVELOPMENT_SET, Utterance, read_development_set

SAID = DEVELOPMENT_SET.with_name("false_starts.yml")
HAND_OVER = "handoff_human"
MOST_STARTED = 0.06
LEAST_UNDERSTOOD = 0.95
SHORT = 6


@pytest.fixture(scope="module")
def readings(trained_model: Path) -> list[tuple[Utterance, Reading]]:
    said = read_development_set(SAID)
    agent = load_agent(trained_model, said.today)
    read = asyncio.run(read_all(agent, [one.text for one in said.utterances]))
    return list(zip(said.utterances, read, strict=True))


def test_what_is_not_for_us_starts_nothing(readings: list[tuple[Utterance, Reading]]) -> None:
    not_ours = [(said, read) for said, read in readings if said.intent == OUT_OF_SCOPE]
    begun = [f"{said.text}: {read.intent}" for said, read in not_ours if read.intent in {*starting(), HAND_OVER}]
    assert len(begun) <= MOST_STARTED * len(not_ours), begun


def test_what_is_for_us_is_understood(readings: list[tuple[Utterance, Reading]]) -> None:
    ours = [(said, read) for said, read in readings if said.intent != OUT_OF_SCOPE]
    wrong = [f"{said.text}: {read.intent}" for said, read in ours if read.intent != said.intent]
    assert len(wrong) <= (1 - LEAST_UNDERSTOOD) * len(ours), wrong


def test_no_longer_one_is_trained_on() -> None:
    texts = [one.text for one in read_development_set(SAID).utterances if len(bare(one.text)) >= SHORT]
    seen = copied(texts, [one.text for one in read_examples()])
    assert [text for text, is_copy in zip(texts, seen, strict=True) if is_copy] == []
