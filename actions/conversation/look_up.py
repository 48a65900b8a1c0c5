"""The two patterns of a look-up: by name and ID number, told only to whom it belongs; and by a number that anybody may have.

class QueryCreditScore(PersonLookUp, intent="query_credit_score"): ask, tell
"""

from __future__ import annotations

from abc import abstractmethod
from typing import Any, ClassVar

from actions.city.connection import CityConnection
from actions.city.errors import IdentityMismatch, NotFound
from actions.conversation.outcomes import Outcome
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
            self.finish(turn, Outcome.NOT_FOUND)
        else:
            self.tell(turn, answer, name)
            self.finish(turn)


class NumberLookUp(Task):
    """Asks the city by the one slot that the manifest's `asks` names: a card's number, a plate.

    Class attributes:
        not_found: the response where the city does not know the number, which is then asked for again; {asked}.
    """

    not_found: ClassVar[str] = ""

    @abstractmethod
    async def ask(self, city: CityConnection, number: str) -> Any:
        """Ask the city."""

    @abstractmethod
    def tell(self, turn: Turn, answer: Any, number: str) -> None:
        """Read the answer out."""

    async def advance(self, turn: Turn) -> None:
        """Once the number is known, look up and tell."""
        slot = self.manifest.asks[0]
        number = turn.slot(slot)
        if number is None:
            return
        try:
            answer = await self.ask(self.city(turn), number)
        except NotFound:
            turn.say(self.not_found, asked=number)
            turn.forget(slot)
            return
        self.tell(turn, answer, number)
        self.finish(turn)
