"""A city that answers as a test tells it to, and the running of one form or action against it."""

from types import SimpleNamespace
from unittest.mock import AsyncMock, MagicMock

from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services
from actions.conversation import parts
from actions.conversation.task import Task
from actions.services import load_handlers
from tests.actions.conversation.trackers import sign


def made(name):
    """The action of this name that the core made for a task, because its handler has none of its own."""
    load_handlers()
    return parts._MADE[name]


class ScriptedConnection:
    """A service of the city whose operations give what the test says; a bare list stands for the answer that holds it."""

    def __init__(self, city):
        self._city = city

    async def ask(self, operation, *parts, answer, **asked):
        said = await getattr(self._city, operation)(*parts, **asked)
        return answer(**{next(iter(answer.__fields__)): said}) if isinstance(said, list) else said

    get = search = write = ask


class ScriptedCities:
    """All cities as one."""

    def __init__(self, city):
        self._city = city

    def at(self, city, service):
        return ScriptedConnection(self._city)

    async def offered(self, city, service):
        if hasattr(self._city, "offered"):
            await self._city.offered(city, service)

    async def verify_identity(self, city, name, id_number):
        return await self._city.verify_identity(city, name, id_number)


async def run(action, tracker, likely_cities=(), **answers):
    """Run `action`, to whom what stands in the tracker is its own, with a city whose operations give `answers`; an exception among them is raised, a function called.

    Returns the events, the dispatcher, and the city, whose calls can be looked at.
    """
    city = SimpleNamespace()
    for operation, answer in answers.items():
        is_effect = isinstance(answer, Exception) or callable(answer)
        setattr(city, operation, AsyncMock(side_effect=answer) if is_effect else AsyncMock(return_value=answer))
    payments = SimpleNamespace(open_payment=AsyncMock(side_effect=answers.get("open_payment")))
    settings = SimpleNamespace(default_city="", likely_cities=likely_cities, conversation_days=30)
    services = Services(cities=ScriptedCities(city), payments=payments, ledger=MagicMock(), settings=settings)
    dispatcher = CollectingDispatcher()
    sign(tracker, action if issubclass(action, Task) else getattr(action, "task", None))
    with context.use(services):
        events = await action().run(dispatcher, tracker, {})
    return events, dispatcher, SimpleNamespace(city=city, payments=payments)
