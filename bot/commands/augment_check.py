"""`python -m bot augment-check`: what is left of understanding when residents mistype, mumble or dictate."""

import asyncio
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.commands.train import ensure_model
from bot.runtime import logs, settings

if TYPE_CHECKING:
    from bot.evaluation.augment import NoisyUtterance


@click.command(help="Measure understanding of noisy variants of the development set, by kind of noise.")
@click.option("--seed", default=1, show_default=True, help="Of the noise: the same seed gives the same texts.")
@click.option(
    "--errors", is_flag=True, help="List every variant whose intent is wrong though the clean one's is right."
)
@click.option("--model", type=click.Path(exists=True, path_type=Path), help="Another model than that for today's data.")
def command(seed: int, errors: bool, model: Path | None) -> None:
    """Measure, print, and store into results/nlu/noise.json."""
    logs.configure(logging.WARNING, sys.stderr)
    logs.quiet_deprecations()
    console = Console()
    asyncio.run(_measure(console, model or ensure_model(console), seed, errors))


async def _measure(console: Console, model: Path, seed: int, errors: bool) -> None:
    from dataclasses import asdict

    from bot.evaluation.augment import as_table, measure_noise
    from bot.evaluation.reading import load_agent
    from bot.evaluation.storage import RESULTS, store_json
    from bot.evaluation.utterances import read_development_set

    development = read_development_set()
    agent = load_agent(model, development.today)
    with console.status("加噪声 / adding noise"):
        figures, read = await measure_noise(agent, development.utterances, seed)
    console.print(as_table(figures))
    if errors:
        _show_errors(console, read)
    path = RESULTS / "noise.json"
    store_json(path, {"seed": seed, "model": model.name, "kinds": [asdict(one) for one in figures]})
    console.print(f"结果 / results: {path.relative_to(settings.ROOT)}", highlight=False)


def _show_errors(console: Console, read: dict[str, list["NoisyUtterance"]]) -> None:
    from bot.evaluation.metrics import counted_as

    table = Table("噪声 / noise", "句子 / utterance", "原文 / clean", "应为 / expected", "得到 / got")
    for kind, rows in read.items():
        for row in rows:
            intent = row.utterance.intent
            if counted_as(intent, row.noisy.intent) != intent == counted_as(intent, row.clean.intent):
                table.add_row(kind, escape(row.text), escape(row.utterance.text), intent, row.noisy.intent)
    console.print(table)
