"""Rasa's two policies and ours, trained on the same data, so that a test can hold each decision against theirs."""

import contextlib
import io
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rasa.core.policies.ensemble import DefaultPolicyPredictionEnsemble
from rasa.core.policies.memoization import AugmentedMemoizationPolicy
from rasa.core.policies.policy import Policy, PolicyPrediction
from rasa.core.policies.rule_policy import RULES, InvalidRule, RulePolicy
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.core.domain import Domain
from rasa.shared.core.generator import TrackerWithCachedStates, TrainingDataGenerator
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.core.training_data.story_reader.yaml_story_reader import YAMLStoryReader
from rasa.shared.core.training_data.structures import StoryGraph
from rasa.shared.utils.io import read_yaml

from bot.dialogue.policy import StoryPolicy

RULE_CONFIG = ("core_fallback_threshold", "core_fallback_action_name", "enable_fallback_prediction")


def trackers_of(stories: str | dict[str, Any], domain: Domain, file: str = "data/stories/x.yml") -> list[Any]:
    """Make training trackers, as Rasa's training does (without augmentation)."""
    reader = YAMLStoryReader(domain, file)
    content = read_yaml(stories) if isinstance(stories, str) else stories
    return generate(StoryGraph(reader.read_from_parsed_yaml(content)), domain)


def generate(graph: StoryGraph, domain: Domain) -> list[TrackerWithCachedStates]:
    """Make training trackers, without the states that Rasa keeps with them.

    Those hold the turns of a form that goes on as it should, which a conversation's states leave out: Rasa's policies
    would learn what follows for another moment.
    """
    with quiet():
        trackers = TrainingDataGenerator(graph, domain, augmentation_factor=0).generate()
    for tracker in trackers:
        tracker.clear_states()
    return trackers


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Rasa's progress bars go nowhere."""
    with contextlib.redirect_stderr(io.StringIO()), contextlib.redirect_stdout(io.StringIO()):
        yield


def make(kind: type[Policy], trackers: list[Any], domain: Domain, **config: Any) -> Any:
    """Train one policy."""
    folder = Path(tempfile.mkdtemp(dir=os.environ.get("PYTEST_TMP")))
    policy = kind(  # type: ignore[call-arg]
        {**kind.get_default_config(), **config},
        LocalModelStorage(folder),
        Resource(kind.__name__),
        ExecutionContext(GraphSchema({})),
    )
    with quiet():
        policy.train(trackers, domain)
    return policy


@dataclass
class Pair:
    """Rasa's rule policy and memoization beside our policy."""

    domain: Domain
    rule: RulePolicy
    memo: AugmentedMemoizationPolicy
    ours: StoryPolicy

    @classmethod
    def trained(cls, trackers: list[Any], domain: Domain, **config: Any) -> "Pair":
        """Train all three.

        Raises:
            InvalidRule: Rasa or we refuse the data.
        """
        memo = {name: value for name, value in config.items() if name not in RULE_CONFIG}
        return cls(
            domain,
            make(RulePolicy, trackers, domain, **config),
            make(AugmentedMemoizationPolicy, trackers, domain, **memo, max_history=None),
            make(StoryPolicy, trackers, domain, **config),
        )

    def rasa(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What Rasa's two policies decide together."""
        only = self.rule._get_rule_only_data()
        predictions = [
            self.rule.predict_action_probabilities(tracker, self.domain),
            self.memo.predict_action_probabilities(tracker, self.domain, rule_only_data=only),
        ]
        return DefaultPolicyPredictionEnsemble().combine_predictions(predictions, tracker, self.domain)

    def our(self, tracker: DialogueStateTracker) -> PolicyPrediction:
        """What our policy decides."""
        prediction = self.ours.predict_action_probabilities(tracker, self.domain)
        return DefaultPolicyPredictionEnsemble().combine_predictions([prediction], tracker, self.domain)

    def by_accident(self, tracker: DialogueStateTracker) -> bool:
        """Tell whether Rasa chooses between rules of which neither holds the other, by the length of their JSON."""
        for by_text in (False, True):
            states = self.rule._prediction_states(tracker, self.domain, by_text)
            keys = self.rule._get_possible_keys(self.rule.lookup[RULES], states)
            if len(keys) < 2:
                continue
            longest = max(len(key) for key in keys)
            theirs = {key for key in keys if len(key) == longest}
            particular = max(keys, key=lambda key: self.ours.rules.book.by_key[key].rank)
            if theirs != {particular}:
                return True
        return False


def seen(prediction: PolicyPrediction, domain: Domain) -> dict[str, Any]:
    """All of a prediction that matters, but whose it is."""
    return {
        "action": domain.action_names_or_texts[prediction.max_confidence_index],
        "confidence": prediction.max_confidence,
        "events": [(event.type_name, getattr(event, "is_interrupted", None)) for event in prediction.events],
        "by_text": prediction.is_end_to_end_prediction,
        "no_user": prediction.is_no_user_prediction,
        "hidden": prediction.hide_rule_turn,
        "metadata": prediction.action_metadata,
    }


__all__ = ["InvalidRule", "Pair", "generate", "make", "quiet", "seen", "trackers_of"]
