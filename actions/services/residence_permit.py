"""The residence permit: its state, and when it has to be endorsed; only to the person it belongs to."""

from __future__ import annotations

from actions.city import CityConnection
from actions.conversation.look_up import PersonLookUp
from actions.conversation.speech import masked_name
from actions.conversation.turn import Turn
from city_api.residence_permit import ResidencePermit, State

RESPONSES: dict[State, str] = {
    "in_making": "utter_residence_permit_in_making",
    "valid": "utter_residence_permit_valid",
    "endorsement_due": "utter_residence_permit_endorsement_due",
    "suspended": "utter_residence_permit_suspended",
}


class QueryResidencePermit(PersonLookUp, intent="query_residence_permit"):
    """A person's permit."""

    not_found = "utter_residence_permit_not_found"

    async def ask(self, city: CityConnection, **person: str) -> ResidencePermit:
        """The permit of a person."""
        return await city.search("residence_permit", "residence-permit", "permit", answer=ResidencePermit, **person)

    def tell(self, turn: Turn, answer: ResidencePermit, name: str) -> None:
        """What the state means for the person, with its days."""
        turn.say(
            RESPONSES[answer.state],
            person=masked_name(name),
            issued_on=answer.issued_on.isoformat(),
            endorse_from=answer.endorse_from.isoformat(),
            valid_until=answer.valid_until.isoformat(),
        )
