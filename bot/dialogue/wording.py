"""What is said where: Rasa's own choice of a response's wording, by what an action knows and not only by what the tracker does.

An answer of data/knowledge offers only tasks that can be begun now.

Rasa words an action's answer before it takes over the slots that the action has set. So a resident who has just come to
another city would be told of the one before, in the one's words. Named in endpoints.yml.
"""

import random
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rasa.core.nlg.generator import ResponseVariationFilter
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import RESPONSE_IDENTIFIER_DELIMITER
from rasa.utils.endpoints import EndpointConfig

from bot.dialogue.whom import OPENING, whom_to_ask
from bot.dialogue.words import CITY_SLOT
from bot.nlu.extractor import CHINA
from manifests import places, services


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
        known = {**slots, **newer}
        said: dict[str, Any] | None = self.generate_from_slots(utter_action, known, output_channel, **kwargs)
        if said and said.get("buttons") and RESPONSE_IDENTIFIER_DELIMITER in utter_action:
            is_busy = tracker.active_loop_name is not None
            said["buttons"] = [one for one in said["buttons"] if _fits(one, is_busy, known.get(CITY_SLOT))]
        return said

    def _fill_response(
        self, response: dict[str, Any], filled_slots: dict[str, Any] | None = None, **kwargs: Any
    ) -> dict[str, Any]:
        """Fill a wording; whom to ask in the resident's city is found where it is said."""
        if f"{{{OPENING}" in str(response.get("text")):
            kwargs = {**whom_to_ask((filled_slots or {}).get(CITY_SLOT)), **kwargs}
        filled: dict[str, Any] = super()._fill_response(response, filled_slots, **kwargs)
        return filled

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


def _fits(button: Mapping[str, Any], is_busy: bool, city_code: str | None) -> bool:
    """Tell whether what an answer offers can be done now: no other task while one asks, and none that the city does not offer."""
    intent = str(button.get("payload")).removeprefix("/").partition("{")[0]
    service = services().of_intent(intent)
    if service is None:
        return True
    city = places().city(city_code) if city_code else None
    today = datetime.now(CHINA).date()
    return not is_busy and (city is None or any(city.offers(code, today) for code in service.city_services))
