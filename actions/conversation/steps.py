"""The steps around a task's form, as the rules name them: asking for one slot, and what is done when the form has ended."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions.city.errors import CityError
from actions.conversation import signed
from actions.conversation.errors import explain
from actions.conversation.outcomes import Outcome, came_of, note_identity, of_error, settle
from actions.conversation.task import CONFIRMATION, Task, forget_person_in_between
from actions.conversation.turn import Turn, payload


class AskSlot(Action, ABC):
    """Asks for one slot of a task, where the words depend on what the city answered.

    Class attributes:
        task: whose form asks.
        slot: what is asked for.
    """

    task: ClassVar[type[Task]]
    slot: ClassVar[str]

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return f"action_ask_{self.task.form()}_{self.slot}"

    @abstractmethod
    async def ask(self, turn: Turn) -> None:
        """Put the question."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Put the question; nothing is remembered by it."""
        await self.ask(Turn(dispatcher, tracker, responses=domain.get("responses") or {}, task=self.task.intent))
        return []


class EndTask(Action, ABC):
    """Does what a task was for, once its form has ended, and forgets what only the task needed.

    Class attributes:
        task: the task that has ended.
    """

    task: ClassVar[type[Task]]

    def name(self) -> str:
        """The action's name in the rules."""
        return f"action_{self.task.intent}"

    @abstractmethod
    async def complete(self, turn: Turn) -> bool:
        """Do it, if the resident said yes; False goes back into the form with what is still known.

        What came of it is said by `outcomes.came_of`; else a no was a refusal, and anything else was told.

        Raises:
            CityError: it could not be done; the resident is told in plain words.
        """

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Complete the task, or go back into its form: also where a yes was not heard here, to this and lately."""
        turn = Turn(dispatcher, tracker, task=self.task.intent)
        if turn.slot(CONFIRMATION) is True and not signed.agreed(turn, self.task, CONFIRMATION):
            turn.forget(*self.task.yes_no)
            signed.read_anew(turn, self.task)
            return [*turn.events, FollowupAction(self.task.form())]
        over = True
        try:
            over = await self.complete(turn)
        except CityError as error:
            explain(turn, error)
            came_of(turn, self.task, of_error(error))
        if not over:
            return [*turn.events, FollowupAction(self.task.form())]
        settle(turn, self.task, Outcome.DECLINED if turn.slot("confirmation") is False else Outcome.TOLD)
        done = {"intent": self.task.intent, "slots": self.task.known(turn)}
        turn.set("last_task", done)
        if turn.slot("confirmation") is False:
            # Who says no may still say yes after all.
            turn.set("follow_up", done)
        turn.forget(*self.task.own_slots())
        forget_person_in_between(turn)
        note_identity(turn, self.task)
        return turn.events


def offer_numbered(
    turn: Turn,
    response: str,
    titles: list[str],
    lines: list[str],
    also: Sequence[tuple[str, str]] = (),
    **values: object,
) -> None:
    """Read numbered lines out, with a button for each that answers with its number, and other buttons behind these."""
    numbered = "\n".join(f"{number}. {line}" for number, line in enumerate(lines, start=1))
    buttons = [(title, payload("inform", ordinal=str(number))) for number, title in enumerate(titles, start=1)]
    turn.offer(response, [*buttons, *also], lines=numbered, count=len(lines), **values)
