"""The pattern of a look-up that is told only to the person it belongs to: a score, an account, a permit."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from actions.city.connection import CityConnection
from actions.city.errors import IdentityMismatch, NotFound
from actions.conversation.task import Task
from actions.conversation.turn import Turn


class PersonLookUp(Task):
    """Asks the city by name and ID number, which must belong together, so that nobody sees a stranger's.

    Class attributes:
        not_found: the response where the city has nothing of this person.
    """

    not_found: ClassVar[str] = ""

    @abstractmethod
    async def ask(self, city: CityConnection, **person: str) -> Any:
        """Ask the city.

        Args:
            city: its service.
            person: `name` and `id_number`, for the body of the request.
        """

    @abstractmethod
    def tell(self, turn: Turn, answer: Any, name: str) -> None:
        """Read the answer out.

        Args:
            turn: whose resident is told.
            answer: the city's.
            name: of the person.
        """

    async def advance(self, turn: Turn) -> None:
        """Once the person is known, look up and tell."""
        name, id_number = turn.slot("person_name"), turn.slot("id_number")
        if name is None or id_number is None:
            return
        try:
            answer = await self.ask(self.city(turn), name=name, id_number=id_number)
        except IdentityMismatch:
            turn.say("utter_identity_mismatch")
            turn.forget("person_name", "id_number")
            return
        except NotFound:
            turn.say(self.not_found)
        else:
            self.tell(turn, answer, name)
        self.finish(turn)
