"""Rasa's actions, made once for a model instead of several times a turn, and with nothing done for nobody.

`rasa.core.actions.action.action_for_name_or_text` makes all twelve default actions to find one. The processor and the forms
ask it for each action, so it is replaced as a whole (`install`), and the two actions that do most in vain are ours:

- `ActionExtractSlots` goes through every slot's mappings each turn. Ours are all `custom` without an action of their own:
  the forms' code fills the slots.
- `FormAction` makes a tracker of its own for each step, from the conversation's first event on. Ours copies the one it has.
"""

from __future__ import annotations

from typing import Any

from rasa.core.actions import action, forms
from rasa.core.actions.action import Action, ActionExtractSlots, RemoteAction
from rasa.core.actions.forms import FormAction
from rasa.core.channels import OutputChannel
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.shared.core.constants import ACTION_VALIDATE_SLOT_MAPPINGS, MAPPING_TYPE, REQUESTED_SLOT, SlotMappingType
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, Event, Restarted, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.conversations.tracker import KeptTracker
from bot.runtime.remote_action import BriefAction

_rasas = action.action_for_name_or_text


class ExtractSlots(ActionExtractSlots):
    """Rasa's action, which knows from the domain whether there is anything to extract."""

    def __init__(self, domain: Domain, action_endpoint: EndpointConfig | None) -> None:
        super().__init__(action_endpoint)
        self._domain = domain
        self._idle = extracts_nothing(domain)

    async def run(
        self,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        tracker: DialogueStateTracker,
        domain: Domain,
    ) -> list[Event]:
        """Set the slots that follow from the message; none where the domain has no such slot."""
        if self._idle and domain is self._domain:
            return []
        events: list[Event] = await super().run(output_channel, nlg, tracker, domain)
        return events


class QuickForm(FormAction):
    """Rasa's form, whose temporary trackers are copies."""

    def _temporary_tracker(
        self, current_tracker: DialogueStateTracker, additional_events: list[Event], domain: Domain
    ) -> DialogueStateTracker:
        # A `KeptTracker` stands as its events leave it; Rasa would leave out what came before a restart.
        if not isinstance(current_tracker, KeptTracker) or any(
            event.type_name == Restarted.type_name for event in current_tracker.events
        ):
            return super()._temporary_tracker(current_tracker, additional_events, domain)
        made = current_tracker.copy()
        made.model_id = made.assistant_id = None  # lest it marks the events
        requested = SlotSet(REQUESTED_SLOT, self.get_slot_to_fill(current_tracker))
        for event in (requested, ActionExecuted(self.name()), *additional_events):
            made.update(event)
        return made


class Actions:
    """The actions of one domain, each made when it is first asked for."""

    def __init__(self) -> None:
        self._domain: Domain | None = None
        self._endpoint: EndpointConfig | None = None
        self._made: dict[str, Action] = {}

    def give(self, action_name_or_text: str, domain: Domain, action_endpoint: EndpointConfig | None) -> Action:
        """Find an action by its name, as Rasa's `action_for_name_or_text` does.

        Raises:
            ActionNotFoundException: the domain has none of that name.
        """
        if domain is not self._domain or action_endpoint is not self._endpoint:
            self._domain, self._endpoint, self._made = domain, action_endpoint, {}
        made = self._made.get(action_name_or_text)
        if made is None:
            made = self._made[action_name_or_text] = make(action_name_or_text, domain, action_endpoint)
        return made


def make(action_name_or_text: str, domain: Domain, action_endpoint: EndpointConfig | None) -> Action:
    """Make an action as Rasa does, ours in the place of the two classes above and of a custom action."""
    made: Action = _rasas(action_name_or_text, domain, action_endpoint)
    if type(made) is ActionExtractSlots:
        return ExtractSlots(domain, action_endpoint)
    if type(made) is FormAction:
        return QuickForm(action_name_or_text, action_endpoint)
    if type(made) is RemoteAction:
        return BriefAction(action_name_or_text, action_endpoint)
    return made


def install() -> None:
    """Put our look-up in the place of Rasa's; safe to call again."""
    action.action_for_name_or_text = Actions().give
    # A form makes the action that validates it by this name of its module.
    forms.RemoteAction = BriefAction


def extracts_nothing(domain: Domain) -> bool:
    """Tell whether no slot of a domain is filled by Rasa itself or by an action that extracts."""

    def is_idle(mapping: dict[str, Any]) -> bool:
        return mapping.get(MAPPING_TYPE) == str(SlotMappingType.CUSTOM) and not mapping.get("action")

    return ACTION_VALIDATE_SLOT_MAPPINGS not in domain.user_actions and all(
        is_idle(mapping) for slot in domain.slots for mapping in slot.mappings
    )
