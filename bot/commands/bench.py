"""`python -m bot bench`: what a start, a training and a turn cost on this machine, beside the targets."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

import click
import psutil
from rich.console import Console
from rich.table import Table

from bot.commands.run import READY_SECONDS
from bot.commands.train import ensure_model, train
from bot.runtime.rest_client import RestClient
from bot.runtime.supervisor import Supervisor, free_ports
from manifests import places

MODEL = "bench.tar.gz"

SENTENCES = ("你好", "交水费", "算了", "查一下违章", "算了", "预约挂号", "算了", "今天天气怎么样", "谢谢")
"""One conversation's turns, over the services; repeated with a new conversation each time."""


@dataclass(frozen=True)
class Measure:
    """One line of the result.

    Args:
        name: what was measured.
        value: how much.
        unit: of what.
        target: the most it should be, where there is a target.
    """

    name: str
    value: float
    unit: str
    target: float | None = None


@click.command(help="Measure start, training, memory and turns, beside the targets; or many cities beside two.")
@click.option("--turns", default=180, show_default=True, help="Turns to take over REST.")
@click.option("--no-training", is_flag=True, help="Leave the training out.")
@click.option("--cities", type=int, help="Serve so many cities (at most those in data/cities), and two beside them.")
def command(turns: int, no_training: bool, cities: int | None) -> None:
    """Measure in a house of its own, on free ports, with databases that are thrown away."""
    console = Console()
    with tempfile.TemporaryDirectory(prefix="bianmin-bench-") as folder:
        if cities is not None:
            console.print(compare_cities(Path(folder), cities, turns, console))
            return
        model = ensure_model(console)
        measures: list[Measure] = []
        if not no_training:
            measures.append(_measure_training(Path(folder), console, os.environ))
        console.print(as_table(measures + _measure_house(Path(folder), model, turns, os.environ, [])))


def compare_cities(folder: Path, cities: int, turns: int, console: Console) -> Table:
    """Measure two cities and many by turns, twice each, and set the better of each side by side.

    Args:
        folder: for models, databases and logs.
        cities: how many.
        turns: to take over REST each time.
        console: where training shows how far it is.
    """
    best: dict[int, dict[str, Measure]] = {2: {}, cities: {}}
    for round_ in range(2):
        for count in best:
            place = folder / f"{round_}-{count}"
            codes = some_cities(place / "cities", count)
            environment = {**os.environ, "BIANMIN_CITIES_FOLDER": str(place / "cities")}
            measures = [_measure_training(place, console, environment)]
            measures += _measure_house(place, place / MODEL, turns, environment, codes)
            for one in measures:
                known = best[count].setdefault(one.name, one)
                if (one.value > known.value) == (one.unit == "1/s"):
                    best[count][one.name] = one
    table = Table("", "2 城 / cities", f"{cities} 城 / cities", "倍 / ratio")
    for name, few in best[2].items():
        many = best[cities][name]
        ratio = many.value / few.value
        table.add_row(name, f"{few.value:.1f} {few.unit}", f"{many.value:.1f} {many.unit}", f"{ratio:.2f}")
    return table


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


def _measure_training(folder: Path, console: Console, environment: Mapping[str, str]) -> Measure:
    started = time.perf_counter()
    train(folder / MODEL, console, force=True, environment=environment)
    return Measure("训练 / training, no cache", time.perf_counter() - started, "s", 30)


def _measure_house(
    folder: Path, model: Path, turns: int, environment: Mapping[str, str], cities: list[str]
) -> list[Measure]:
    with running_house(folder, model, environment) as (supervisor, seconds_to_ready):
        process = psutil.Process(supervisor.children["assistant"].process.pid)
        before = process.memory_info().rss
        taken = take_turns(supervisor, turns, cities)
        after = process.memory_info().rss
    cuts = quantiles(taken, n=20)
    return [
        Measure("启动到可用 / start to ready", seconds_to_ready, "s", 8),
        Measure("助手内存 / assistant resident", before / 2**20, "MB", 320),
        Measure(f"{turns} 轮对话后 / after {turns} turns", after / 2**20, "MB", 320),
        Measure("每轮 p50 / turn p50", cuts[9] * 1000, "ms"),
        Measure("每轮 p95 / turn p95", cuts[18] * 1000, "ms"),
        Measure("每秒轮数，单客户端 / turns a second, one client", len(taken) / sum(taken), "1/s"),
    ]


@contextmanager
def running_house(folder: Path, model: Path, environment: Mapping[str, str]) -> Iterator[tuple[Supervisor, float]]:
    """Run the three processes on free ports with throw-away databases; gives the supervisor and seconds to ready."""
    environment = {
        "BIANMIN_DEFAULT_CITY": places().served()[0],
        **environment,
        "BIANMIN_MODEL": str(model),
        "DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "BIANMIN_SANDBOX_DATABASE_URL": f"sqlite:///{folder}/sandbox.db",
        "BIANMIN_CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.db",
    }
    supervisor = Supervisor(ports=free_ports(), environment=environment, log_folder=folder / "log")
    started = time.perf_counter()
    try:
        supervisor.start()
        supervisor.wait_until_ready(READY_SECONDS)
        yield supervisor, time.perf_counter() - started
    finally:
        supervisor.stop()


def take_turns(supervisor: Supervisor, turns: int, cities: list[str]) -> list[float]:
    """Say SENTENCES over and over; seconds each turn took, the first conversation's left out (it warms caches).

    Args:
        supervisor: of the running house.
        turns: how many.
        cities: each conversation goes to the next of them first, which is not counted; none: they stay where they are.
    """
    taken: list[float] = []
    with RestClient(supervisor.ports.url("assistant")) as client:
        for number in range(turns + len(SENTENCES)):
            conversation, turn = divmod(number, len(SENTENCES))
            if cities and turn == 0:
                city = cities[conversation % len(cities)]
                # A pretend city grows when it is first asked, which is the sandbox's cost and nobody's turn.
                for sentence in (f"换到{city}", *SENTENCES):
                    client.say(f"grow-{conversation}", sentence)
                client.say(f"bench-{conversation}", f"换到{city}")
            started = time.perf_counter()
            client.say(f"bench-{conversation}", SENTENCES[turn])
            taken.append(time.perf_counter() - started)
    return taken[len(SENTENCES) :]


def as_table(measures: list[Measure]) -> Table:
    """Lay the measures out beside their targets."""
    table = Table("", "measured", "target", "")
    for one in measures:
        target = "" if one.target is None else f"≤ {one.target:g} {one.unit}"
        verdict = "" if one.target is None else ("✓" if one.value <= one.target else "✗")
        table.add_row(one.name, f"{one.value:.1f} {one.unit}", target, verdict)
    return table
