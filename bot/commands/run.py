"""`python -m bot run`: trains if need be, starts all processes, and stays with them until Ctrl-C."""

import signal
import time
from types import FrameType

import click
import httpx
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from bot.commands.train import ensure_model
from bot.conversations.errors import ConversationSettingError
from bot.conversations.several import refuse_unshared
from bot.runtime.processes import START_SECONDS
from bot.runtime.samples import things_to_say
from bot.runtime.settings import MOST_ASSISTANTS, Ports, SettingError
from bot.runtime.supervisor import StartError, Supervisor


class Stop(Exception):
    """A signal asked this process to end."""


@click.command(help="Start the assistant, the action server and the sandbox city; Ctrl-C stops them all.")
@click.option(
    "--workers",
    type=click.IntRange(1, MOST_ASSISTANTS),
    default=1,
    show_default=True,
    help="How many assistants, on ports in a row; more than one needs PostgreSQL and Redis.",
)
def command(workers: int) -> None:
    """Run until a signal comes."""
    console = Console()
    try:
        refuse_unshared(workers)
        ports = Ports.from_environment(assistants=workers)
    except (ConversationSettingError, SettingError) as error:
        raise click.ClickException(str(error)) from error
    supervisor = Supervisor(ports=ports, say=lambda line: console.print(line, highlight=False))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _raise_stop)
    try:
        # A port in use is said before a training makes one wait.
        supervisor.refuse_taken_ports()
        supervisor.environment = {**supervisor.environment, "BIANMIN_MODEL": str(ensure_model(console))}
        _start(supervisor, console)
        _greet(supervisor, console)
        while True:
            supervisor.tend()
            time.sleep(0.5)
    except StartError as error:
        raise click.ClickException(str(error)) from error
    except Stop:
        console.print("\n正在停止… / stopping…")
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        supervisor.stop()


def _raise_stop(number: int, frame: FrameType | None) -> None:
    raise Stop


def _start(supervisor: Supervisor, console: Console) -> None:
    columns = (SpinnerColumn(finished_text="[green]✓"), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        supervisor.start()
        tasks = {service.name: progress.add_task(service.name, total=1) for service in supervisor.services}
        supervisor.wait_until_ready(START_SECONDS, on_ready=lambda name: progress.advance(tasks[name]))


def _greet(supervisor: Supervisor, console: Console) -> None:
    pages = "  ".join(f"{supervisor.ports.url(name)}/" for name in supervisor.ports.assistants())
    console.print(f"\n[bold]便民助手 / the page:[/bold] {pages}")
    if supervisor.ports.further:
        console.print("同一位居民跟哪个说都接得上；对外由反向代理分给它们，见 docs/operating.md", highlight=False)
    lines = things_to_say(fetch_samples(supervisor.ports))
    if lines:
        console.print("可以这样说 / things to say:")
        for line in lines:
            console.print(f"  · {line}", highlight=False)
    console.print("日志 / logs: var/log/*.log    Ctrl-C 停止 / stops", highlight=False)


def fetch_samples(ports: Ports) -> object:
    """Ask the sandbox city what can be tried in it; None where it does not say."""
    try:
        answer = httpx.get(ports.url("sandbox") + "/admin/samples", timeout=5.0, trust_env=False)
        answer.raise_for_status()
        return answer.json()
    except (httpx.HTTPError, ValueError):
        return None
