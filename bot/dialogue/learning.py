"""Learns from rules and stories: what each wants after which steps, and which of them has the word where they differ.

The more particular wins. A rule's word is taken by a story that the rule fits, step by step, and that wants something
else there; between two rules the one that says more has it. What is left is a conflict.
"""

from __future__ import annotations

import itertools
import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from rasa.core.policies.rule_policy import DEFAULT_RULES, LOOP_RULES, RulePolicy
from rasa.shared.core.constants import (
    ACTION_LISTEN_NAME,
    PREVIOUS_ACTION,
    RULE_SNIPPET_ACTION_NAME,
    SLOTS,
    USER,
)
from rasa.shared.core.domain import Domain, State
from rasa.shared.core.events import ActionExecuted, SlotSet
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.nlu.constants import ACTION_NAME, INTENT, TEXT

from bot.dialogue import conflicts
from bot.dialogue.conflicts import StoryConflictError
from bot.dialogue.past import feature, slots_with_features
from bot.dialogue.rehearsal import Played, play
from bot.dialogue.rulebook import Place, Rule, RuleBook
from bot.dialogue.storybook import Story, StoryBook
from bot.dialogue.verdict import RuleSide


@dataclass
class Learnt:
    """What a training gives.

    Attributes:
        rules: all rules that have a word.
        unhappy: conditions on forms that are left in the middle.
        stories: all stories.
        hidden: Rasa's names of default actions and forms that no story goes through.
        rule_only: slots and loops that occur in rules alone.
    """

    rules: list[Rule]
    unhappy: list[Rule]
    stories: list[Story]
    hidden: set[str] = field(default_factory=set)
    rule_only: dict[str, list[str]] = field(default_factory=dict)


def learn(
    rules: list[TrackerWithCachedStates],
    stories: list[TrackerWithCachedStates],
    domain: Domain,
    unhappy: dict[str, str],
    rule_only: dict[str, list[str]],
    only_named_slots: bool = False,
) -> Learnt:
    """Learn from training trackers.

    Args:
        rules, stories: the trackers that Rasa made of the rules and of the stories.
        domain: the assistant's domain.
        unhappy, rule_only: as `RulePolicy` finds them.
        only_named_slots: a story looks at a slot only where it names it.

    Raises:
        StoryConflictError: equally particular and different.
    """
    mistakes: list[str] = []
    learnt = Learnt(
        _rules(rules, domain, mistakes),
        [Rule(json.loads(key), wants) for key, wants in unhappy.items()],
        [_story(tracker, domain, only_named_slots) for tracker in stories],
        rule_only=rule_only,
    )
    mistakes += _equal_rules(learnt.rules)
    mistakes += _equal_stories(learnt.stories)
    if not mistakes:
        mistakes += _Hearing(learnt, domain).hear(rules, stories)
    if mistakes:
        raise StoryConflictError(mistakes)
    return learnt


class _Hearing:
    """Plays all rules and stories through, and notes who takes whose word.

    Args:
        learnt: what has been learnt so far; stories, `hidden` and rules are completed.
        domain: the assistant's domain.
    """

    def __init__(self, learnt: Learnt, domain: Domain) -> None:
        self._learnt = learnt
        self._domain = domain
        self._side = RuleSide(RuleBook(learnt.rules), RuleBook(learnt.unhappy))
        self._spoke: defaultdict[str, list[tuple[str, str | None]]] = defaultdict(list)
        """Source → the rules it spoke in, and what stands there."""
        self._used: set[str] = set()

    def hear(self, rules: list[TrackerWithCachedStates], stories: list[TrackerWithCachedStates]) -> list[str]:
        """Give what cannot be: a rule or story against an open form or one of Rasa's own intents."""
        for tracker in rules:
            for played in self._play(tracker):
                self._note_source(tracker.sender_id, played)
        mistakes = [
            mistake
            for tracker, story in zip(stories, self._learnt.stories, strict=True)
            for mistake in self._hear_story(tracker, story)
        ]
        for tracker in rules:
            for played in self._play(tracker):
                mistakes += self._against_rasa(tracker, played)
        known = set(self._spoke) | RulePolicy._default_sources() | RulePolicy._handling_loop_sources(self._domain)
        self._learnt.rules = list(self._side.book.rules)
        for rule in self._learnt.rules:
            rule.hidden = rule.key in known and rule.key not in self._used
        self._learnt.hidden = {source for source in known - self._used if source not in self._side.book.by_key}
        return mistakes

    def _play(self, tracker: TrackerWithCachedStates) -> Iterator[Played]:
        return play(tracker, self._domain, lambda: self._side)

    def _note_source(self, name: str, played: Played) -> None:
        source = played.verdict.source
        if source.startswith((DEFAULT_RULES, LOOP_RULES)):
            self._spoke[source].append((source, played.verdict.wants))
        elif source:
            self._spoke[source].append((name, played.written))

    def _hear_story(self, tracker: TrackerWithCachedStates, story: Story) -> Iterator[str]:
        self._used |= self._rules_before(tracker)
        taking_over = False
        for played in self._play(tracker):
            verdict = played.verdict
            if verdict.wants == played.written:
                self._used.add(verdict.source)
            elif verdict.wants is not None:
                if verdict.rule is None:
                    yield from self._against_rasa(tracker, played)
                elif self._gives_way(verdict.rule, verdict.wants):
                    self._side.book = RuleBook(rule for rule in self._side.book.rules if rule is not verdict.rule)
                elif any(wants != played.written for _, wants in self._spoke[verdict.source]):
                    story.beats.setdefault(played.step - 1, set()).add(verdict.source)
                    taking_over = True
            if taking_over:
                story.took_over.add(played.step - 1)
            if played.written == ACTION_LISTEN_NAME:
                taking_over = False

    def _rules_before(self, tracker: TrackerWithCachedStates) -> set[str]:
        """Give the rules that a story goes on from because it begins with what they do: all that do it, or end with it."""
        first = next((event for event in tracker.applied_events() if isinstance(event, ActionExecuted)), None)
        if first is None or first.action_name == ACTION_LISTEN_NAME:
            return set()
        return {
            rule.key
            for rule in self._side.book.rules
            if first.action_name in (rule.wants, rule.steps[0].action.get(ACTION_NAME))
        }

    def _gives_way(self, rule: Rule, wants: str) -> bool:
        """Tell whether a rule's end goes without saying: another rule goes on from the same single step (as in Rasa)."""
        return (
            wants == ACTION_LISTEN_NAME
            and rule.key.count(PREVIOUS_ACTION) <= 1
            and any(other.key.startswith(rule.key[:-2]) and other is not rule for other in self._side.book.rules)
        )

    def _against_rasa(self, tracker: TrackerWithCachedStates, played: Played) -> Iterator[str]:
        wants, source = played.verdict.wants, played.verdict.source
        if wants is None or wants == played.written or played.verdict.rule is not None or not self._spoke[source]:
            return
        place = place_of(tracker)
        if source.startswith(DEFAULT_RULES):
            yield conflicts.against_default(place, tracker.is_rule_tracker, played.step, played.written, wants)
        else:
            loop = source.removeprefix(LOOP_RULES).split(" ")[0]
            yield conflicts.against_form(place, tracker.is_rule_tracker, played.step, played.written, loop, wants)


def place_of(tracker: TrackerWithCachedStates) -> Place:
    """Give the name and file of the rule or story a training tracker was made of."""
    return tracker.sender_id, getattr(tracker, "sender_source", None) or ""


def _rules(trackers: list[TrackerWithCachedStates], domain: Domain, mistakes: list[str]) -> list[Rule]:
    found: dict[str, dict[str, Rule]] = {}
    for tracker in trackers:
        for states, wants in _examples(tracker, tracker.past_states(domain, omit_unset_slots=True)):
            if wants is None or wants == RULE_SNIPPET_ACTION_NAME:
                continue
            steps = list(itertools.takewhile(lambda state: not _is_snippet(state), reversed(states)))[::-1]
            if steps:
                rule = Rule(json.loads(json.dumps(steps)), wants)
                rule = found.setdefault(rule.key, {}).setdefault(wants, rule)
                rule.places.append(place_of(tracker))
    for same in found.values():
        mistakes += [conflicts.equal_rules(one, other) for one, other in itertools.pairwise(same.values())]
    return [rule for same in found.values() for rule in itertools.islice(same.values(), 1)]


def _story(tracker: TrackerWithCachedStates, domain: Domain, only_named_slots: bool) -> Story:
    examples = list(_examples(tracker, tracker.past_states(domain)))
    states = examples[-1][0] if examples else []
    wants = [wants for _, wants in examples]
    if not only_named_slots:
        return Story(place_of(tracker), states, wants)
    return Story(place_of(tracker), [_without_slots(state) for state in states], wants, _named(tracker))


def _without_slots(state: State) -> State:
    return {kind: entries for kind, entries in state.items() if kind != SLOTS}


def _named(tracker: TrackerWithCachedStates) -> list[dict[str, Any]]:
    """Give what a story names of slots before each action: since the last one that was more than waiting for a message.

    What stands before all else holds when the first message has come.
    """
    slots = slots_with_features(tracker)
    since: dict[str, Any] = {}
    named: list[dict[str, Any]] = []
    for event in tracker.applied_events():
        if isinstance(event, SlotSet) and event.key in slots:
            since[event.key] = feature(slots[event.key], event.value)
        elif isinstance(event, ActionExecuted):
            named.append(dict(since) if named else {})
            if len(named) > 1 and event.action_name != ACTION_LISTEN_NAME:
                since = {}
    return named


def _examples(tracker: TrackerWithCachedStates, states: list[State]) -> Iterator[tuple[list[State], str | None]]:
    """Give each action of a tracker with the states before it; None for one that is given, not predicted."""
    for state in states:
        if state.get(USER, {}).get(INTENT):
            state[USER].pop(TEXT, None)
    actions = [event for event in tracker.applied_events() if isinstance(event, ActionExecuted)]
    for index, action in enumerate(actions, start=1):
        yield states[:index], None if action.unpredictable else action.action_name or action.action_text


def _is_snippet(state: State) -> bool:
    return bool(state.get(PREVIOUS_ACTION, {}).get(ACTION_NAME) == RULE_SNIPPET_ACTION_NAME)


def _equal_rules(rules: list[Rule]) -> Iterator[str]:
    alike: defaultdict[str, list[Rule]] = defaultdict(list)
    for rule in rules:
        alike[json.dumps(rule.steps[0].action)].append(rule)
    for group in alike.values():
        for one, other in itertools.combinations(group, 2):
            if (
                one.says == other.says
                and one.wants != other.wants
                and one.goes_with(other)
                and not any(third.says > one.says and third.holds_wherever_both_do(one, other) for third in group)
            ):
                yield conflicts.equal_rules(one, other)


def _equal_stories(stories: list[Story]) -> Iterator[str]:
    told: list[set[Place]] = []
    for node in StoryBook(stories).nodes():
        for one, other in itertools.combinations(node.words, 2):
            places = {*one.places, *other.places}
            both = one.named | other.named
            settled = one.named != other.named and any(third.named >= both for third in node.words)
            if len(one.named) != len(other.named) or one.wants == other.wants or not one.goes_with(other) or settled:
                continue
            if not any(places <= before for before in told):
                yield conflicts.equal_stories(one, other)
            told.append(places)
