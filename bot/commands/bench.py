"""`python -m bot bench`: what turns, memory, trainings and checks cost on this machine, beside what is wanted."""

import tempfile
from pathlib import Path

import click
from rich.console import Console

from bot.bench import cities as many_cities
from bot.bench import report, runs
from bot.bench.house import ours
from bot.bench.machine import this_machine
from bot.bench.rows import KINDS, figures
from bot.bench.stock.install import DEFAULT_FOLDER
from bot.commands.train import ensure_model
from bot.runtime import models, settings

WIDE = 200
"""Columns of the table where no terminal says how many it has."""


@click.command(help="Measure turns, memory, trainings and checks, beside what is wanted; or many cities beside two.")
@click.option("--only", "only", type=click.Choice(KINDS), multiple=True, help="Only this kind; may be given again.")
@click.option("--runs", "count", type=click.IntRange(1), default=1, show_default=True, help="Runs; gives medians.")
@click.option("--beside-rasa", is_flag=True, help="Beside stock Rasa with DIET, installed by uv outside the project.")
@click.option(
    "--stock-folder",
    type=click.Path(file_okay=False, path_type=Path),
    default=DEFAULT_FOLDER,
    show_default=True,
    help="Where stock Rasa is, or is installed: 2.5 GB.",
)
@click.option("--cities", type=int, help="Serve so many cities (at most those in data/cities), and two beside them.")
@click.option("--json", "form", flag_value="json", help="Write JSON.")
@click.option("--markdown", "form", flag_value="markdown", help="Write the table of docs/performance.md.")
def command(
    only: tuple[str, ...], count: int, beside_rasa: bool, stock_folder: Path, cities: int | None, form: str | None
) -> None:
    """Measure in houses of their own, on free ports, with databases that are thrown away."""
    if settings.ROOT in (stock_folder.resolve(), *stock_folder.resolve().parents):
        raise click.BadParameter("stock Rasa stands outside the project", param_hint="--stock-folder")
    machine = this_machine()
    # The result alone goes to standard output.
    console = Console(stderr=True)
    out = Console() if Console().is_terminal else Console(width=WIDE)
    kinds = tuple(kind for kind in KINDS if kind in only) or KINDS
    with tempfile.TemporaryDirectory(prefix="bianmin-bench-") as folder:
        if cities is not None:
            out.print(many_cities.compare(Path(folder), cities, console))
            return
        stock = None
        if beside_rasa and any(kind in runs.OF_STOCK for kind in kinds):
            from bot.bench.stock.server import prepare

            stock = prepare(stock_folder.resolve(), console)
        # Trainings and checks are measured in copies, and need no model of this project.
        needed = any(kind in runs.OF_AN_ASSISTANT for kind in kinds)
        house = ours(ensure_model(console) if needed else models.current_model())
        found = figures(*runs.measure(Path(folder), kinds, count, house, stock, console))
    if form == "json":
        click.echo(report.as_json(found, machine))
    elif form == "markdown":
        click.echo(report.as_markdown(found, machine, _as_written(only, count, beside_rasa)))
    else:
        out.print(report.as_table(found, machine.is_quiet))
        out.print(str(machine), highlight=False)


def _as_written(only: tuple[str, ...], count: int, beside_rasa: bool) -> str:
    """Give the command again, with what decides the figures."""
    options = [*(f"--only {kind}" for kind in only), *([f"--runs {count}"] if count > 1 else [])]
    return " ".join(["python -m bot bench", *options, *(["--beside-rasa"] if beside_rasa else [])])
