"""A city that answers as a test tells it to, and the running of one form or action against it."""

from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services

FORMS = {
    "pay_utility_bill_form": ["bill_type", "account_number", "bill_choice", "confirmation"],
    "query_utility_bill_form": ["bill_type", "account_number"],
    "query_traffic_violation_form": ["plate_number"],
    "pay_traffic_fine_form": ["plate_number", "violation_choice", "offence_confirmation", "confirmation"],
    "book_hospital_appointment_form": ["department", "date", "slot_choice", "person_name", "id_number", "confirmation"],
    "cancel_hospital_appointment_form": ["person_name", "id_number", "appointment_choice", "confirmation"],
    "query_credit_score_form": ["person_name", "id_number"],
}
DOMAIN = {"forms": {form: {"required_slots": slots} for form, slots in FORMS.items()}}


async def run(action, tracker, **answers):
    """Run `action` with a city whose operations give `answers`; an exception among them is raised.

    Returns the events, the dispatcher, and the city, whose calls can be looked at.
    """
    city = SimpleNamespace()
    for operation, answer in answers.items():
        scripted = AsyncMock(side_effect=answer) if isinstance(answer, Exception) else AsyncMock(return_value=answer)
        setattr(city, operation, scripted)
    payments = SimpleNamespace(open_order=AsyncMock(side_effect=answers.get("open_order")))
    services = Services(city=city, payments=payments, ledger=MagicMock(), settings=MagicMock())
    dispatcher = CollectingDispatcher()
    with context.use(services):
        events = await action().run(dispatcher, tracker, DOMAIN)
    return events, dispatcher, services
