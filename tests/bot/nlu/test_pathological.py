"""No text costs the assistant's process more CPU than its share, however it is made."""

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import structlog

from bot.evaluation.reading import WARM_UP, load_agent
from bot.nlu.extractor import CityEntityExtractor, read_parts
from tests.bot.nlu.pathological import LENGTH, pathological

TUESDAY = date(2026, 11, 24)

PROMISED = 0.020
"""Seconds of CPU that understanding a text may take on a quiet machine (docs/understanding.md)."""

BOUND = 5 * PROMISED
"""What the test allows: a machine that does other things takes longer for the same."""

_READINGS = 5
"""A text is read again until it stays within what is promised, but no more often than this; the least counts."""


@pytest.fixture
def _quiet() -> Iterator[None]:
    """Without Rasa's log line of each parse, as the assistant runs."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    yield
    structlog.configure(**before)


@pytest.mark.usefixtures("_quiet")
def test_no_text_costs_more_than_its_share(trained_model: Path) -> None:
    texts = pathological(read_parts(CityEntityExtractor.get_default_config()))
    assert len(texts) >= 645
    assert {len(text) for text in texts} == {LENGTH}
    agent = load_agent(trained_model, TUESDAY)

    async def read() -> list[tuple[float, str]]:
        for text in WARM_UP:
            await agent.parse_message(text)
        costs = []
        for text in texts:
            least = float("inf")
            for _ in range(_READINGS):
                started = time.thread_time()
                await agent.parse_message(text)
                least = min(least, time.thread_time() - started)
                if least <= PROMISED:
                    break
            costs.append((least, text))
        return sorted(costs, reverse=True)

    costs = asyncio.run(read())
    worst = "\n".join(f"{seconds * 1000:.1f} ms {text[:30]!r} … {text[500:530]!r}" for seconds, text in costs[:10])
    print(
        f"{len(texts)} texts, {sum(seconds > PROMISED for seconds, _ in costs)} over {PROMISED * 1000:.0f} ms, the worst:\n{worst}"
    )
    assert costs[0][0] <= BOUND, worst
