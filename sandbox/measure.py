"""`python -m sandbox.measure`: how long the sandbox takes to start, to grow cities, and to be reset."""

from __future__ import annotations

import resource
import subprocess  # noqa: S404  # starts the sandbox itself
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil

from manifests import places, services
from sandbox.clock import utc_now
from sandbox.database import Database
from sandbox.registry import find_services
from sandbox.seeding.grower import Grower
from sandbox.settings import Settings

CITIES = 20
"""So many served cities are grown, where there are so many."""


def main() -> int:
    """Print the figures; the exit status."""
    with tempfile.TemporaryDirectory() as folder:
        for database in ("no database", "one that is there"):
            wall, processor = _start(Path(folder))
            print(f"start to healthy with {database}: {wall:.2f} s, of the processor {processor:.2f} s")
        grow_cities(f"sqlite:///{folder}/grown.db")
    return 0


Seconds = tuple[float, float]
"""By the clock, and of the processor: the same on a machine that has nothing else to do."""


def grow_cities(url: str, tell: Callable[[str], None] = print) -> list[Seconds]:
    """Grow served cities one after another and say how long it took.

    Args:
        url: an empty database.
        tell: where the lines go.

    Returns:
        The seconds of each city.
    """
    database = Database(url)
    found = find_services(services())
    grower = Grower(database, utc_now, places(), found)
    grower.prepare(1)
    seconds: list[Seconds] = []
    for code in places().served()[:CITIES]:
        city = places().city(code)
        if city is not None:
            seconds.append(_timed(lambda city=city: grower.grow_all(city)))  # type: ignore[misc]
            tell(f"{code} {city.name}: {len(city.says.services)} services, {_told(seconds[-1])}")
    tell(f"reset: {_told(_timed(lambda: grower.reset(2)))}")
    tell(f"at most resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")
    database.dispose()
    return seconds


def _timed(work: Callable[[], None]) -> Seconds:
    began, spent = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - spent


def _told(seconds: Seconds) -> str:
    return f"{seconds[0]:.3f} s, of the processor {seconds[1]:.3f} s"


def _start(folder: Path) -> Seconds:
    """Seconds from starting a process to its first healthy answer."""
    settings = Settings.from_environment({"BIANMIN_SANDBOX_PORT": "8699"})
    environment = {
        "BIANMIN_SANDBOX_PORT": str(settings.port),
        "BIANMIN_SANDBOX_DATABASE_URL": f"sqlite:///{folder}/started.db",
    }
    began = time.perf_counter()
    command = [sys.executable, "-m", "sandbox"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)  # noqa: S603  # our own module
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{settings.port}", trust_env=False) as client:
            while process.poll() is None:
                try:
                    client.get("/health").raise_for_status()
                except httpx.HTTPError:
                    time.sleep(0.01)
                else:
                    spent = psutil.Process(process.pid).cpu_times()
                    return time.perf_counter() - began, spent.user + spent.system
        raise RuntimeError(f"the sandbox ended with {process.returncode}")
    finally:
        process.terminate()
        process.wait()


if __name__ == "__main__":
    sys.exit(main())
