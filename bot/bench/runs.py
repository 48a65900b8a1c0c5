"""Measures kind after kind, run after run, and stock Rasa before us in each run where it is wanted beside."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from rich.console import Console

from bot.bench import checking, growth, memory, training, turns
from bot.bench.house import House
from bot.bench.rows import Values

Measure = Callable[[House, Path], Values]

OF_AN_ASSISTANT: dict[str, Measure] = {
    "turns": turns.measure,
    "growth": growth.measure,
    "memory": memory.measure,
}
"""What is measured of an assistant that runs, by kind."""

OF_STOCK: dict[str, Measure] = {
    "turns": turns.measure,
    "growth": partial(growth.measure, latest=growth.STOCK_LATE),
    "memory": memory.measure_start,
}
"""The same of stock Rasa, as far as it goes in minutes."""

OF_THE_PROJECT: dict[str, Callable[[Path], Values]] = {"training": training.measure, "check": checking.measure}
"""What is measured of the project's files, by kind."""


def measure(
    folder: Path, kinds: Sequence[str], runs: int, house: House, stock: House | None, console: Console
) -> tuple[list[Values], list[Values]]:
    """Do all runs.

    Args:
        folder: for whatever is made; empty.
        kinds: of measures.
        runs: how many.
        house: starts our assistant.
        stock: starts stock Rasa; None: it stays away.
        console: where it is said how far it is.

    Returns:
        Our values by run, and stock Rasa's by run: none where it stayed away.
    """
    ours: list[Values] = [{} for _ in range(runs)]
    beside: list[Values] = [{} for _ in range(runs if stock is not None else 0)]

    def keep(values: Values, into: Values, what: str) -> None:
        # Said at once: a run takes minutes, and a later one may fail.
        console.print(what + "  " + ", ".join(f"{key} {value:.4g}" for key, value in values.items()), highlight=False)
        into |= values

    for run in range(runs):
        for kind in kinds:
            place, what = folder / f"{run}-{kind}", f"{run + 1}/{runs} {kind}"
            place.mkdir()
            if stock is not None and kind in OF_STOCK:
                console.print(f"{what}, stock Rasa …", highlight=False)
                keep(OF_STOCK[kind](stock, place / "stock"), beside[run], f"{what}, stock Rasa:")
            console.print(f"{what} …", highlight=False)
            if kind in OF_AN_ASSISTANT:
                keep(OF_AN_ASSISTANT[kind](house, place / "ours"), ours[run], f"{what}:")
            else:
                keep(OF_THE_PROJECT[kind](place), ours[run], f"{what}:")
    return ours, beside
