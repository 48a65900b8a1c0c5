"""An assistant that runs to be measured: ours, with the action server and the sandbox city, on databases thrown away."""

import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil

from bot.runtime.processes import START_SECONDS
from bot.runtime.supervisor import Supervisor, free_ports
from manifests import places


@dataclass(frozen=True)
class Running:
    """An assistant that answers.

    Args:
        url: its address.
        process: its process.
        seconds_to_ready: from the start of all processes until all answered.
    """

    url: str
    process: psutil.Process
    seconds_to_ready: float

    @property
    def megabytes(self) -> float:
        """The assistant's resident memory now, in MiB."""
        return float(self.process.memory_info().rss / 2**20)


House = Callable[[Path], AbstractContextManager[Running]]
"""Starts an assistant with its databases and logs in a folder, and stops it at the end."""


def ours(model: Path, environment: Mapping[str, str] = os.environ) -> House:
    """Give our own house.

    Args:
        model: what the assistant serves.
        environment: what its processes see besides.
    """

    @contextmanager
    def start(folder: Path) -> Iterator[Running]:
        house = supervisor(folder, {**environment, "BIANMIN_MODEL": str(model)})
        started = time.perf_counter()
        try:
            house.start()
            house.wait_until_ready(START_SECONDS)
            seconds = time.perf_counter() - started
            process = psutil.Process(house.children["assistant"].process.pid)
            yield Running(house.ports.url("assistant"), process, seconds)
        finally:
            house.stop()

    return start


def supervisor(folder: Path, environment: Mapping[str, str]) -> Supervisor:
    """Make the supervisor of processes on free ports, with databases and logs of their own.

    Args:
        folder: for both; made where it does not stand.
        environment: what the processes see besides.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = {
        "BIANMIN_DEFAULT_CITY": places().served()[0],
        **environment,
        # What is measured says more in a minute than residents do.
        "BIANMIN_LIMITS": "off",
        "DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "BIANMIN_SANDBOX_DATABASE_URL": f"sqlite:///{folder}/sandbox.db",
        "BIANMIN_CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.db",
    }
    return Supervisor(ports=free_ports(), environment=environment, log_folder=folder / "log")
