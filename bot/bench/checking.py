"""What `check` costs: as a command, and in a process that has checked before, after an edit."""

from pathlib import Path

from bot.bench.commands import run, spent
from bot.bench.edits import copy_project
from bot.bench.rows import Values
from bot.bench.training import WARM, compile_code


def measure(folder: Path) -> Values:
    """Check a copy of the project.

    Args:
        folder: for the copy.

    Returns:
        Of the three edits in the warm process, the dearest.
    """
    root = copy_project(folder / "project")
    compile_code(root)
    seconds, _ = run(root, ["bot", "check"])
    _, said = run(root, ["bot.bench.warm", "check", str(WARM)])
    return {"check_command": seconds, "check_warm": max(spent(said).values())}
