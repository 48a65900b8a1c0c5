"""Who is in danger is heard, and who only sounds like it is not: the held-out sets, and all that residents ordinarily say."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core.agent import Agent

from bot.evaluation.copies import bare, copied
from bot.evaluation.cross_validation import read_examples
from bot.nlu.emergencies import EMERGENCY, EMERGENCY_KIND
from bot.nlu.emergency_files import read_kinds
from bot.runtime.guarded_agent import GuardedAgent

HELD_OUT = {
    "emergencies": (0.97, 0.01),
    "emergencies_second": (0.97, 0.06),
    "emergencies_third": (0.90, 0.10),
}
"""Set → how much of the danger has to be heard at the least, how many of the near misses may be taken for it.

The first set's errors were looked at when examples were added, those of the other two were not: they show how strangers fare."""

ORDINARY = 300
"""Of so many ordinary sentences one at the most is taken for danger."""

SHORT = 6


def sentences(name: str) -> dict[str, dict[str, list[str]]]:
    """Kind → emergency, both, near_miss → sentences."""
    content: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name(f"{name}.yml").read_text("utf-8")
    )
    return content


@pytest.fixture(scope="module")
def agent(trained_model: Path) -> Agent:
    """The assistant with the model for today's data."""
    return GuardedAgent.load(str(trained_model))


def heard(agent: Agent, texts: list[str]) -> list[dict[str, Any]]:
    """How each text is understood."""

    async def read() -> list[dict[str, Any]]:
        return [await agent.parse_message(text) for text in texts]

    return asyncio.run(read())


def kind_of(parsed: dict[str, Any]) -> str | None:
    """The danger in a message."""
    return next((one["value"] for one in parsed["entities"] if one["entity"] == EMERGENCY_KIND), None)


@pytest.mark.parametrize("name", HELD_OUT)
def test_danger_is_heard(agent: Agent, name: str) -> None:
    kinds = sentences(name).values()
    texts = [text for kind in kinds for part in ("emergency", "both") for text in kind.get(part, [])]
    deaf = [text for text, parsed in zip(texts, heard(agent, texts), strict=True) if kind_of(parsed) is None]
    assert len(deaf) <= len(texts) * (1 - HELD_OUT[name][0]), deaf


@pytest.mark.parametrize("name", ["emergencies", "emergencies_third"])
def test_a_request_beside_danger_goes_on(agent: Agent, name: str) -> None:
    texts = [text for kind in sentences(name).values() for text in kind.get("both", [])]
    assert [
        text for text, one in zip(texts, heard(agent, texts), strict=True) if one["intent"]["name"] == EMERGENCY
    ] == []


@pytest.mark.parametrize("name", HELD_OUT)
def test_what_sounds_like_danger_is_none(agent: Agent, name: str) -> None:
    texts = [text for kind in sentences(name).values() for text in kind["near_miss"]]
    alarmed = [text for text, parsed in zip(texts, heard(agent, texts), strict=True) if kind_of(parsed)]
    assert len(alarmed) <= len(texts) * HELD_OUT[name][1], alarmed


@pytest.mark.parametrize("name", HELD_OUT)
def test_no_longer_sentence_is_trained_on(name: str) -> None:
    kinds = sentences(name).values()
    texts = [text for kind in kinds for part in kind.values() for text in part if len(bare(text)) >= SHORT]
    trained = [text for kind in read_kinds() for text in (*kind.examples, *kind.beside, *kind.near)]
    assert [text for text, is_copy in zip(texts, copied(texts, trained), strict=True) if is_copy] == []


def test_what_residents_ordinarily_say_is_no_danger(agent: Agent) -> None:
    """Of data/nlu what was not trained on, one in three: where danger is what is meant, it stands in data/emergencies too."""
    known = {bare(text) for kind in read_kinds() for text in (*kind.examples, *kind.beside, *kind.near)}
    texts = [one.text for one in read_examples() if bare(one.text) not in known][::3]
    alarmed = [text for text, parsed in zip(texts, heard(agent, texts), strict=True) if kind_of(parsed)]
    assert len(texts) > 3 * ORDINARY
    assert len(alarmed) <= len(texts) / ORDINARY, alarmed
