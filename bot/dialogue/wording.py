"""What is said where: Rasa's own choice of a response's wording, by what an action knows and not only by what the tracker does.

Rasa words an action's answer before it takes over the slots that the action has set. So a resident who has just come to
another city would be told of the one before, in the one's words. Named in endpoints.yml.
"""

import random
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig


class Wording(TemplatedNaturalLanguageGenerator):
    """Chooses and fills responses as Rasa does, a value that comes with the response counting before the slot of its name.

    Args:
        endpoint_config: Rasa's, of which nothing is needed.
        domain: whose responses are spoken.
    """

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response in the words for this conversation, filled; None where there is none of that name."""
        slots = tracker.current_slot_values()
        newer = {name: value for name, value in kwargs.items() if name in slots}
        said: dict[str, Any] | None = self.generate_from_slots(
            utter_action, {**slots, **newer}, output_channel, **kwargs
        )
        return said

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        """One of the wordings that fit; numpy, which Rasa lets choose, takes longer than all the rest of an answer."""
        if utter_action not in self.responses:
            return None
        fitting = ResponseVariationFilter(self.responses).responses_for_utter_action(
            utter_action, output_channel, filled_slots
        )
        return random.choice(fitting) if fitting else None  # noqa: S311 – no secret
