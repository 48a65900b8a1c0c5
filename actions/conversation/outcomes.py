"""What came of a task, as the facts that rules and stories branch on (docs/stories.md): the one place that sets them.

While a task is under way there is no outcome: it is forgotten when a task begins or is come back to.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from actions.city.errors import CityError, NotConnected
from actions.conversation.turn import Turn
from actions.ledger import Order, OrderState
from manifests import services

if TYPE_CHECKING:
    from actions.conversation.task import Task

CHECKED = 2
"""The identity level of a person whose name and ID number the city has checked."""


class Outcome(str, Enum):
    """The values of the slot `outcome`; domain.yml lists the same."""

    TOLD = "told"  # what was asked for has been read out
    NOTHING_OWED = "nothing_owed"
    NOT_FOUND = "not_found"  # the city has nothing of this number or person
    AWAITING_PAYMENT = "awaiting_payment"  # the cashier's link has been handed out
    SETTLING = "settling"  # paid; the biller has given no receipt yet
    PAID = "paid"  # said with the receipt's number
    REFUNDED = "refunded"  # the money goes back, or has gone
    BOOKED = "booked"
    REPORTED = "reported"  # a case, which the city has taken
    CANCELLED = "cancelled"  # a booking, or an order that was not paid
    DECLINED = "declined"  # the resident said no to what was read out
    LEFT = "left"  # the resident gave the task up
    NOT_OFFERED = "not_offered"  # not done in this city
    FAILED = "failed"  # the city could not, or would not
    HANDED_OVER = "handed_over"  # a person is asked for


OF_ORDERS = {
    OrderState.AWAITING_PAYMENT: Outcome.AWAITING_PAYMENT,
    OrderState.PAID: Outcome.SETTLING,
    OrderState.SETTLED: Outcome.PAID,
    OrderState.REFUNDING: Outcome.REFUNDED,
    OrderState.PAID_LATE: Outcome.REFUNDED,
    OrderState.MISPAID: Outcome.REFUNDED,
    OrderState.REFUNDED: Outcome.REFUNDED,
}
"""What an order's state means to whoever asked for it; any other is closed."""


def of_error(error: CityError) -> Outcome:
    """What has come of a task that the city answered with an error."""
    return Outcome.NOT_OFFERED if isinstance(error, NotConnected) else Outcome.FAILED


def came_of(turn: Turn, task: type[Task] | Task, outcome: Outcome | None) -> None:
    """Remember what came of a task.

    Args:
        turn: whose turn it ended in.
        task: what has ended.
        outcome: what came of it; None where it has only been put off.
    """
    _remember(turn, outcome, task.intent, task.city_service(turn))


def came_of_order(turn: Turn, order: Order) -> None:
    """Remember what came of a payment: of the task that pays such, whenever it was."""
    intent = next((intent for intent, task, _ in services().tasks() if task.pays == order.kind), None)
    _remember(turn, OF_ORDERS.get(order.state, Outcome.CANCELLED), intent, order.city_service)


def handed_over(turn: Turn) -> None:
    """Remember that a person was asked for; a task that is open stays so."""
    turn.set("outcome", Outcome.HANDED_OVER.value)


def under_way(turn: Turn) -> None:
    """Forget what came of the last task, as another is under way."""
    turn.forget("outcome", "last_task_done", "last_city_service")


def settle(turn: Turn, task: type[Task], otherwise: Outcome) -> None:
    """When a task is over, see that it is known what came of it; one that was only put off is as if it were under way.

    Args:
        turn: in which it ended.
        task: what has ended.
        otherwise: what came of it, where nobody has said.
    """
    if turn.slot("last_task_done") != task.intent or turn.slot("outcome") == Outcome.HANDED_OVER.value:
        came_of(turn, task, otherwise)
    elif turn.slot("outcome") is None:
        under_way(turn)


def note_identity(turn: Turn, task: type[Task]) -> None:
    """Once a task is over, remember whether the person in the slots is one whom the city has checked."""
    known = bool(turn.slot("person_name") and turn.slot("id_number"))
    went_wrong = turn.slot("outcome") in (None, Outcome.LEFT.value, Outcome.NOT_OFFERED.value, Outcome.FAILED.value)
    checked = task.manifest.identity == CHECKED and not went_wrong
    if known and checked and not turn.slot("known_resident"):
        turn.set("known_resident", True)
    elif not known:
        not_known(turn)


def not_known(turn: Turn) -> None:
    """Remember that nobody has checked who is talking now."""
    if turn.slot("known_resident"):
        turn.set("known_resident", False)


def _remember(turn: Turn, outcome: Outcome | None, intent: str | None, city_service: str | None) -> None:
    turn.set("outcome", outcome.value if outcome is not None else None)
    turn.set("last_task_done", intent)
    turn.set("last_city_service", city_service)
