"""Trains stock Rasa and runs it, with our action server and the sandbox city behind it."""

import os
import subprocess
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
import httpx
import psutil
from rich.console import Console

from bot.bench.house import House, Running, supervisor
from bot.bench.stock.install import install
from bot.bench.stock.project import ACTIONS_SHOWN, ACTIONS_URL, write
from bot.runtime import tied, tokens
from bot.runtime.log_files import last_line
from bot.runtime.settings import HOST
from bot.runtime.supervisor import free_ports

READY_SECONDS = 300.0
STOP_SECONDS = 10.0
MODEL = "stock.tar.gz"


def prepare(folder: Path, console: Console) -> House:
    """Install stock Rasa, write and train its project, where that has not been done for today's data.

    Args:
        folder: for all of it; outside the project.
        console: where it is said how far it is.

    Returns:
        What starts it.

    Raises:
        click.ClickException: something failed; says where its log is.
    """
    python = install(folder, console)
    project, model = folder / "project", folder / "models" / MODEL
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what Rasa says of the data while it reads is not for who measures
        digest = write(project)
    trained = folder / ".trained"
    if not model.is_file() or not trained.is_file() or trained.read_text(encoding="utf-8") != digest:
        console.print("stock Rasa: training, some minutes …", highlight=False)
        started = time.perf_counter()
        _train(python, project, model, folder / "train.log")
        trained.write_text(digest, encoding="utf-8")
        console.print(f"stock Rasa: trained in {time.perf_counter() - started:.0f} s", highlight=False)
    return stock(python, project, model)


def _train(python: Path, project: Path, model: Path, log: Path) -> None:
    arguments = ["train", "--force", "--out", str(model.parent), "--fixed-model-name", model.stem]
    with _process(python, project, arguments, log, {}) as process:
        if process.wait() != 0:
            raise click.ClickException(f"stock Rasa: training failed: {last_line(log)} ({log})")


def stock(python: Path, project: Path, model: Path) -> House:
    """Give the house of stock Rasa: its own server, channel and tracker store; actions and city are ours.

    Args:
        python: the interpreter it is installed for.
        project: its project.
        model: what it serves.
    """

    @contextmanager
    def start(folder: Path) -> Iterator[Running]:
        behind = supervisor(folder, os.environ)
        behind.services = tuple(service for service in behind.services if service.name != "assistant")
        port = free_ports().assistant
        url, log = f"http://{HOST}:{port}", folder / "log" / "stock.log"
        arguments = ["run", "--model", str(model), "--interface", HOST, "--port", str(port)]
        environment = {
            ACTIONS_URL: behind.ports.url("actions") + "/webhook",
            ACTIONS_SHOWN: tokens.secret(tokens.ACTIONS, behind.environment),
        }
        started = time.perf_counter()
        try:
            behind.start()
            with _process(python, project, arguments, log, environment) as process:
                behind.wait_until_ready(READY_SECONDS)
                _wait(url + "/webhooks/rest/", process, log)
                yield Running(url, psutil.Process(process.pid), time.perf_counter() - started)
        finally:
            behind.stop()

    return start


@contextmanager
def _process(
    python: Path, project: Path, arguments: Sequence[str], log: Path, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run Rasa's own command, isolated: nothing of this project is on its import path."""
    command = [str(python), "-I", tied.__file__, str(os.getpid()), "rasa", *arguments]
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "RASA", "BIANMIN"))}
    kept |= {"RASA_TELEMETRY_ENABLED": "false", "SQLALCHEMY_SILENCE_UBER_WARNING": "1", **environment}
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 – Rasa
            command, cwd=project, env=kept, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    """Wait until Rasa's channel answers, which it does once the model is loaded."""
    end = time.monotonic() + READY_SECONDS
    while True:
        try:
            if httpx.get(url, timeout=1.0, trust_env=False).status_code == httpx.codes.OK:
                return
        except httpx.HTTPError:
            pass
        if process.poll() is not None or time.monotonic() > end:
            raise click.ClickException(f"stock Rasa did not start: {last_line(log)} ({log})")
        time.sleep(0.05)
