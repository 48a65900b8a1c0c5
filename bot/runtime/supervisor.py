"""Runs the three processes together: starts them, waits until they answer, restarts what dies, stops all of them.

Used by `python -m bot run`, by the benchmark and by the end-to-end tests.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from bot.runtime import settings
from bot.runtime.settings import HOST, Ports

STOP_SECONDS = 6.0
"""Seconds a process has to end after SIGTERM before it is killed."""

LARGEST_LOG_BYTES = 20 * 2**20

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a process that died is started again: doubled each time."""

STEADY_SECONDS = 60.0
"""A process that ran this long starts anew with the first pause."""


class StartError(RuntimeError):
    """The processes did not come up; the message is one line for the person at the terminal."""


@dataclass(frozen=True)
class Service:
    """One of the three processes.

    Args:
        name: as in `Ports`, and of its log file.
        module: what `python -m` runs.
        health_path: answers 200 once the process can do its work.
    """

    name: str
    module: str
    health_path: str


SERVICES = (
    Service("sandbox", "sandbox", "/health"),
    Service("actions", "actions", "/health"),
    Service("assistant", "bot.runtime.assistant", "/status"),
)


@dataclass
class Child:
    """A process of a service, as it runs now."""

    service: Service
    process: subprocess.Popen[bytes]
    started: float
    deaths: int = 0
    restart_at: float | None = None


@dataclass
class Supervisor:
    """Starts and stops the services of one house.

    Args:
        ports: where they listen.
        environment: what they see; the ports are added.
        log_folder: one `<name>.log` a service, appended to.
        say: called with a line when a process dies or is started again.
        services: which processes; all three by default.
    """

    ports: Ports
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log_folder: Path = settings.ROOT / settings.LOG_FOLDER
    say: Callable[[str], None] = print
    services: tuple[Service, ...] = SERVICES
    children: dict[str, Child] = field(default_factory=dict)

    def refuse_taken_ports(self) -> None:
        """Check that no other program listens on our ports.

        Raises:
            StartError: one is taken; says which, and the variable that changes it.
        """
        for service in self.services:
            port = getattr(self.ports, service.name)
            if is_taken(port):
                variable = Ports.VARIABLES[service.name]
                raise StartError(
                    f"端口 {port}（{service.name}）已被占用，可用环境变量 {variable} 换一个 / "
                    f"port {port} ({service.name}) is in use; set {variable} to another"
                )

    def start(self) -> None:
        """Start all services.

        Raises:
            StartError: a port is taken.
        """
        self.refuse_taken_ports()
        self.log_folder.mkdir(parents=True, exist_ok=True)
        for service in self.services:
            set_aside(self.log_path(service.name))
            self.children[service.name] = Child(service, self._spawn(service), time.monotonic())

    def wait_until_ready(self, seconds: float, on_ready: Callable[[str], None] = lambda name: None) -> None:
        """Wait until every service answers its health check.

        Args:
            seconds: how long at most.
            on_ready: called with the name of each service once it answers.

        Raises:
            StartError: one ended, or did not answer in time; says where its log is.
        """
        end = time.monotonic() + seconds
        waiting = list(self.services)
        with httpx.Client(timeout=1.0, trust_env=False) as client:
            while waiting:
                for service in list(waiting):
                    self._refuse_dead(service)
                    if self._answers(client, service):
                        waiting.remove(service)
                        on_ready(service.name)
                if waiting and time.monotonic() > end:
                    raise StartError(self._not_up(waiting[0], f"{seconds:.0f} 秒内没有就绪 / is not ready"))
                time.sleep(0.05)

    def tend(self) -> None:
        """Start again what died, after a pause that grows; call it every second or so."""
        now = time.monotonic()
        for child in self.children.values():
            if child.restart_at is not None:
                if now >= child.restart_at:
                    self._restart(child)
            elif child.process.poll() is not None:
                self._mourn(child, now)

    def restart(self, name: str) -> None:
        """Stop one service and start it again."""
        self.stop([name])
        child = self.children[name]
        self.children[name] = Child(child.service, self._spawn(child.service), time.monotonic())

    def kill(self, name: str) -> None:
        """End one service at once, as a crash would (SIGKILL to its process group)."""
        process = self.children[name].process
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def stop(self, names: Iterable[str] | None = None) -> None:
        """Stop services (all by default): SIGTERM to their process groups, SIGKILL to what is left after a while."""
        processes = [self.children[name].process for name in names or self.children]
        for process in processes:
            _signal_group(process, signal.SIGTERM)
        end = time.monotonic() + STOP_SECONDS
        for process in processes:
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()

    def log_path(self, name: str) -> Path:
        """Give the log file of one service."""
        return self.log_folder / f"{name}.log"

    def child_environment(self) -> dict[str, str]:
        """Give the variables that the processes see: ours, and the ports."""
        environment = dict(self.environment)
        environment.update({variable: str(getattr(self.ports, name)) for name, variable in Ports.VARIABLES.items()})
        # The city is the sandbox, at whatever port, unless another one was named.
        environment.setdefault("BIANMIN_CITY_API_URL", self.ports.url("sandbox"))
        # Byte code not written means every start compiles Rasa anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONUNBUFFERED"] = "1"
        return environment

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bot.runtime.tied", str(os.getpid()), service.module]
        with self.log_path(service.name).open("ab") as log:
            return subprocess.Popen(  # noqa: S603 – our own modules
                command,
                cwd=settings.ROOT,
                env=self.child_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _mourn(self, child: Child, now: float) -> None:
        if now - child.started > STEADY_SECONDS:
            child.deaths = 0
        pause = min(FIRST_PAUSE * 2**child.deaths, LONGEST_PAUSE)
        child.deaths += 1
        child.restart_at = now + pause
        self.say(
            f"{child.service.name} 意外退出（{child.process.returncode}），{pause:.0f} 秒后重启 / "
            f"ended, starting again in {pause:.0f} s, see {child.service.name}.log"
        )

    def _restart(self, child: Child) -> None:
        child.process = self._spawn(child.service)
        child.started = time.monotonic()
        child.restart_at = None
        self.say(f"{child.service.name} 已重启 / started again")

    def _refuse_dead(self, service: Service) -> None:
        code = self.children[service.name].process.poll()
        if code is not None:
            raise StartError(self._not_up(service, f"启动失败（{code}） / ended at the start"))

    def _not_up(self, service: Service, what: str) -> str:
        return f"{service.name} {what}: {last_line(self.log_path(service.name))} — {self.log_path(service.name)}"

    def _answers(self, client: httpx.Client, service: Service) -> bool:
        try:
            return client.get(self.ports.url(service.name) + service.health_path).status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


def is_taken(port: int) -> bool:
    """Tell whether another program listens on a loopback port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


def free_ports() -> Ports:
    """Find three ports that nobody listens on now, for a test or a benchmark."""
    probes = [socket.socket() for _ in SERVICES]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        numbers = [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
    return Ports(**dict(zip(Ports.VARIABLES, numbers, strict=True)))


def set_aside(log: Path, limit: int = LARGEST_LOG_BYTES) -> None:
    """Rename a log file that has grown large to `<name>.log.1`, over the one before; the next start writes a new one."""
    if log.is_file() and log.stat().st_size > limit:
        log.replace(log.with_name(log.name + ".1"))


def last_line(path: Path) -> str:
    """Give the last line with something in it, of a log file, cut to what a terminal shows."""
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines() if path.is_file() else []
    return next((line.strip()[:300] for line in reversed(lines) if line.strip()), "")


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        process.poll()
