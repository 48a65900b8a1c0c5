"""Decides what comes next, by rules and stories in Rasa's own YAML: the more particular has the word.

In config.yml, in the place of `RulePolicy` and a memoization policy:

    policies:
      - name: bot.dialogue.policy.StoryPolicy

What `RulePolicy` and `AugmentedMemoizationPolicy` (with `max_history: null`) take is decided as they decide it together,
and what they refuse because a story, or a rule that says more, contradicts a rule is taken. On purpose it differs in:

- of two rules that fit and neither holds the other, the one with more facts wins; Rasa takes the longer JSON. With as many
  facts and another action, both are refused, unless a third rule holds wherever both do;
- two stories that go the same way and want different things are refused; Rasa forgets both without a word;
- a rule that goes on where another of the same beginning ends with `wait_for_user_input: false` does go on; in Rasa it is lost;
- the turns of a form that goes on as it should may be written out in a story; Rasa learns what follows for another moment;
- with `only_named_slots` a story looks at a slot where it names it, and nowhere else; in Rasa a story that names no slot is
  lost as soon as an action sets one that another story names;
- a rule need not tell which slots an action sets because another rule does; the one that tells it says more;
- a story may begin with what a rule does: `[{action: utter_offer}, {intent: affirm}, …]`; in Rasa it never sees it;
- a story waits `PATIENCE` messages over turns it does not see (`bot/dialogue/lookback.py`); in Rasa for ever.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.featurizers.tracker_featurizers import TrackerFeaturizer
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.policies.rule_policy import RULES_FOR_LOOP_UNHAPPY_PATH, InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.constants import ACTION_LISTEN_NAME, RULE_ONLY_LOOPS, RULE_ONLY_SLOTS, SHOULD_NOT_BE_SET
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, LoopInterrupted, UserUttered
from rasa.shared.core.generator import TrackerWithCachedStates
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue import conflicts, stored
from bot.dialogue.conflicts import StoryConflictError
from bot.dialogue.learning import Learnt, learn, place_of
from bot.dialogue.lookback import LookBack
from bot.dialogue.past import Past, slots_with_features
from bot.dialogue.rulebook import RuleBook
from bot.dialogue.storybook import StoryBook, Word
from bot.dialogue.verdict import RuleSide, Verdict


@dataclass(frozen=True)
class Decision:
    """Who has the word.

    Attributes:
        verdict: what the rules want.
        story: what stories say, where one has the word; else None.
        wants: the next action; None where nobody says one.
    """

    verdict: Verdict
    story: Word | None
    wants: str | None


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.POLICY_WITHOUT_END_TO_END_SUPPORT, is_trainable=True)
class StoryPolicy(RulePolicy):
    """Rules and stories in one: what Rasa's `RulePolicy` and `AugmentedMemoizationPolicy` do, and more where they refuse.

    It is a `RulePolicy` for Rasa's checks, which want one where there are forms; of the parent only the checks of rules
    in training are used. One decision looks back as far as the longest rule or story, not to the beginning.

    Config:
        priority: against other policies.
        core_fallback_threshold, core_fallback_action_name, enable_fallback_prediction: what happens where neither rule
            nor story says anything.
        restrict_rules: a rule holds one message.
        use_nlu_confidence_as_score: be as sure as the classifier was of the intent.
        only_named_slots: what a story names of a slot must hold at that step, up to the next action; where it names none,
            any value will do. Otherwise as in Rasa.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return Rasa's, and `only_named_slots`."""
        return {**RulePolicy.get_default_config(), "only_named_slots": False}

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        featurizer: TrackerFeaturizer | None = None,
        lookup: dict | None = None,
    ) -> None:
        super().__init__(config, model_storage, resource, execution_context, featurizer, lookup)
        self.learn_by_heart(Learnt([], [], []))

    def learn_by_heart(self, learnt: Learnt) -> None:
        """Take what was learnt, and index it."""
        self.rules = RuleSide(RuleBook(learnt.rules), RuleBook(learnt.unhappy))
        self.stories = StoryBook(learnt.stories)
        self._hidden = learnt.hidden
        self._rule_only = learnt.rule_only

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the modules that decide here: Rasa's fingerprint sees this class alone."""
        files = sorted(Path(__file__).parent.glob("*.py"))
        return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()[:16]

    def train(self, training_trackers: list[TrackerWithCachedStates], domain: Domain, **kwargs: Any) -> Resource:
        """Learn all rules and stories.

        Raises:
            StoryConflictError: two of them are equally particular and want different things, or a rule is incomplete.
            InvalidDomain: the fallback action is not in the domain.
        """
        self.raise_if_incompatible_with_domain(self.config, domain)
        trackers = [tracker for tracker in training_trackers if not getattr(tracker, "is_augmented", False)]
        for tracker in trackers:
            # The states Rasa keeps with a training tracker also hold the turns of a form that went on as it should; in a
            # conversation these are left out, and what a story says after its form would be learnt for another moment.
            tracker.clear_states()
        rules = [tracker for tracker in trackers if tracker.is_rule_tracker]
        stories = [tracker for tracker in trackers if not tracker.is_rule_tracker]
        self._check_rule_restriction(rules)
        self._check_for_incomplete_rules(rules, domain)
        self._create_lookup_from_trackers(rules, stories, domain)
        rule_only = {name: sorted(self.lookup.get(name, [])) for name in (RULE_ONLY_SLOTS, RULE_ONLY_LOOPS)}
        unhappy = self.lookup[RULES_FOR_LOOP_UNHAPPY_PATH]
        learnt = learn(rules, stories, domain, unhappy, rule_only, bool(self.config["only_named_slots"]))
        self.learn_by_heart(learnt)
        with self._model_storage.write_to(self._resource) as folder:
            stored.save(learnt, Path(folder))
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> StoryPolicy:
        """Load what was learnt."""
        policy = cls(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            policy.learn_by_heart(stored.load(Path(folder)))
        return policy

    def predict_action_probabilities(
        self,
        tracker: DialogueStateTracker,
        domain: Domain,
        rule_only_data: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> PolicyPrediction:
        """Decide, and say how sure it is."""
        decision = self.decide(tracker, domain)
        verdict = decision.verdict
        if decision.wants is None:
            probabilities = self._default_predictions(domain)
        elif decision.story:
            probabilities = [0.0] * domain.num_actions
            probabilities[domain.index_for_action(decision.wants)] = self._sure(tracker)
        else:
            probabilities = self._prediction_result(decision.wants, tracker, domain)
        by_rule = decision.story is None
        return PolicyPrediction(
            probabilities,
            type(self).__name__,
            self.priority,
            events=[LoopInterrupted(True)] if verdict.interrupted else [],
            is_no_user_prediction=by_rule and verdict.no_user,
            is_end_to_end_prediction=by_rule and verdict.by_text,
            hide_rule_turn=by_rule
            and (verdict.rule.hidden if verdict.rule is not None else verdict.source in self._hidden),
        )

    def decide(self, tracker: DialogueStateTracker, domain: Domain) -> Decision:
        """Find who has the word, and what comes next."""
        past = Past(tracker, domain)
        verdict = self.rules.say(tracker, domain, past)
        story = (
            next(iter(self.stories_that_fit(tracker, domain, past)), None)
            if self._may_yield(tracker, verdict)
            else None
        )
        if story is None or not self._yields(tracker, verdict, story):
            return Decision(verdict, None, verdict.wants)
        wants = story.wants
        if story.took_over and wants == ACTION_LISTEN_NAME and tracker.active_loop_name:
            # In a rule's place the story does what the rule would: after it, the open form asks again.
            wants = tracker.active_loop_name
        return Decision(verdict, story, wants)

    def stories_that_fit(self, tracker: DialogueStateTracker, domain: Domain, past: Past) -> list[Word]:
        """Give the stories whose steps are the last ones of the conversation, the one that began earliest first."""
        slots = {} if self.config["only_named_slots"] else slots_with_features(tracker)
        return LookBack(past, self.stories, domain, slots, self._rule_only).fitting()

    def _may_yield(self, tracker: DialogueStateTracker, verdict: Verdict) -> bool:
        """Tell whether any story could have the word, before looking for one."""
        if not self.stories.longest or verdict.no_user or verdict.by_text:
            return False
        return (
            verdict.wants is None
            or (verdict.rule is not None and verdict.rule.key in self.stories.beaten)
            or verdict.wants == rejected_action(tracker)
        )

    def _yields(self, tracker: DialogueStateTracker, verdict: Verdict, story: Word) -> bool:
        """Tell whether the rules leave the word to a story.

        They do where it is surer: where they say nothing, or want what has just been rejected. And they do where the
        story takes a rule's word. (Rasa's ensemble compares the two policies' predictions like this.)
        """
        rejected = rejected_action(tracker)
        sure = self._sure(tracker)
        confidences = {self._fallback_action_name: self._fallback_confidence()}
        if verdict.wants is not None:
            confidences[verdict.wants] = sure
        by_rule = max((value for action, value in confidences.items() if action != rejected), default=0.0)
        by_story = 0.0 if story.wants == rejected else sure
        if verdict.rule is not None and verdict.rule.key in story.beats and story.wants != verdict.wants:
            return by_story >= by_rule
        return by_story > by_rule

    def _fallback_confidence(self) -> float:
        return float(self.config["core_fallback_threshold"]) if self._enable_fallback_prediction else 0.0

    def _sure(self, tracker: DialogueStateTracker) -> float:
        if self.config["use_nlu_confidence_as_score"] and tracker.latest_message is not None:
            return float(tracker.latest_message.intent.get("confidence", 1.0))
        return 1.0

    def _check_rule_restriction(self, rule_trackers: list[TrackerWithCachedStates]) -> None:
        """Refuse rules that hold more than one message."""
        long = [
            conflicts.too_long(place_of(tracker))
            for tracker in rule_trackers
            if sum(isinstance(event, UserUttered) for event in tracker.events) > self.ALLOWED_NUMBER_OF_USER_INPUTS
        ]
        if long and self.config["restrict_rules"]:
            raise StoryConflictError(long)

    def _check_for_incomplete_rules(self, rule_trackers: list[TrackerWithCachedStates], domain: Domain) -> None:
        """Refuse rules that do not tell what other rules tell of the same action: Rasa's check, in Chinese."""
        try:
            super()._check_for_incomplete_rules(rule_trackers, domain)
        except InvalidRule as error:
            lines = [line.removeprefix("- ") for line in error.message.splitlines() if line.startswith("- ")]
            raise StoryConflictError(lines) from error

    @staticmethod
    def _error_messages_from_fingerprints(
        action_name: str, missing_fingerprint_slots: set[str], fingerprint_active_loops: set[str], rule_name: str
    ) -> list[str]:
        if not action_name or not fingerprint_active_loops:
            return []
        loops = {"null" if loop == SHOULD_NOT_BE_SET else str(loop) for loop in fingerprint_active_loops}
        return [f"- {conflicts.loop_left_out(action_name, loops, rule_name)}"]


def rejected_action(tracker: DialogueStateTracker) -> str | None:
    """Give the action that has just refused to run; None where the last one ran."""
    last = next(
        (event for event in reversed(tracker.events) if isinstance(event, (ActionExecutionRejected, ActionExecuted))),
        None,
    )
    return last.action_name if isinstance(last, ActionExecutionRejected) else None
