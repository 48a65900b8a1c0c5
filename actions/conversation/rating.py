"""The resident's rating of a service, 好差评: five grades, kept where staff can count them, without who gave it."""

from __future__ import annotations

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.conversation.turn import Turn

RATING = "service_rating"
RATINGS = ("非常满意", "满意", "基本满意", "不满意", "非常不满意")
"""The grades of 政务服务“好差评” (国办发〔2019〕51号); the values of the slot `service_rating`."""

log = structlog.get_logger(__name__)


class KeepRating(Action):
    """Keeps a rating in the slot and as a line `service_rated` in the log; what is said to it stands in rules."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_keep_rating"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Keep it, where it is one of the five; a later one of the same session takes its place, and says so."""
        turn = Turn(dispatcher, tracker)
        said = [str(found["value"]) for found in turn.entities if found["entity"] == RATING]
        rating = next((value for value in said if value in RATINGS), None)
        if rating is None:
            return turn.events
        log.info(
            "service_rated",
            rating=rating,
            instead_of=turn.slot(RATING),
            task=turn.slot("last_task_done"),
            outcome=turn.slot("outcome"),
            city_code=turn.city_code or None,
            channel=turn.slot("channel"),
        )
        turn.set(RATING, rating)
        return turn.events
