"""What a training gives as JSON, in the model and back."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rasa.shared.core.domain import State

from bot.dialogue.learning import Learnt
from bot.dialogue.rulebook import Rule
from bot.dialogue.storybook import Story

STORED = "stories_and_rules.json"
RULE_ONLY = "rule_only_data.json"
"""Rasa's name: its `RuleOnlyDataProvider` reads it from a rule policy's folder, for policies that learn from stories."""


def save(learnt: Learnt, folder: Path) -> None:
    """Write what was learnt into a model's folder."""
    content = {
        "rules": [_rule(rule) for rule in learnt.rules],
        "unhappy": [_rule(rule) for rule in learnt.unhappy],
        "stories": [_story(story) for story in learnt.stories],
        "hidden": sorted(learnt.hidden),
        "rule_only": learnt.rule_only,
    }
    (folder / STORED).write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    (folder / RULE_ONLY).write_text(json.dumps(learnt.rule_only), encoding="utf-8")


def load(folder: Path) -> Learnt:
    """Read what was learnt from a model's folder.

    Raises:
        FileNotFoundError: nothing was saved there.
    """
    content = json.loads((folder / STORED).read_text(encoding="utf-8"))
    return Learnt(
        rules=[_read_rule(rule) for rule in content["rules"]],
        unhappy=[_read_rule(rule) for rule in content["unhappy"]],
        stories=[_read_story(story) for story in content["stories"]],
        hidden=set(content["hidden"]),
        rule_only=content["rule_only"],
    )


def _rule(rule: Rule) -> dict[str, Any]:
    return asdict(rule)


def _read_rule(stored: dict[str, Any]) -> Rule:
    return Rule(stored["states"], stored["wants"], [(name, file) for name, file in stored["places"]], stored["hidden"])


def _story(story: Story) -> dict[str, Any]:
    return {
        "place": story.place,
        "states": story.states,
        "wants": story.wants,
        "named": story.named,
        "beats": [[step, sorted(keys)] for step, keys in sorted(story.beats.items())],
        "took_over": sorted(story.took_over),
    }


def _read_story(stored: dict[str, Any]) -> Story:
    states: list[State] = stored["states"]
    name, file = stored["place"]

    def seen(value: Any) -> Any:
        return tuple(value) if isinstance(value, list) else value

    return Story(
        (name, file),
        states,
        stored["wants"],
        [{slot: seen(value) for slot, value in named.items()} for named in stored["named"]],
        {step: set(keys) for step, keys in stored["beats"]},
        set(stored["took_over"]),
    )
