"""`python -m bot test nlu`: how well the model understands, on the development set and by cross-validation."""

import asyncio
import logging
import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from bot.commands.train import ensure_model
from bot.runtime import logs, settings

if TYPE_CHECKING:
    from bot.evaluation.evaluation import Evaluation


@click.command(help="Measure understanding; ends with 1 where the development set falls under what it must reach.")
@click.option("--folds", default=5, show_default=True, help="Folds of the cross-validation; 0 leaves it out.")
@click.option("--errors", is_flag=True, help="List every utterance that was understood wrongly.")
@click.option("--compare", is_flag=True, help="Compare classifiers and features instead, without a trained model.")
@click.option("--model", type=click.Path(exists=True, path_type=Path), help="Another model than that for today's data.")
def command(folds: int, errors: bool, compare: bool, model: Path | None) -> None:
    """Measure, print, and store into results/nlu."""
    logs.configure(logging.WARNING, sys.stderr)
    logs.quiet_deprecations()
    console = Console()
    if compare:
        _compare(console, folds or 5)
        return
    sys.exit(_measure(console, model or ensure_model(console), folds, errors))


def _measure(console: Console, model: Path, folds: int, errors: bool) -> int:
    from bot.evaluation.evaluation import shortfalls
    from bot.evaluation.report import show, summary_table
    from bot.evaluation.storage import store

    evaluations = asyncio.run(measure_held_out_sets(model))
    development, other = evaluations["development"], evaluations["other_hand"]
    show(console, "开发集 / development set", development, errors)
    console.print(summary_table("其中不在训练数据里 / not in data/nlu", evaluations["development_unseen"]))
    show(console, "另一人写的集 / set by another hand", other, errors)
    if folds:
        with console.status("交叉验证 / cross-validation"):
            evaluations["cross_validation"] = measure_training_data(folds)
        show(console, f"{folds} 折交叉验证 / {folds}-fold", evaluations["cross_validation"], errors)
    page = store(evaluations, {"模型": model.name, "机器": machine()})
    console.print(f"结果 / results: {page.relative_to(settings.ROOT)}", highlight=False)
    short = [*shortfalls(development), *shortfalls(other)]
    for line in short:
        console.print(f"[red]✗[/] 未达标 / falls short: {line}", highlight=False)
    return int(bool(short))


async def measure_held_out_sets(model: Path) -> "dict[str, Evaluation]":
    """Read the development set and the other set with a model, each on the day it was written for.

    Args:
        model: file of the model.

    Returns:
        `development`: the whole set. `development_unseen`: those that do not stand in data/nlu as they are. `other_hand`: the
        set by another hand.
    """
    from bot.evaluation.copies import copied
    from bot.evaluation.cross_validation import read_examples, read_questions
    from bot.evaluation.evaluation import evaluate
    from bot.evaluation.reading import load_agent, read_all
    from bot.evaluation.utterances import OTHER_HAND_SET, read_development_set

    other = read_development_set(OTHER_HAND_SET)
    other_readings = await read_all(load_agent(model, other.today), [one.text for one in other.utterances])
    development = read_development_set()
    agent = load_agent(model, development.today)
    texts = [one.text for one in development.utterances]
    readings = await read_all(agent, texts)
    seen = copied(texts, [one.text for one in (*read_examples(), *read_questions())])
    unseen = [index for index, is_copy in enumerate(seen) if not is_copy]
    return {
        "other_hand": evaluate(other.utterances, other_readings),
        "development": evaluate(development.utterances, readings),
        "development_unseen": evaluate(
            [development.utterances[index] for index in unseen], [readings[index] for index in unseen]
        ),
    }


def measure_training_data(folds: int) -> "Evaluation":
    """Cross-validate the intents of data/nlu."""
    from bot.evaluation.cross_validation import cross_validate, read_examples
    from bot.evaluation.evaluation import evaluate

    examples = read_examples()
    return evaluate(examples, cross_validate(examples, folds), intents_only=True)


def _compare(console: Console, folds: int) -> None:
    from dataclasses import asdict

    from bot.evaluation.compare import as_table, compare
    from bot.evaluation.storage import RESULTS, store_json

    with console.status("比较 / comparing") as status:
        compared = [*compare(folds, lambda name: status.update(f"比较 / comparing: {name}"))]
    console.print(as_table(compared, folds))
    path = RESULTS / "comparison.json"
    store_json(path, {"about": {"机器": machine()}, "folds": folds, "variants": [asdict(one) for one in compared]})
    console.print(f"结果 / results: {path.relative_to(settings.ROOT)}", highlight=False)


def machine() -> str:
    """Say what this ran on."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
