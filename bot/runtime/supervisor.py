"""Runs the processes together: starts them, waits until they answer, restarts what dies or falls silent, stops them.

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

from bot.runtime import settings, tokens
from bot.runtime.log_files import LARGEST_LOG_BYTES, last_line, open_log, set_aside
from bot.runtime.processes import START_SECONDS, Child, Service, services_of
from bot.runtime.settings import HOST, Ports

STOP_SECONDS = 6.0
"""Seconds a process has to end after SIGTERM before it is killed."""

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 30.0
"""Seconds before a process that died is started again: doubled each time."""

STEADY_SECONDS = 60.0
"""A process that ran this long starts anew with the first pause."""


class StartError(RuntimeError):
    """The processes did not come up; the message is one line for the person at the terminal."""


LOOK_SECONDS = 5.0
"""Between two looks whether a process answers at all."""

LOOK_ANSWER_SECONDS = 1.0

MOST_MISSES = 6
"""A process that did not answer so many looks in a row is killed, and started again like one that died."""


@dataclass
class Supervisor:
    """Starts and stops the services of one house.

    Args:
        ports: where they listen.
        environment: what they see; the ports are added.
        log_folder: one `<name>.log` a service, appended to and set aside when it has grown large.
        say: called with a line when a process dies or is started again.
        services: which processes; all that have a port by default.
        largest_log: bytes of a log file before it is set aside.
    """

    ports: Ports
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    log_folder: Path = settings.ROOT / settings.LOG_FOLDER
    say: Callable[[str], None] = print
    services: tuple[Service, ...] = ()
    largest_log: int = LARGEST_LOG_BYTES
    children: dict[str, Child] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take all processes where none are named."""
        self.services = self.services or services_of(self.ports)

    def refuse_taken_ports(self) -> None:
        """Check that no other program listens on our ports.

        Raises:
            StartError: one is taken; says which, and the variable that changes it.
        """
        for service in self.services:
            port = self.ports.of(service.name)
            if is_taken(port):
                variable = Ports.VARIABLES[service.kind]
                raise StartError(
                    f"端口 {port}（{service.name}）已被占用，可用环境变量 {variable} 换一个 / "
                    f"port {port} ({service.name}) is in use; set {variable} to another"
                )

    def start(self) -> None:
        """Start all services.

        Raises:
            StartError: a port is taken, or what they show each other cannot be used.
        """
        self.refuse_taken_ports()
        try:
            token = tokens.secret(tokens.ACTIONS, self.environment)
        except settings.SettingError as error:
            raise StartError(str(error)) from error
        self.environment = {**self.environment, tokens.ACTIONS: token}
        self.log_folder.mkdir(parents=True, exist_ok=True)
        for service in self.services:
            set_aside(self.log_path(service.name), self.largest_log)
            self.children[service.name] = Child(service, self._spawn(service))

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
        """Start again what died, after a pause that grows, end what has fallen silent, and keep the logs small.

        Call it every second or so.
        """
        for name in self.children:
            set_aside(self.log_path(name), self.largest_log)
        with httpx.Client(timeout=LOOK_ANSWER_SECONDS, trust_env=False) as client:
            for child in list(self.children.values()):
                now = time.monotonic()
                if child.restart_at is not None:
                    if now >= child.restart_at:
                        self._restart(child)
                elif child.process.poll() is not None:
                    self._mourn(child, now)
                elif now - child.looked > LOOK_SECONDS:
                    self._look(child, client)

    def restart(self, name: str) -> None:
        """Stop one service and start it again."""
        self.stop([name])
        child = self.children[name]
        self.children[name] = Child(child.service, self._spawn(child.service))

    def kill(self, name: str) -> None:
        """End one service at once, as a crash would (SIGKILL to its process group)."""
        process = self.children[name].process
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def stop(self, names: Iterable[str] | None = None) -> None:
        """Stop services (all by default): SIGTERM to their process groups, SIGKILL to what is left after a while.

        The assistants first, while those whom they call still answer: what a turn has begun it can end.
        """
        children = [self.children[name] for name in names or self.children]
        for kind in reversed([*dict.fromkeys(service.kind for service in self.services)]):
            self._stop([child.process for child in children if child.service.kind == kind])

    @staticmethod
    def _stop(processes: list[subprocess.Popen[bytes]]) -> None:
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

    def child_environment(self, name: str = settings.ASSISTANT) -> dict[str, str]:
        """Give the variables that a process sees: ours, and the ports; as an assistant's port, its own."""
        environment = dict(self.environment)
        environment.update({variable: str(self.ports.of(kind)) for kind, variable in Ports.VARIABLES.items()})
        if name in self.ports.assistants():
            environment[Ports.VARIABLES[settings.ASSISTANT]] = str(self.ports.of(name))
        # The city is the sandbox, at whatever port, unless another one was named.
        environment.setdefault("BIANMIN_CITY_API_URL", self.ports.url("sandbox"))
        # Byte code not written means every start compiles Rasa anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONUNBUFFERED"] = "1"
        return environment

    def _spawn(self, service: Service) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "bot.runtime.tied", str(os.getpid()), service.module]
        with open_log(self.log_path(service.name)) as log:
            return subprocess.Popen(  # noqa: S603 – our own modules
                command,
                cwd=settings.ROOT,
                env=self.child_environment(service.name),
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

    def _look(self, child: Child, client: httpx.Client) -> None:
        child.looked = time.monotonic()
        try:
            client.get(self.ports.url(child.service.name) + child.service.alive_path)
        except httpx.HTTPError:
            starting = not child.answered and child.looked - child.started < START_SECONDS
            child.misses += 0 if starting else 1
        else:
            child.answered, child.misses = True, 0
        if child.misses >= MOST_MISSES:
            name = child.service.name
            self.say(f"{name} 没有应答，强制结束 / does not answer, killed, see {name}.log")
            self.kill(name)

    def _restart(self, child: Child) -> None:
        self.children[child.service.name] = Child(child.service, self._spawn(child.service), deaths=child.deaths)
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


def free_ports(assistants: int = 1) -> Ports:
    """Find ports that nobody listens on now, for a test or a benchmark."""
    probes = [socket.socket() for _ in range(len(Ports.VARIABLES) + assistants - 1)]
    try:
        for probe in probes:
            probe.bind((HOST, 0))
        numbers = [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()
    named = dict(zip(Ports.VARIABLES, numbers, strict=False))
    return Ports(**named, further=tuple(numbers[len(named) :]))


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        process.poll()
