"""Start to ready, and the assistant's memory: when it is ready, after many conversations, and after a long one."""

from pathlib import Path

from bot.bench.client import Conversation
from bot.bench.house import House
from bot.bench.residents import SENTENCES, conversations, talk
from bot.bench.rows import Values
from bot.bench.turns import CLIENTS

CONVERSATIONS = 1000
LONG = 1000
"""Turns of the long conversation."""


def measure(house: House, folder: Path) -> Values:
    """Start a house, hold 1,000 conversations of 10 turns and then one of 1,000.

    Args:
        house: starts the assistant.
        folder: for databases and logs.
    """
    with house(folder) as running:
        values = {"start": running.seconds_to_ready, "resident": running.megabytes}
        talk(running.url, conversations("many", CONVERSATIONS), CLIENTS)
        values["resident_many"] = running.megabytes
        talk(running.url, [Conversation("long", SENTENCES * (LONG // len(SENTENCES)))])
        values["resident_long"] = running.megabytes
    return values


def measure_start(house: House, folder: Path) -> Values:
    """Start a house; stock Rasa is measured so far only, its 11,000 turns would take half an hour.

    Args:
        house: starts the assistant.
        folder: for databases and logs.
    """
    with house(folder) as running:
        return {"start": running.seconds_to_ready, "resident": running.megabytes}
