"""Houses for the tests over HTTP: one assistant on SQLite, or two on one PostgreSQL and one Redis, each reached by a cable."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import httpx

from actions.ledger import Ledger
from bot.runtime.rest_client import RestClient
from tests.bot.conversations.cable import CableBeside
from tests.bot.conversations.conftest import answering_redis, empty_schema
from tests.house import READY_SECONDS, House, start_house, stop_house


class Shared:
    """A house with one or more assistants.

    Attributes:
        house: with the first assistant's client.
        clients: of each assistant.
        postgresql, redis: the ways to the two; None on SQLite.
    """

    def __init__(self, house: House, postgresql: CableBeside | None, redis: CableBeside | None) -> None:
        self.house = house
        self.names = house.ports.assistants()
        self.clients = [RestClient(house.ports.url(name)) for name in self.names]
        self.postgresql, self.redis = postgresql, redis
        self.ledger = Ledger(house.ledger_url, house.ledger_key)

    def hear(self, sender: str, text: str, assistant: int = -1) -> str:
        """Say something to one assistant, the last one by default; its answers, one a line."""
        return "\n".join(reply.get("text", "") for reply in self.clients[assistant].say(sender, text))

    def orders(self, sender: str) -> list[Any]:
        """The payment orders of a conversation."""
        orders: list[Any] = self.ledger.select_orders(self.ledger._asked_in(sender))
        return orders

    def moves(self, sender: str) -> list[str]:
        """The states that the one order of a conversation moved to."""
        (order,) = self.orders(sender)
        return [move.target.value for move in self.ledger.transitions(order.trade_number)]

    def health(self, path: str, assistant: int = 0) -> tuple[int, dict[str, Any]]:
        """Status and body of one of the addresses that say how an assistant is."""
        answer = httpx.get(self.house.ports.url(self.names[assistant]) + path, trust_env=False, timeout=15)
        return answer.status_code, answer.json()

    def heard(self, sender: str) -> list[str]:
        """What a resident has said, by the conversation's own record."""
        return self.house.kept.said(sender)

    def kill(self, assistant: int) -> None:
        """End one assistant as a crash would."""
        self.house.supervisor.kill(self.names[assistant])

    def restart(self, assistant: int) -> None:
        """Start one assistant again, and wait until it answers."""
        self.house.supervisor.restart(self.names[assistant])
        self.house.supervisor.wait_until_ready(READY_SECONDS)


@contextmanager
def on_sqlite(folder: Path, model: Path) -> Iterator[Shared]:
    """One assistant, with everything in files."""
    house = start_house(folder, model)
    yield Shared(house, None, None)
    stop_house(house)


@contextmanager
def on_postgresql(folder: Path, model: Path) -> Iterator[Shared]:
    """Two assistants; conversations and ledger in PostgreSQL, locks in Redis. Skips where either is missing."""
    answering_redis()
    with ExitStack() as stack:
        options = stack.enter_context(empty_schema())
        postgresql, redis = CableBeside(5432), CableBeside(6379)
        stack.callback(postgresql.close)
        stack.callback(redis.close)
        house = start_house(
            folder,
            model,
            assistants=2,
            BIANMIN_CONVERSATIONS_URL=f"postgresql://postgres@127.0.0.1:{postgresql.port}/postgres?{options}",
            BIANMIN_REDIS_URL=f"redis://127.0.0.1:{redis.port}/9",
            DATABASE_URL=f"postgresql://postgres@127.0.0.1:5432/postgres?{options}",
        )
        stack.callback(stop_house, house)
        yield Shared(house, postgresql, redis)
