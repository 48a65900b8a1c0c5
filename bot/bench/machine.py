"""On which machine, when, and how busy it was before anything was measured."""

import os
import platform
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

import psutil

from bot.bench.rows import QUIET_LOAD


@dataclass(frozen=True)
class Machine:
    """What a reader needs to compare figures.

    Args:
        cpu: the processor's name.
        cores: how many of them this process may use.
        memory_gb: the machine's memory, in GiB.
        python: the interpreter's version.
        date: the day, as ISO 8601 has it.
        load: load averages over 1, 5 and 15 minutes, before the first measure.
    """

    cpu: str
    cores: int
    memory_gb: float
    python: str
    date: str
    load: tuple[float, float, float]

    @property
    def is_quiet(self) -> bool:
        """Whether there was nothing else to do."""
        return self.load[0] <= QUIET_LOAD

    def __str__(self) -> str:
        busy = "quiet" if self.is_quiet else "busy"
        load = " ".join(f"{one:.2f}" for one in self.load)
        return (
            f"{self.cpu}, {self.cores} cores, {self.memory_gb:.0f} GiB, Python {self.python}; {self.date}, "
            f"load before {load} ({busy})"
        )

    def as_dict(self) -> dict[str, object]:
        """For JSON."""
        return {**asdict(self), "quiet": self.is_quiet}


def this_machine() -> Machine:
    """Look at this machine now."""
    return Machine(
        cpu=_cpu_name(),
        cores=len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1,
        memory_gb=psutil.virtual_memory().total / 2**30,
        python=platform.python_version(),
        date=datetime.now().astimezone().date().isoformat(),
        load=os.getloadavg(),
    )


def _cpu_name(file: Path = Path("/proc/cpuinfo")) -> str:
    if file.is_file():
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
