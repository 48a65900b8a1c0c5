"""Which processes a house has, how each is run and asked, and how one stands."""

import subprocess
import time
from dataclasses import dataclass, field

from bot.runtime.settings import Ports

START_SECONDS = 90.0
"""What a process has until its first answer; 8 are usual, more on a machine that is busy."""


@dataclass(frozen=True)
class Service:
    """One of the processes.

    Args:
        name: as in `Ports`, and of its log file.
        module: what `python -m` runs.
        health_path: answers 200 once the process can do its work.
        alive_path: answers anything as long as the process is alive. Not `health_path`, which says also whether databases
            answer: an assistant killed because its database is down would only be missing when the database is back.
    """

    name: str
    module: str
    health_path: str
    alive_path: str

    @property
    def kind(self) -> str:
        """The name without a number: all assistants are of one kind."""
        return self.name.partition("-")[0]


@dataclass
class Child:
    """A process of a service, as it runs now. Moments are of the monotonic clock, in seconds.

    Attributes:
        started: when.
        looked: when it was last asked whether it answers.
        answered: whether it ever did.
        misses: how often in a row it did not.
        deaths: in a row, each soon after its start.
        restart_at: when it is to be started again, where it has died.
    """

    service: Service
    process: subprocess.Popen[bytes]
    started: float = field(default_factory=time.monotonic)
    looked: float = 0.0
    answered: bool = False
    misses: int = 0
    deaths: int = 0
    restart_at: float | None = None


def services_of(ports: Ports) -> tuple[Service, ...]:
    """Give the processes of a house: the sandbox city, the action server, and an assistant for each port of one."""
    return (
        Service("sandbox", "sandbox", "/health", "/health"),
        Service("actions", "actions", "/health", "/alive"),
        *(Service(name, "bot.runtime.assistant", "/status", "/version") for name in ports.assistants()),
    )
