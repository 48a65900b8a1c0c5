"""Rasa's custom action: told no more than it needs, and not called where it is known to have nothing to do.

What an action is told of the conversation's past is bounded by `bot.runtime.action_events`. Which actions wait for which slots
stands in endpoints.yml, under `action_endpoint`:

    idle_without:
      action_resume_task: [waiting_tasks, gathered]

Such an action does nothing as long as none of its slots is set, so it need not be asked.
"""

from __future__ import annotations

from typing import Any

import rasa
from rasa.core.actions.action import RemoteAction
from rasa.core.channels import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.runtime.action_events import bounded

IDLE_WITHOUT = "idle_without"


class BriefAction(RemoteAction):
    """Rasa's action on the action server.

    Args:
        name: the action's name.
        action_endpoint: where the action server is, and which actions wait for which slots.
    """

    def __init__(self, name: str, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(name, action_endpoint)
        idle_without = (action_endpoint.kwargs.get(IDLE_WITHOUT) or {}) if action_endpoint is not None else {}
        self._waits_for: tuple[str, ...] = tuple(idle_without.get(name) or ())

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Run the action, unless it waits for slots of which none is set.

        Raises:
            ActionExecutionRejection: the action refuses.
            RasaException: the action server cannot be reached or fails.
        """
        if self._waits_for and all(tracker.get_slot(name) is None for name in self._waits_for):
            return []
        events: list[Event] = await super().run(output_channel, nlg, tracker, domain)
        return events

    def _action_call_format(self, tracker: DialogueStateTracker, domain: Domain) -> dict[str, Any]:
        """Make the call's body. Rasa writes out every event of the conversation first, and what started its form."""
        call: dict[str, Any] = {
            "next_action": self._name,
            "sender_id": tracker.sender_id,
            "tracker": told(tracker),
            "version": rasa.__version__,
        }
        if not self._is_selective_domain_enabled() or domain.does_custom_action_explicitly_need_domain(self._name):
            call["domain"] = domain.as_dict()
        return call


def told(tracker: DialogueStateTracker) -> dict[str, Any]:
    """Give what an action is told of a conversation: Rasa's `current_state` with bounded events, of a form its name and state."""
    loop = tracker.active_loop
    state = {"name": loop.name, "is_interrupted": loop.is_interrupted, "rejected": loop.rejected} if loop else {}
    return {
        "sender_id": tracker.sender_id,
        "slots": tracker.current_slot_values(),
        "latest_message": tracker._latest_message_data(),
        "latest_event_time": tracker.events[-1].timestamp if tracker.events else None,
        "followup_action": tracker.followup_action,
        "paused": tracker.is_paused(),
        "events": bounded(tracker.events),
        "latest_input_channel": tracker.get_latest_input_channel(),
        "active_loop": state,
        "latest_action": tracker.latest_action,
        "latest_action_name": tracker.latest_action_name,
    }
