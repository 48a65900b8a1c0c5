"""`python -m bot train`: trains where there is no model for the data as it stands, with a progress bar."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

import click
from filelock import FileLock, Timeout
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.runtime import gate, models, settings
from bot.runtime.training import ERROR, STEP

LOG = settings.ROOT / settings.LOG_FOLDER / "train.log"
LOCK = settings.ROOT / "var" / "train.lock"


class TrainingError(click.ClickException):
    """The training failed; the message says why, in a line or two."""


@click.command(help="Train a model, where there is none for the data as it stands.")
@click.option("--force", is_flag=True, help="Train everything anew, without Rasa's cache.")
def command(force: bool) -> None:
    """Train, and say where the model is."""
    console = Console()
    model = ensure_model(console, force=force)
    console.print(f"模型 / model: {model.relative_to(settings.ROOT)}", highlight=False)


def ensure_model(console: Console, force: bool = False) -> Path:
    """Give the model for the data as it stands, trained if need be; one training at a time on this machine.

    Raises:
        TrainingError: the data has a mistake, or the training process ended otherwise.
    """
    LOCK.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        console.print("另一个训练正在进行，等它结束… / another training is running, waiting…")
        lock.acquire()
    try:
        model = models.current_model()
        if force or not model.is_file():
            train(model, console, force=force)
            models.delete_old_models(model.parent)
        elif not gate.is_clean(settings.ROOT):
            # Trained, and since then something else was edited: code that speaks, a city, a check.
            check(console)
        return model
    finally:
        lock.release()


def check(console: Console) -> None:
    """Run `bot check`, in a process of its own, and say what it says where something is wrong.

    Raises:
        TrainingError: something is wrong with the data.
    """
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check"],
        cwd=settings.ROOT,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    if done.returncode != 0:
        *findings, summary = done.stdout.splitlines() or [done.stderr.strip()]
        refuse(findings or [summary], console)


def refuse(findings: list[str], console: Console) -> NoReturn:
    """Say what is wrong with the data, as `bot check` does, and that there is no model for it.

    Raises:
        TrainingError: always.
    """
    for finding in findings:
        console.print(finding, soft_wrap=True, markup=False, highlight=False)
    raise TrainingError(f"{len(findings)} 处问题，没有训练。改好以后再训练；只想再查一遍，用 python -m bot check")


def train(output: Path, console: Console, force: bool = False, environment: Mapping[str, str] = os.environ) -> None:
    """Run one training process and show how far it is.

    Args:
        output: the model file to write.
        console: where to draw.
        force: without Rasa's cache.
        environment: what the process sees.

    Raises:
        TrainingError: it failed; the rest is in var/log/train.log.
    """
    output.parent.mkdir(parents=True, exist_ok=True)
    LOG.parent.mkdir(parents=True, exist_ok=True)
    message, findings = "", []
    with _progress(console) as progress, LOG.open("a", encoding="utf-8") as log:
        task = progress.add_task("准备训练 / starting", total=None)
        with _spawn(output, force, environment) as process:
            for line in process.stdout or ():
                if line.startswith(STEP):
                    step = json.loads(line.removeprefix(STEP))
                    progress.update(task, completed=step["done"], total=step["total"], description=step["name"])
                elif line.startswith(ERROR):
                    told = json.loads(line.removeprefix(ERROR))
                    message, findings = told.get("message", ""), told.get("findings", [])
                else:
                    log.write(line)
        progress.update(task, description="训练 / training")
    if findings:
        refuse(findings, console)
    if process.returncode != 0:
        raise TrainingError(f"训练失败 / training failed: {message or f'exit code {process.returncode}'} ({LOG})")


def _spawn(output: Path, force: bool, environment: Mapping[str, str]) -> subprocess.Popen[str]:
    command_line = [sys.executable, "-m", "bot.runtime.tied", str(os.getpid()), "bot.runtime.training"]
    command_line += ["--output", str(output), *(["--force"] if force else [])]
    return subprocess.Popen(  # noqa: S603 – our own module
        command_line,
        cwd=settings.ROOT,
        env={name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
    )
