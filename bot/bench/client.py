"""`python -m bot.bench.client`: residents who talk over REST, in a process of their own, lest measuring slows the measured.

Reads a plan as JSON from standard input and writes what it took to standard output:

    {"url": …, "clients": 8, "seconds": 20, "conversations": [[sender, [not timed …], [timed …]], …]}
    {"taken": [[seconds of each timed turn …] a conversation, in the plan's order …], "seconds": from first to last}
"""

import asyncio
import json
import math
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bot.runtime import tokens
from bot.runtime.kept_connection import KeptConnections

ANSWER_SECONDS = 60.0
CONNECT_SECONDS = 5.0
IDLE_SECONDS = 2.0
"""Below the 5 seconds after which stock Rasa's server, Sanic's, closes a connection."""


class NoAnswerError(RuntimeError):
    """A message was not answered with 200 and something said: there is nothing to measure."""


@dataclass(frozen=True)
class Conversation:
    """One conversation.

    Args:
        sender: its id.
        timed: what is said and measured.
        untimed: what is said before that.
    """

    sender: str
    timed: Sequence[str]
    untimed: Sequence[str] = ()


@dataclass(frozen=True)
class Taken:
    """What it took.

    Args:
        turns: seconds of each timed turn, by conversation; none where the time was up before.
        seconds: from the first message to the last answer.
    """

    turns: list[list[float]]
    seconds: float

    @property
    def all_turns(self) -> list[float]:
        """Every turn's seconds."""
        return [one for conversation in self.turns for one in conversation]


async def talk(url: str, conversations: Sequence[Conversation], clients: int = 1, seconds: float = math.inf) -> Taken:
    """Hold conversations, each client one after the other, each message after the answer to the one before.

    Args:
        url: the assistant's address.
        conversations: taken by the clients in turn.
        clients: how many talk at once.
        seconds: after which no new message is sent.

    Raises:
        NoAnswerError: a message was not answered, or with nothing.
        aiohttp.ClientError, asyncio.TimeoutError: the assistant cannot be reached.
    """
    connections = KeptConnections(f"{url}/webhooks/rest/webhook", tokens.bearer(), IDLE_SECONDS)
    taken: list[list[float]] = [[] for _ in conversations]
    waiting = iter(zip(conversations, taken, strict=True))
    started = time.perf_counter()
    await asyncio.gather(*(_client(connections, waiting, started + seconds) for _ in range(clients)))
    connections.close()
    return Taken(taken, time.perf_counter() - started)


async def _client(
    connections: KeptConnections, waiting: Iterator[tuple[Conversation, list[float]]], end: float
) -> None:
    for conversation, taken in waiting:
        for text in conversation.untimed:
            await _say(connections, conversation.sender, text)
        for text in conversation.timed:
            before = time.perf_counter()
            if before >= end:
                return
            await _say(connections, conversation.sender, text)
            taken.append(time.perf_counter() - before)


async def _say(connections: KeptConnections, sender: str, text: str) -> None:
    body = json.dumps({"sender": sender, "message": text}).encode()
    answer = await connections.post(body, ANSWER_SECONDS, CONNECT_SECONDS)
    # Rasa's own channel answers an exception with 200 and an empty list.
    if answer.status != 200 or not answer.body.startswith(b"[{"):
        raise NoAnswerError(f"“{text}”: {answer.status} {bytes(answer.body[:200]).decode(errors='replace')}")


def as_plan(url: str, conversations: Sequence[Conversation], clients: int, seconds: float) -> dict[str, Any]:
    """Write a plan as JSON has it."""
    return {
        "url": url,
        "clients": clients,
        "seconds": None if math.isinf(seconds) else seconds,
        "conversations": [[one.sender, list(one.untimed), list(one.timed)] for one in conversations],
    }


def main() -> int:
    """Carry out the plan."""
    plan = json.load(sys.stdin)
    conversations = [Conversation(sender, timed, untimed) for sender, untimed, timed in plan["conversations"]]
    seconds = math.inf if plan["seconds"] is None else plan["seconds"]
    try:
        taken = asyncio.run(talk(plan["url"], conversations, plan["clients"], seconds))
    except NoAnswerError as error:
        print(error, file=sys.stderr)
        return 1
    json.dump({"taken": taken.turns, "seconds": taken.seconds}, sys.stdout)
    return 0


if __name__ == "__main__":
    sys.exit(main())
