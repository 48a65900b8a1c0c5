"""What a trained model reads in a text, asked through Rasa's own `Agent.parse_message`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from bot.evaluation.utterances import Pair

if TYPE_CHECKING:
    from rasa.core.agent import Agent

FALLBACK = "nlu_fallback"
"""The intent that stands for: not sure enough."""

SECOND_INTENT = "second_intent"
"""An entity that names the second request of a message; it is no value that a resident said."""

WARM_UP = ("你好", "交水费", "明天下午挂口腔科")
"""Parsed before the clock counts, so that what is loaded at a first use is not counted."""


@dataclass(frozen=True)
class Span:
    """One entity in a text.

    Args:
        entity: its public name.
        value: in normal form.
        start: offset of its first character.
        end: offset after its last character.
    """

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Reading:
    """What was understood of one text.

    Args:
        intent: the one on top, perhaps `nlu_fallback`; of a question its article's (ask_traffic/points).
        best: the first intent of the ranking that is not `nlu_fallback`.
        confidence: of `best`, 0 to 1.
        spans: the entities.
        seconds: how long it took.
    """

    intent: str
    best: str
    confidence: float
    spans: tuple[Span, ...] = ()
    seconds: float = 0.0

    @property
    def entities(self) -> frozenset[Pair]:
        """Entity names with values, each once."""
        return frozenset((span.entity, span.value) for span in self.spans)


def reading_of(parsed: Mapping[str, Any], seconds: float = 0.0) -> Reading:
    """Take from Rasa's parse result what is measured.

    Args:
        parsed: with `intent`, `intent_ranking` and `entities`.
        seconds: how long the parse took.
    """
    top = parsed.get("intent") or {}
    ranking = [row for row in parsed.get("intent_ranking") or [top] if row.get("name") != FALLBACK] or [top]
    spans = tuple(
        Span(row["entity"], str(row["value"]), row["start"], row["end"])
        for row in parsed.get("entities") or ()
        if row["entity"] != SECOND_INTENT and "start" in row  # what is said of a message as a whole is no value in it
    )
    names = {top.get("name"): article} if (article := top.get("full_retrieval_intent_name")) else {}
    return Reading(
        intent=article or top.get("name") or FALLBACK,
        best=names.get(ranking[0].get("name"), ranking[0].get("name")) or FALLBACK,
        confidence=float(ranking[0].get("confidence") or 0.0),
        spans=spans,
        seconds=seconds,
    )


def load_agent(model: Path, today: date) -> Agent:
    """Load a model as the assistant does, with its guard in front, but on a given day.

    Args:
        model: file of the model.
        today: the day that 明天 is read from.

    Raises:
        rasa.exceptions.ModelNotFound: there is no model at that path.
    """
    from bot.runtime.guarded_agent import GuardedAgent

    with _on(today):
        agent = GuardedAgent()
        agent.load_model(model)
    return agent


@contextmanager
def _on(today: date) -> Iterator[None]:
    from bot.nlu.extractor import CityEntityExtractor

    load: Callable[..., CityEntityExtractor] = CityEntityExtractor.load

    def load_on_day(*args: Any, **kwargs: Any) -> CityEntityExtractor:
        extractor = load(*args, **kwargs)
        extractor.today = lambda: today
        return extractor

    with patch.object(CityEntityExtractor, "load", load_on_day):
        yield


async def read_all(agent: Agent, texts: Iterable[str]) -> list[Reading]:
    """Parse texts one after the other, and take the time of each."""
    for text in WARM_UP:
        await agent.parse_message(text)
    readings = []
    for text in texts:
        started = time.perf_counter()
        parsed = await agent.parse_message(text)
        readings.append(reading_of(parsed, time.perf_counter() - started))
    return readings
