"""Where Rasa's RulePolicy and AugmentedMemoizationPolicy take rules and stories, ours decides as they do together."""

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException
from rasa.shared.importers.importer import TrainingDataImporter

from bot.dialogue.past import slots_with_features
from bot.dialogue.policy import StoryPolicy
from bot.runtime.settings import ROOT
from tests.bot.dialogue.made_up import INTENTS, VALUES, MadeUp
from tests.bot.dialogue.pair import InvalidRule, Pair, generate, make, seen, trackers_of
from tests.bot.dialogue.walk import LONGEST_TURN, Walk

SLOW = [
    HealthCheck.too_slow,
    HealthCheck.filter_too_much,
    HealthCheck.function_scoped_fixture,
    HealthCheck.data_too_large,
]
QUICK = [Phase.explicit, Phase.reuse, Phase.generate]  # a walk cannot be made smaller one choice at a time


def go_along(pair: Pair, walk: Walk, turns: int) -> int:
    """Walk, and hold each decision against Rasa's; give how many there were."""
    decided = 0
    for _ in range(turns):
        walk.meddle()
        walk.say()
        for _ in range(LONGEST_TURN):
            tracker = walk.tracker
            action = tracker.followup_action
            if action and action in pair.domain.action_names_or_texts:
                tracker.clear_followup_action()
                prediction = PolicyPrediction.for_action_name(pair.domain, action, "FollowupAction")
            else:
                if pair.by_accident(tracker):
                    break
                prediction = pair.rasa(tracker)
                expected = seen(prediction, pair.domain)
                assert seen(pair.our(tracker), pair.domain) == expected, story_of(tracker)
                action = expected["action"]
                decided += 1
            if not walk.do(action, prediction):
                break
    return decided


def story_of(tracker: DialogueStateTracker) -> str:
    return "\n".join(f"{event} {getattr(event, 'hide_rule_turn', '')}" for event in tracker.events)


@settings(max_examples=30, deadline=None, suppress_health_check=SLOW, phases=QUICK)
@given(random=st.randoms(use_true_random=False), nlu=st.booleans(), fallback=st.booleans())
def test_made_up_rules_and_stories(random: Any, nlu: bool, fallback: bool) -> None:
    made_up = MadeUp(random.choice)
    try:
        trackers = trackers_of(copy.deepcopy(made_up.content), made_up.domain)
        pair = Pair.trained(
            trackers, made_up.domain, use_nlu_confidence_as_score=nlu, enable_fallback_prediction=fallback
        )
    except (InvalidRule, RasaException):
        event("refused")
        assume(False)
    # Rasa forgets a rule that goes on after another of the same beginning that ends with `wait_for_user_input: false`.
    assume(set(pair.rule.lookup[RULES]) == set(pair.ours.rules.book.by_key))
    for _ in range(3):
        go_along(pair, Walk(made_up.domain, random.choice, VALUES, INTENTS), turns=8)


@settings(max_examples=40, deadline=None, suppress_health_check=SLOW, phases=QUICK)
@given(random=st.randoms(use_true_random=False))
def test_what_is_taken_is_told_as_it_is_written(random: Any) -> None:
    """Also where Rasa refuses it: a story takes the word from rules, and from no other story."""
    made_up = MadeUp(random.choice)
    try:
        trackers = trackers_of(copy.deepcopy(made_up.content), made_up.domain)
        policy = make(StoryPolicy, trackers, made_up.domain)
    except RasaException:
        event("refused")
        assume(False)
    for tracker in trackers:
        if not tracker.is_rule_tracker:
            tell(policy, tracker, made_up.domain)


def tell(policy: StoryPolicy, tracker: DialogueStateTracker, domain: Domain) -> None:
    """Go through a story, and hold each action against what is written; a form may reject what it is asked first."""
    running = DialogueStateTracker("story", domain.slots)
    for happened in tracker.applied_events():
        if isinstance(happened, ActionExecuted) and running.events and not happened.unpredictable:
            form = running.active_loop_name
            action = decided_by(policy, running, domain)
            if form and action == form != happened.action_name:
                running.update(ActionExecutionRejected(form))
                action = decided_by(policy, running, domain)
            if form and action == form and happened.action_name == ACTION_LISTEN_NAME:
                return  # an open form is gone back to, though the story ends its turn without it
            assert action == happened.action_name, story_of(running)
        running.update(happened)


def decided_by(policy: StoryPolicy, tracker: DialogueStateTracker, domain: Domain) -> str:
    prediction = policy.predict_action_probabilities(tracker, domain)
    return str(domain.action_names_or_texts[prediction.max_confidence_index])


@pytest.fixture(scope="module")
def importer() -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")]
    )


@pytest.fixture(scope="module")
def ours(importer: TrainingDataImporter) -> Pair:
    """This project's rules, without those that name facts: to Rasa they contradict the rules that do not, and so do its stories."""
    domain = importer.get_domain()
    trackers = [
        one for one in generate(importer.get_stories(), domain) if one.is_rule_tracker and not names_a_fact(one)
    ]
    return Pair.trained(trackers, domain)


def names_a_fact(tracker: Any) -> bool:
    facts = slots_with_features(tracker)
    return any(isinstance(event, SlotSet) and event.key in facts for event in tracker.events)


def project_test_stories(domain: Domain) -> list[Any]:
    paths = sorted((ROOT / "tests/stories").glob("*.yml"))
    stories = [story for path in paths for story in trackers_of(path.read_text(encoding="utf-8"), domain, path.name)]
    return [story for story in stories if not names_a_fact(story)]


def test_this_projects_test_stories(ours: Pair) -> None:
    decided = 0
    for tracker in project_test_stories(ours.domain):
        running = DialogueStateTracker("test", ours.domain.slots)
        for happened in tracker.events:
            if isinstance(happened, ActionExecuted) and running.events:
                prediction = seen(ours.our(running), ours.domain)
                assert prediction == seen(ours.rasa(running), ours.domain), story_of(running)
                form = running.active_loop_name
                if form and prediction["action"] == form != happened.action_name:
                    running.update(ActionExecutionRejected(form))
                    assert seen(ours.our(running), ours.domain) == seen(ours.rasa(running), ours.domain)
                decided += 1
            running.update(happened)
    assert decided > 100


@settings(max_examples=10, deadline=None, suppress_health_check=SLOW, phases=QUICK)
@given(random=st.randoms(use_true_random=False))
def test_random_walks_through_this_project(ours: Pair, random: Any) -> None:
    assert go_along(ours, Walk(ours.domain, random.choice, {}), turns=12)


LEFT_AND_RETURNED_TO = """
version: "3.1"
rules:
  - rule: starts
    steps: [{intent: a}, {action: action_p}, {action: f_form}, {active_loop: f_form}]
  - rule: ends
    condition: [{active_loop: f_form}]
    steps: [{action: f_form}, {active_loop: null}, {action: action_q}]
  - rule: an aside
    steps: [{intent: b}, {action: utter_x}]
  - rule: an aside of this form
    condition: [{active_loop: f_form}]
    steps: [{intent: c}, {action: utter_y}, {action: f_form}, {active_loop: f_form}]
  - rule: asked for the second thing
    condition: [{active_loop: f_form}, {slot_was_set: [{requested_slot: two}]}]
    steps: [{intent: b}, {action: utter_z}]
stories:
  - story: first half
    steps:
      [{or: [{intent: d}, {intent: c}]}, {action: utter_y}, {slot_was_set: [{cat: x}]}, {checkpoint: middle}]
  - story: second half
    steps: [{checkpoint: middle}, {intent: d}, {action: action_q}, {action: utter_z}]
  - story: the form, left in the middle
    steps:
      - intent: a
      - action: action_p
      - action: f_form
      - active_loop: f_form
      - slot_was_set: [{requested_slot: one}]
      - intent: d
      - action: utter_z
      - action: f_form
      - active_loop: f_form
      - intent: d
      - action: utter_z
      - active_loop: null
      - action: utter_x
"""


@settings(max_examples=6, deadline=None, suppress_health_check=SLOW, phases=QUICK)
@given(random=st.randoms(use_true_random=False))
def test_forms_that_are_left_and_returned_to(random: Any) -> None:
    domain = MadeUp(lambda options: list(options)[0]).domain
    requested = "slots: {requested_slot: {type: categorical, values: [one, two], mappings: [{type: custom}]}}"
    domain = Domain.from_yaml(domain.as_yaml()).merge(Domain.from_yaml(requested), override=True)
    pair = Pair.trained(trackers_of(LEFT_AND_RETURNED_TO, domain), domain)
    assert go_along(pair, Walk(domain, random.choice, VALUES, INTENTS), turns=12)
