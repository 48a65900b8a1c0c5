"""`python -m bot.evaluation.decisions`: what one decision costs at turn 5, 50 and 500 of a conversation, beside Rasa's.

The conversation is made of this project's rules: tasks begun and ended, asides in the middle of one, courtesies.
"""

import itertools
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.runtime import logs, settings, stand_ins

if TYPE_CHECKING:
    from rasa.shared.core.domain import Domain
    from rasa.shared.core.trackers import DialogueStateTracker

TURNS = (5, 50, 500)
REPEATS = 20


def main() -> None:
    """Print microseconds a decision, ours and Rasa's, for the decisions of three turns around each length."""
    settings.enter_project()
    stand_ins.install()
    logs.configure(logging.WARNING)
    logs.quiet_deprecations()
    from rasa.core.policies.rule_policy import RulePolicy

    from bot.dialogue.policy import StoryPolicy

    domain, trackers = training_data()
    ours = trained(StoryPolicy, trackers, domain)
    theirs = trained(RulePolicy, trackers, domain)
    print("turn   StoryPolicy   RulePolicy   (µs a decision, median)")
    for turn in TURNS:
        moments = list(decisions(ours, domain, turn))
        our_cost = cost(partial(ours.predict_action_probabilities, domain=domain), moments, REPEATS)
        their_cost = cost(partial(theirs.predict_action_probabilities, domain=domain), moments, 1)
        print(f"{turn:>4} {our_cost:>13.0f} {their_cost:>12.0f}")


def training_data() -> "tuple[Domain, list[Any]]":
    """Read this project's domain and the training trackers of its rules and stories."""
    from rasa.shared.core.generator import TrainingDataGenerator
    from rasa.shared.importers.importer import TrainingDataImporter

    importer = TrainingDataImporter.load_from_config("config.yml", "domain.yml", ["data"])
    domain = importer.get_domain()
    return domain, TrainingDataGenerator(importer.get_stories(), domain, augmentation_factor=0).generate()


def trained(kind: Any, trackers: list[Any], domain: "Domain") -> Any:
    """Train one policy in a folder that is thrown away."""
    from rasa.engine.graph import ExecutionContext, GraphSchema
    from rasa.engine.storage.local_model_storage import LocalModelStorage
    from rasa.engine.storage.resource import Resource

    with tempfile.TemporaryDirectory() as folder:
        storage = LocalModelStorage(Path(folder))
        policy = kind(kind.get_default_config(), storage, Resource("policy"), ExecutionContext(GraphSchema({})))
        policy.train(trackers, domain)
    return policy


def decisions(policy: Any, domain: "Domain", turn: int) -> "Iterator[DialogueStateTracker]":
    """Give the conversation before each decision of three turns, after so many turns.

    A task is begun by each rule that begins one; in its form comes an aside, then it is answered and ends.
    """
    from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, SlotSet, UserUttered
    from rasa.shared.core.trackers import DialogueStateTracker

    asides = itertools.cycle(["help", "thanks", "handoff_human", "check_payment"])
    starts = itertools.cycle(sorted(form.removesuffix("_form") for form in domain.form_names))
    said = itertools.cycle(["start", "aside", "inform", "greet"])
    tracker = DialogueStateTracker("decisions", domain.slots)
    tracker.update(ActionExecuted("action_listen"))
    for count in range(1, turn + 3):
        what = next(said)
        intent = next({"start": starts, "aside": asides}.get(what, itertools.repeat(what)))
        tracker.update(UserUttered("…", {"name": intent, "confidence": 0.9}))
        action = ""
        while action != "action_listen":
            if count >= turn:
                yield tracker.copy()
            prediction = policy.predict_action_probabilities(tracker, domain)
            action = domain.action_names_or_texts[prediction.max_confidence_index]
            form = action in domain.form_names
            if form and what == "aside" and not tracker.is_active_loop_rejected:
                tracker.update(ActionExecutionRejected(action))
                continue
            for event in prediction.events:
                tracker.update(event)
            tracker.update(ActionExecuted(action, hide_rule_turn=prediction.hide_rule_turn))
            if form and what == "inform":
                tracker.update(ActiveLoop(None))
                tracker.update(SlotSet("requested_slot", None))
            elif form and tracker.active_loop_name != action:
                tracker.update(ActiveLoop(action))


def cost(decide: "Callable[[DialogueStateTracker], Any]", moments: "list[DialogueStateTracker]", repeats: int) -> float:
    """Give the microseconds that deciding takes, the median over moments and repeats."""
    taken = []
    for tracker in moments * repeats:
        started = time.perf_counter()
        decide(tracker)
        taken.append(time.perf_counter() - started)
    return statistics.median(taken) * 1e6


if __name__ == "__main__":
    main()
