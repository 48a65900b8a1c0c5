"""Many cities beside two: nobody should wait longer because the country is large."""

import os
import resource
import shutil
from collections.abc import Sequence
from pathlib import Path
from statistics import mean

from rich.console import Console
from rich.table import Table

from bot.bench.client import Conversation
from bot.bench.house import ours
from bot.bench.residents import SENTENCES, talk
from bot.bench.rows import Values
from bot.bench.turns import percentiles
from bot.commands.train import train
from manifests import places

FEW = 2
ROUNDS = 2
CONVERSATIONS = 20
MOST_WORSE = 1.1
"""No figure may be worse by more than a tenth."""

NAMES = {
    "train_whole": "whole training, CPU, s",
    "start": "start to ready, s",
    "resident": "assistant's memory, ready, MB",
    "after_turns": f"assistant's memory, after {CONVERSATIONS * len(SENTENCES)} turns, MB",
    "turn_mean": "turn, 1 client, mean, ms",
    "turn_p50": "turn, 1 client, p50, ms",
    "turn_p95": "turn, 1 client, p95, ms",
}


def compare(folder: Path, cities: int, console: Console) -> Table:
    """Measure two cities and many by turns, twice each, and set the better of each side by side.

    Args:
        folder: for models, databases and logs.
        cities: how many.
        console: where training shows how far it is.
    """
    rounds: dict[int, list[Values]] = {FEW: [], cities: []}
    for round_ in range(ROUNDS):
        for count, found in rounds.items():
            found.append(measure(folder / f"{round_}-{count}", count, console))
    table = Table("", f"{FEW} cities", f"{cities} cities", "ratio", f"≤ {MOST_WORSE:g}")
    for key, name in NAMES.items():
        few, many = (min(values[key] for values in rounds[count]) for count in (FEW, cities))
        table.add_row(name, f"{few:.1f}", f"{many:.1f}", f"{many / few:.2f}", "✓" if many / few <= MOST_WORSE else "✗")
    return table


def measure(folder: Path, count: int, console: Console) -> Values:
    """Train for some cities, and take turns in all of them.

    Args:
        folder: for city files, model, databases and logs.
        count: how many cities.
        console: where training shows how far it is.
    """
    names = some_cities(folder / "cities", count)
    environment = {**os.environ, "BIANMIN_CITIES_FOLDER": str(folder / "cities")}
    model = folder / "bench.tar.gz"
    before = _cpu_of_children()
    train(model, console, force=True, environment=environment)
    seconds = _cpu_of_children() - before
    with ours(model, environment)(folder / "house") as running:
        ready = running.megabytes
        talk(running.url, in_cities("warm", 1, names))
        taken = talk(running.url, in_cities("bench", CONVERSATIONS, names))
        after = running.megabytes
    values = {"train_whole": seconds, "start": running.seconds_to_ready, "resident": ready, "after_turns": after}
    return {**values, "turn_mean": mean(taken.all_turns) * 1000, **percentiles(taken.all_turns)}


def in_cities(prefix: str, count: int, names: Sequence[str]) -> list[Conversation]:
    """Give conversations, each in the next of the cities; going there is not timed.

    Args:
        prefix: of their ids.
        count: how many.
        names: the cities.
    """
    plan: list[Conversation] = []
    for number in range(count):
        move = f"换到{names[number % len(names)]}"
        # A pretend city grows when it is first asked, which is the sandbox's cost and nobody's turn.
        plan.append(Conversation(f"{prefix}-grow-{number}", (), (move, *SENTENCES)))
        plan.append(Conversation(f"{prefix}-{number}", SENTENCES, (move,)))
    return plan


def some_cities(folder: Path, count: int) -> list[str]:
    """Make a folder of city files with the registry, all provinces, and so many cities from over the country.

    Args:
        folder: to make.
        count: how many cities.

    Returns:
        Their short names.
    """
    served = places().served()
    step = max(1, len(served) // count)
    codes = served[::step][:count]
    folder.mkdir(parents=True)
    for file in places().folder.glob("*.yml"):
        if file.stem in codes or file.stem.endswith("0000") or not file.stem.isdigit():
            shutil.copy(file, folder)
    return [row.name for row in map(places().registered, codes) if row is not None]


def _cpu_of_children() -> float:
    """CPU seconds of the processes that this one has waited for."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime
