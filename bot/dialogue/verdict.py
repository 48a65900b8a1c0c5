"""What the rules want next, forms and Rasa's default actions included; in the order `RulePolicy` has them."""

from __future__ import annotations

from dataclasses import dataclass

from rasa.core.policies.rule_policy import (
    DEFAULT_ACTION_MAPPINGS,
    DEFAULT_RULES,
    DO_NOT_PREDICT_LOOP_ACTION,
    LOOP_RULES,
    LOOP_RULES_SEPARATOR,
    LOOP_WAS_INTERRUPTED,
)
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ACTION_NAME, INTENT_NAME_KEY

from bot.dialogue.past import Past
from bot.dialogue.rulebook import Rule, RuleBook


@dataclass(frozen=True)
class Verdict:
    """What the rules want.

    Attributes:
        wants: the next action; None where no rule says one.
        source: by what: the key of a rule, or Rasa's name for a default action or a form that goes on.
        rule: the rule, where it is one.
        no_user: a form goes on, whatever was said.
        by_text: decided by the message's text, not its intent.
        interrupted: the form is to be told that it was left and need not look at the last message.
    """

    wants: str | None
    source: str = ""
    rule: Rule | None = None
    no_user: bool = False
    by_text: bool = False
    interrupted: bool = False


class RuleSide:
    """All that decides without stories.

    Args:
        book: the rules.
        unhappy: what rules and stories show of forms that are left in the middle: conditions as `Rule`s, which want
            `LOOP_WAS_INTERRUPTED` or `DO_NOT_PREDICT_LOOP_ACTION`.
    """

    def __init__(self, book: RuleBook, unhappy: RuleBook) -> None:
        self.book = book
        self.unhappy = unhappy

    def say(self, tracker: DialogueStateTracker, domain: Domain, past: Past) -> Verdict:
        """Tell what comes next.

        By text come only rules that name no intent. Defaults (`/restart`, `/back`, `/session_start`) come before a form
        that goes on, and that before any rule.
        """
        listening = tracker.latest_action_name == ACTION_LISTEN_NAME
        by_text = self._find(tracker, domain, past, by_text=True) if listening else Verdict(None)
        default = default_action(tracker)
        if default and not by_text.wants:
            return default
        going_on = form_that_goes_on(tracker)
        if going_on:
            return going_on
        if by_text.wants:
            return by_text
        by_intent = self._find(tracker, domain, past, by_text=False)
        if by_text.interrupted and not by_intent.interrupted:
            return Verdict(by_intent.wants, by_intent.source, by_intent.rule, interrupted=True)
        return by_intent

    def _find(self, tracker: DialogueStateTracker, domain: Domain, past: Past, by_text: bool) -> Verdict:
        rule = next(iter(self.book.fitting(past, domain, by_text)), None)
        wants = rule.wants if rule else None
        source = rule.key if rule else ""
        loop = tracker.active_loop_name
        if not loop:
            return Verdict(wants, source, rule, by_text=by_text)
        shown = {condition.wants for condition in self.unhappy.fitting(past, domain, by_text)}
        if rule and wants == ACTION_LISTEN_NAME and not rule.steps[0].loop:
            # The rule knows nothing of the form, so after it the form asks again; unless a story shows otherwise.
            if DO_NOT_PREDICT_LOOP_ACTION not in shown:
                return Verdict(loop, source, rule, by_text=by_text)
            wants = None
        return Verdict(wants, source, rule, by_text=by_text, interrupted=LOOP_WAS_INTERRUPTED in shown)


def default_action(tracker: DialogueStateTracker) -> Verdict | None:
    """Give the action of `/restart`, `/back` or `/session_start`, right after it."""
    if tracker.latest_action_name != ACTION_LISTEN_NAME or not tracker.latest_message:
        return None
    intent = tracker.latest_message.intent.get(INTENT_NAME_KEY)
    action = DEFAULT_ACTION_MAPPINGS.get(intent) if intent else None
    return Verdict(action, DEFAULT_RULES + intent) if action else None


def form_that_goes_on(tracker: DialogueStateTracker) -> Verdict | None:
    """Give what an open form does that has not rejected the last message: it runs, and after that it waits."""
    loop = tracker.active_loop_name
    if loop is None or tracker.is_active_loop_rejected:
        return None
    if tracker.latest_action_name == loop:
        return Verdict(
            ACTION_LISTEN_NAME, f"{LOOP_RULES}{loop}{LOOP_RULES_SEPARATOR}{ACTION_LISTEN_NAME}", no_user=True
        )
    if tracker.latest_action and tracker.latest_action.get(ACTION_NAME) != loop:
        return Verdict(loop, LOOP_RULES + loop, no_user=True)
    return None
