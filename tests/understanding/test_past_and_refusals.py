"""What is said of payments in the past, and refusals that name a task: neither may start what it speaks of."""

import asyncio
from pathlib import Path

import pytest

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples, read_questions
from bot.evaluation.reading import Reading, load_agent, read_all
from bot.evaluation.utterances import DEVELOPMENT_SET, Utterance, read_development_set
from manifests import services

SAID = DEVELOPMENT_SET.with_name("past_and_refusals.yml")
LEAST = 0.93


@pytest.fixture(scope="module")
def readings(trained_model: Path) -> list[tuple[Utterance, Reading]]:
    said = read_development_set(SAID)
    agent = load_agent(trained_model, said.today)
    read = asyncio.run(read_all(agent, [one.text for one in said.utterances]))
    return list(zip(said.utterances, read, strict=True))


@pytest.mark.parametrize("kind", ["check_payment", "deny", "task"])
def test_most_are_told(readings: list[tuple[Utterance, Reading]], kind: str) -> None:
    of_kind = [(said, read) for said, read in readings if _kind(said.intent) == kind]
    wrong = [f"{said.text}: {read.intent}" for said, read in of_kind if read.intent != said.intent]
    assert len(wrong) <= (1 - LEAST) * len(of_kind), wrong


def test_hardly_any_starts_a_payment(readings: list[tuple[Utterance, Reading]]) -> None:
    pays = {intent for intent, task, _ in services().tasks() if task.pays}
    paid = [said.text for said, read in readings if said.intent in ("check_payment", "deny") and read.intent in pays]
    assert len(paid) <= 2, paid


def test_a_correction_names_no_second_request(readings: list[tuple[Utterance, Reading]]) -> None:
    assert [said.text for said, read in readings if any(span.entity == "second_intent" for span in read.spans)] == []


def test_none_is_trained_on() -> None:
    texts = [one.text for one in read_development_set(SAID).utterances if len(bare(one.text)) >= 6]
    seen = copied(texts, [one.text for one in (*read_examples(), *read_questions())])
    assert [text for text, is_copy in zip(texts, seen, strict=True) if is_copy] == []


def _kind(intent: str) -> str:
    return intent if intent in ("check_payment", "deny") else "task"
