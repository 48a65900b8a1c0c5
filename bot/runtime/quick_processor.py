"""Rasa's processor, without what it works out each turn and nobody reads."""

from __future__ import annotations

import logging
import time
from typing import Any

from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecutionRejected, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import ENTITIES, ENTITY_ATTRIBUTE_TYPE, INTENT, INTENT_NAME_KEY

_rasas_log = logging.getLogger("rasa.core.processor")


MOST_ACTIONS = 60
"""Actions that may follow one message. Rasa stops after ten, in the middle of what was asked for: five look-ups that were asked for
at once are three actions each, and as many may wait behind them."""


class QuickProcessor(MessageProcessor):
    """Does what `MessageProcessor` does; where it can be seen that a step changes nothing, the step is left out."""

    _known_of: Domain | None = None
    _intents: frozenset[str] = frozenset()
    _entities: frozenset[str] = frozenset()

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Warn of names that the domain does not know. Rasa makes an empty domain first, to compare ours with."""
        if self._known_of is not self.domain:
            self._known_of = self.domain
            self._intents, self._entities = frozenset(self.domain.intents), frozenset(self.domain.entities)
        found = {one[ENTITY_ATTRIBUTE_TYPE] for one in parse_data[ENTITIES] or ()}
        if parse_data[INTENT][INTENT_NAME_KEY] not in self._intents or not found <= self._entities:
            super()._check_for_unseen_features(parse_data)

    async def _update_tracker_session(
        self, tracker: DialogueStateTracker, output_channel: OutputChannel, metadata: dict | None = None
    ) -> None:
        """Begin a session where there is none, or the last message that counts is too old.

        Rasa goes through the whole conversation twice to find that message. Where all messages are recent, it is, too.
        """
        if not _all_is_recent(tracker, self.domain.session_config.session_expiration_time):
            await super()._update_tracker_session(tracker, output_channel, metadata)

    def _log_action_on_tracker(
        self,
        tracker: DialogueStateTracker,
        action: Action,
        events: list[Event] | None,
        prediction: PolicyPrediction,
    ) -> None:
        """Note an action and its events. Rasa copies them all first, for a line in the log that is written at level DEBUG."""
        if _rasas_log.isEnabledFor(logging.DEBUG):
            super()._log_action_on_tracker(tracker, action, events, prediction)
            return
        events = events or []
        if not any(isinstance(event, ActionExecutionRejected) for event in events):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events, self.domain)

    @staticmethod
    def _log_slots(tracker: DialogueStateTracker) -> None:
        """Log all slots' values, where somebody reads that."""
        if _rasas_log.isEnabledFor(logging.DEBUG):
            MessageProcessor._log_slots(tracker)


def _all_is_recent(tracker: DialogueStateTracker, minutes: float) -> bool:
    """Tell whether something was said, and nothing so many minutes ago or more."""
    if tracker.latest_message is None or tracker.latest_message.is_empty():
        return False
    first = next((event for event in tracker.events if isinstance(event, UserUttered)), None)
    return first is not None and (time.time() - float(first.timestamp)) / 60 <= minutes
