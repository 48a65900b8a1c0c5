"""Measures understanding under noise: each kind of noise beside the same utterances without it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.table import Table

from bot.evaluation import metrics
from bot.evaluation.noise import KINDS, Noise, noisy
from bot.evaluation.reading import Reading, read_all
from bot.evaluation.utterances import Utterance

if TYPE_CHECKING:
    from rasa.core.agent import Agent


@dataclass(frozen=True)
class NoiseFigures:
    """What is left of understanding under one kind of noise.

    Args:
        kind: its name.
        utterances: that the noise changed; only they are counted, clean and noisy alike.
        intent_clean: intent accuracy of those without the noise.
        intent_noisy: with it.
        entity_utterances: those of them whose entities can be asked for.
        entity_clean: micro F1 of the entities without the noise; None where none can be asked for.
        entity_noisy: with it.
        false_starts: utterances that are not for us and, made noisy, start a service.
    """

    kind: str
    utterances: int
    intent_clean: float
    intent_noisy: float
    entity_utterances: int
    entity_clean: float | None
    entity_noisy: float | None
    false_starts: int


@dataclass(frozen=True)
class NoisyUtterance:
    """An utterance, its noisy text, and both readings.

    Args:
        utterance: as in the development set.
        text: the noisy variant.
        clean: what was read in the utterance.
        noisy: what was read in the variant.
    """

    utterance: Utterance
    text: str
    clean: Reading
    noisy: Reading


async def measure_noise(
    agent: Agent, utterances: Sequence[Utterance], seed: int
) -> tuple[list[NoiseFigures], dict[str, list[NoisyUtterance]]]:
    """Read all variants of all utterances.

    Args:
        agent: with the model, on the development set's day.
        utterances: the development set.
        seed: of the noise.

    Returns:
        The figures per kind, and per kind what was read.
    """
    clean = await read_all(agent, [one.text for one in utterances])
    read: dict[str, list[NoisyUtterance]] = {}
    for kind in KINDS:
        variants = [noisy(kind, one.text, reading.spans, seed) for one, reading in zip(utterances, clean, strict=True)]
        changed = [index for index, one in enumerate(utterances) if variants[index] != one.text]
        readings = await read_all(agent, [variants[index] for index in changed])
        read[kind.name] = [
            NoisyUtterance(utterances[index], variants[index], clean[index], reading)
            for index, reading in zip(changed, readings, strict=True)
        ]
    return [figures(kind, read[kind.name]) for kind in KINDS], read


def figures(kind: Noise, rows: Sequence[NoisyUtterance]) -> NoiseFigures:
    """Count one kind.

    Where entities are is known only where the clean text's entities were all found, and found right; with others the
    noise may have hit an entity's own words, so they are counted for the intent alone.
    """
    expected = [row.utterance.intent for row in rows]
    with_entities = [row for row in rows if kind.keeps_entities and row.utterance.entities <= row.clean.entities]
    return NoiseFigures(
        kind=kind.name,
        utterances=len(rows),
        intent_clean=_accuracy(expected, [row.clean.intent for row in rows]),
        intent_noisy=_accuracy(expected, [row.noisy.intent for row in rows]),
        entity_utterances=len(with_entities),
        entity_clean=_entity_f1(with_entities, [row.clean for row in with_entities]),
        entity_noisy=_entity_f1(with_entities, [row.noisy for row in with_entities]),
        false_starts=metrics.false_starts(expected, [row.noisy.intent for row in rows]).count,
    )


def _accuracy(expected: Sequence[str], got: Sequence[str]) -> float:
    return metrics.score_intents(expected, got).accuracy if expected else 1.0


def _entity_f1(rows: Sequence[NoisyUtterance], readings: Sequence[Reading]) -> float | None:
    if not rows:
        return None
    return metrics.score_entities([row.utterance.entities for row in rows], [one.entities for one in readings]).micro.f1


def as_table(rows: Sequence[NoiseFigures]) -> Table:
    """Lay the kinds out, each beside the clean figure of the same utterances."""
    table = Table(
        "噪声 / noise",
        "句 / n",
        "意图 / intent",
        "原文 / clean",
        "句 / n",
        "实体 / entity F1",
        "原文 / clean",
        "误启动",
    )
    for row in rows:
        entities = (_figure(row.entity_noisy), _figure(row.entity_clean))
        table.add_row(
            row.kind,
            str(row.utterances),
            _figure(row.intent_noisy),
            _figure(row.intent_clean),
            str(row.entity_utterances or "–"),
            *entities,
            str(row.false_starts),
        )
    return table


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
