"""Whether the person in the slots is one whose name and ID number belong together, as the city has them."""

from __future__ import annotations

from actions import context
from actions.conversation.turn import Turn


async def person_known(turn: Turn) -> bool:
    """Whether name and ID number are known and belong together; where they do not, it is said and both are asked again.

    Raises:
        CityError: the city could not say.
    """
    name, id_number = turn.slot("person_name"), turn.slot("id_number")
    if name is None or id_number is None:
        return False
    if await context.current().cities.verify_identity(turn.city_code, name, id_number):
        return True
    turn.say("utter_identity_mismatch")
    turn.forget("person_name", "id_number")
    return False
