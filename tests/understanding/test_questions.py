"""What residents ask finds its article, and what no article answers finds none: the set that was written before anything was tuned."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples, read_questions
from bot.evaluation.metrics import starting
from bot.evaluation.reading import Reading, load_agent, read_all
from bot.evaluation.utterances import read_development_set
from manifests.knowledge import read_all as read_articles

QUESTIONS = Path(__file__).with_name("questions.yml")
LEAST_RIGHT, MOST_MISLED = 0.65, 0.08
SHORT = 6


def written() -> list[dict[str, Any]]:
    content: list[dict[str, Any]] = yaml.safe_load(QUESTIONS.read_text(encoding="utf-8"))["questions"]
    return content


@pytest.fixture(scope="module")
def readings(trained_model: Path) -> list[Reading]:
    """What the model for today's data makes of the set."""
    agent = load_agent(trained_model, read_development_set().today)
    return asyncio.run(read_all(agent, [one["text"] for one in written()]))


def outcome(question: dict[str, Any], reading: Reading) -> str:
    """What comes of a question: answered rightly, misled, started, or declined (which asks or offers more)."""
    wanted = [] if question["article"] == "none" else question["article"]
    if reading.intent in wanted or (not wanted and reading.intent in ("out_of_scope", "nlu_fallback")):
        return "right"
    if reading.intent.startswith("ask_"):
        return "misled"
    return "started" if reading.intent in starting() else "declined"


def test_most_are_answered_rightly_and_few_are_misled(readings: list[Reading]) -> None:
    found = [(outcome(one, read), one["text"], read.intent) for one, read in zip(written(), readings, strict=True)]
    counts = Counter(kind for kind, *_ in found)
    assert counts["right"] >= LEAST_RIGHT * len(found), [one for one in found if one[0] != "right"]
    assert counts["misled"] <= MOST_MISLED * len(found), [one for one in found if one[0] == "misled"]


def test_no_question_of_the_set_is_trained_on() -> None:
    texts = [one["text"] for one in written() if len(bare(one["text"])) >= SHORT]
    seen = copied(texts, [one.text for one in (*read_examples(), *read_questions())])
    assert [text for text, is_copy in zip(texts, seen, strict=True) if is_copy] == []


def test_every_article_that_the_set_names_is_there() -> None:
    there = {known.intent_of(name) for known in read_articles() for name in known.articles}
    named = {one for row in written() if row["article"] != "none" for one in row["article"] if one.startswith("ask_")}
    assert named - there == set()
