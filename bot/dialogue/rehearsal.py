"""Plays a rule or story through with the rules alone, to see where they want something else."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rasa.shared.core.constants import RULE_SNIPPET_ACTION_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected
from rasa.shared.core.trackers import DialogueStateTracker

from bot.dialogue.past import Past
from bot.dialogue.verdict import RuleSide, Verdict


@dataclass(frozen=True)
class Played:
    """One action of a rule or story.

    Attributes:
        step: how many states lead to it.
        written: the action as it is written.
        verdict: what the rules want there.
    """

    step: int
    written: str
    verdict: Verdict


def play(tracker: DialogueStateTracker, domain: Domain, side: Callable[[], RuleSide]) -> Iterator[Played]:
    """Play a training tracker.

    Args:
        tracker: the rule or story.
        domain: the assistant's domain.
        side: gives the rules as they are at that time.

    Yields:
        Each action that can be predicted. Where the rules want the open form and something else is written, the form
        is taken to have rejected the message.
    """
    running = DialogueStateTracker(tracker.sender_id, tracker.slots.values(), is_rule_tracker=tracker.is_rule_tracker)
    given = True  # the first action is, and so is the first one of a rule
    step = 0
    for event in tracker.applied_events():
        if isinstance(event, ActionExecuted):
            step += 1
            written = event.action_name or event.action_text
            if event.action_name == RULE_SNIPPET_ACTION_NAME:
                given = True
            elif given or event.unpredictable or written is None:
                given = False
            else:
                yield Played(step, written, _verdict(running, domain, side(), written))
        running.update(event)


def _verdict(running: DialogueStateTracker, domain: Domain, side: RuleSide, written: str) -> Verdict:
    verdict = side.say(running, domain, Past(running, domain))
    form = running.active_loop_name
    if form and verdict.wants == form != written:
        running.update(ActionExecutionRejected(form))
        verdict = side.say(running, domain, Past(running, domain))
    return verdict
