"""Something does not work at the cashier: what to try, how long the link is good, and that nothing is taken twice."""

from __future__ import annotations

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.conversation.checkout import as_they_stand, report_payment
from actions.conversation.said_paid import meant, of_service
from actions.conversation.speech import yuan
from actions.conversation.turn import Turn, payload
from actions.conversation.which_order import good_until, say_it_waits

UNPAID = "awaiting_payment"


class HelpAtCashier(Action):
    """The link does not open, or the payment does not go through. The provider is asked first: it may have gone through."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_help_at_cashier"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Give the link of each payment that waits once more, with what to try; of any other say how far it has come."""
        turn = Turn(dispatcher, tracker)
        orders = await context.current().payments.recent_orders(turn.conversation_id)
        about = meant(turn)
        if about is not None:
            orders = of_service(about, orders)
        paid = [("我已付款", payload("check_payment"))]
        if not orders:
            turn.offer("utter_cashier_trouble_no_order", paid)
        async for checked in as_they_stand(turn, orders):
            if checked.state != UNPAID:
                report_payment(turn, checked)
            elif not (good := good_until(checked.first)):
                say_it_waits(turn, checked)
            else:
                turn.offer(
                    "utter_cashier_trouble",
                    [*paid, ("取消付款", payload("deny", order=checked.first.trade_number))],
                    subject=checked.subject,
                    amount=yuan(checked.total),
                    good=good,
                    cashier_url=checked.first.cashier_url,
                )
        return turn.events
