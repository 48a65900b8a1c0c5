"""The held-out sets: how much of what residents say the model has to understand, at the least."""

import asyncio
from pathlib import Path

import pytest

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples, read_questions
from bot.evaluation.evaluation import (
    LEAST_ENTITY_F1,
    LEAST_INTENT_ACCURACY,
    MOST_FALSE_STARTS,
    Evaluation,
    evaluate,
)
from bot.evaluation.reading import load_agent, read_all
from bot.evaluation.report import listed
from bot.evaluation.utterances import DEVELOPMENT_SET, OTHER_HAND_SET, read_development_set

SHORT = 6
"""Characters under which everybody writes the same: 谢谢, 交电费."""


@pytest.fixture(scope="module", params=[DEVELOPMENT_SET, OTHER_HAND_SET], ids=lambda path: path.stem)
def evaluation(trained_model: Path, request: pytest.FixtureRequest) -> Evaluation:
    """What the model for today's data makes of a held-out set."""
    development = read_development_set(request.param)
    agent = load_agent(trained_model, development.today)
    readings = asyncio.run(read_all(agent, [one.text for one in development.utterances]))
    return evaluate(development.utterances, readings)


def told(evaluation: Evaluation) -> str:
    """List the wrong utterances, one a line."""
    return "\n".join(
        f"{one.text!r}: {one.expected} → {one.got} missed {listed(one.missed)} invented {listed(one.invented)}"
        for one in evaluation.mistakes
    )


def test_intents_are_told(evaluation: Evaluation) -> None:
    assert evaluation.intents.accuracy >= LEAST_INTENT_ACCURACY, told(evaluation)


def test_entities_have_their_values(evaluation: Evaluation) -> None:
    assert evaluation.entities is not None
    assert evaluation.entities.micro.f1 >= LEAST_ENTITY_F1, told(evaluation)


def test_what_is_not_for_us_starts_nothing(evaluation: Evaluation) -> None:
    assert evaluation.false_starts.total >= 75  # each service that is added takes some over
    assert evaluation.false_starts.rate <= MOST_FALSE_STARTS, told(evaluation)


@pytest.mark.parametrize("path", [DEVELOPMENT_SET, OTHER_HAND_SET], ids=lambda path: path.stem)
def test_nothing_but_short_common_words_is_trained_on(path: Path) -> None:
    texts = [one.text for one in read_development_set(path).utterances if len(bare(one.text)) >= SHORT]
    seen = copied(texts, [one.text for one in (*read_examples(), *read_questions())])
    assert [text for text, is_copy in zip(texts, seen, strict=True) if is_copy] == []
