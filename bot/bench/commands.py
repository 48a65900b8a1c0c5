"""Runs a command in a copy of the project and says what it cost: CPU seconds, which a busy machine hardly changes."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

SPENT = "@spent "
"""Begins a line by which a warm process tells what something cost."""


def run(root: Path, arguments: Sequence[str], allowed: Sequence[int] = (0,)) -> tuple[float, str]:
    """Run `python -m …` in a project and wait for its end.

    Args:
        root: the project, which need not be this one.
        arguments: after `-m`.
        allowed: exit codes that are no failure.

    Returns:
        CPU seconds, user and system, of the process and all it waited for; and what it wrote.

    Raises:
        click.ClickException: it failed; says its last lines.
    """
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment |= {"PYTHONPATH": str(root), "BIANMIN_MODEL": ""}
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(  # noqa: S603 – our own modules
            [sys.executable, "-m", *arguments],
            cwd=root,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            _, status, usage = os.wait4(process.pid, 0)
        except BaseException:
            process.kill()
            process.wait()
            raise
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        said = output.read().decode("utf-8", "replace")
    if process.returncode not in allowed:
        raise click.ClickException(f"python -m {' '.join(arguments)}: {process.returncode}\n{said[-1000:]}")
    return usage.ru_utime + usage.ru_stime, said


def spent(said: str) -> dict[str, float]:
    """Read what a warm process told, by name.

    Args:
        said: all it wrote.
    """
    lines = [line.removeprefix(SPENT).split() for line in said.splitlines() if line.startswith(SPENT)]
    return {name: float(seconds) for name, seconds in lines}
