"""Turns a second with eight clients, and how long one turn takes with one client."""

from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

from bot.bench.house import House
from bot.bench.residents import conversations, talk
from bot.bench.rows import Values

CLIENTS = 8
SECONDS = 20.0
"""How long the eight talk."""

CONVERSATIONS = 20
"""How many the one client holds."""

MOST_A_SECOND = 100
"""Conversations planned for each second of the eight; more than any assistant gets through."""


def measure(house: House, folder: Path) -> Values:
    """Start a house and take its turns, after conversations that warm its caches and are not counted.

    Args:
        house: starts the assistant.
        folder: for databases and logs.
    """
    with house(folder) as running:
        talk(running.url, conversations("warm", 2 * CLIENTS), CLIENTS)
        alone = talk(running.url, conversations("alone", CONVERSATIONS))
        together = talk(running.url, conversations("together", int(SECONDS * MOST_A_SECOND)), CLIENTS, SECONDS)
    return {**percentiles(alone.all_turns), "turns_a_second": len(together.all_turns) / together.seconds}


def percentiles(turns: Sequence[float]) -> Values:
    """Give median and 95th percentile of turns.

    Args:
        turns: in seconds; two at least.
    """
    cuts = quantiles(turns, n=20)
    return {"turn_p50": cuts[9] * 1000, "turn_p95": cuts[18] * 1000}
