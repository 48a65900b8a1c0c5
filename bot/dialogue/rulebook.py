"""The rules of a model, found by what was done last, the most particular first."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain, State
from rasa.shared.nlu.constants import ACTION_NAME

from bot.dialogue.facts import Step, action_of
from bot.dialogue.past import Past

Place = tuple[str, str]
"""Where something is written: the name of a rule or story, and its file."""


@dataclass(eq=False)
class Rule:
    """What to do after certain steps; a rule of data/stories becomes one of these for each of its actions.

    Attributes:
        states: the steps as Rasa has them, oldest first.
        wants: the action it asks for.
        places: the rules of data/stories that it is of.
        hidden: no story goes through it, so stories do not see what was done by it.
    """

    states: list[State]
    wants: str
    places: list[Place] = field(default_factory=list)
    hidden: bool = False

    def __post_init__(self) -> None:
        self.key = json.dumps(self.states, sort_keys=True)
        """The steps in one string, by which Rasa tells rules apart."""
        self.steps = [Step.of(state) for state in reversed(self.states)]
        """What it says, now first."""
        self.rank = (sum(1 + len(step.facts) for step in self.steps), len(self.key), self.key)
        """More particular is higher: by how much it says, and where that is equal, as Rasa does, by length."""

    @property
    def says(self) -> int:
        """How many facts it names."""
        return self.rank[0]

    def fits(self, past: Past, domain: Domain, by_text: bool = False) -> bool:
        """Tell whether its steps are the last ones of the conversation."""
        return all(step.holds(past, domain, back, by_text) for back, step in enumerate(self.steps))

    def goes_with(self, other: Rule) -> bool:
        """Tell whether one conversation can fit both."""
        return all(mine.goes_with(theirs) for mine, theirs in zip(self.steps, other.steps, strict=False))

    def holds_wherever_both_do(self, one: Rule, other: Rule) -> bool:
        """Tell whether it fits each conversation that both others fit."""
        for back, step in enumerate(self.steps):
            there = [rule.steps[back] for rule in (one, other) if back < len(rule.steps)]
            known = {fact for known_step in there for fact in known_step.facts}
            if not there or not known.issuperset(step.facts):
                return False
        return True


class RuleBook:
    """Rules, found by the last action and intent.

    Args:
        rules: in any order.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = sorted(rules, key=lambda rule: rule.rank, reverse=True)
        self.by_key = {rule.key: rule for rule in self.rules}
        self._after: defaultdict[str | None, list[Rule]] = defaultdict(list)
        self._heard: defaultdict[str | None, list[Rule]] = defaultdict(list)
        self._text_alone = [rule for rule in self.rules if rule.steps[0].may_meet_text]
        for rule in self.rules:
            last = _name(rule.steps[0].action)
            if last != ACTION_LISTEN_NAME:
                self._after[last].append(rule)
            elif rule.steps[0].intent:
                self._heard[rule.steps[0].intent].append(rule)
            else:
                self._heard[None].append(rule)

    def fitting(self, past: Past, domain: Domain, by_text: bool = False) -> Iterator[Rule]:
        """Give the rules that fit, the most particular first.

        Args:
            past: the conversation.
            domain: which entities count for which intent.
            by_text: right after a message, look at its text alone.
        """
        return (rule for rule in self._candidates(past, by_text) if rule.fits(past, domain, by_text))

    def _candidates(self, past: Past, by_text: bool) -> Iterable[Rule]:
        if by_text:
            return self._text_alone
        moment = past.moment(0)
        last = _name(action_of(moment.action if moment else None))
        if last != ACTION_LISTEN_NAME:
            return self._after.get(last, ())
        message = past.message(0)
        heard = self._heard.get(message.intent_name if message else None, ())
        if message is None or message.intent_name is None or None not in self._heard:
            return heard
        return sorted([*heard, *self._heard[None]], key=lambda rule: rule.rank, reverse=True)


def _name(action: dict[str, str]) -> str | None:
    return action.get(ACTION_NAME) or next(iter(action.values()), None)
