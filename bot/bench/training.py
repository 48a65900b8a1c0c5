"""What a training costs: the whole of it, and after one edit of each kind, as a command and in a process that is warm."""

import os
from collections.abc import Iterator
from pathlib import Path

from bot.bench.commands import run, spent
from bot.bench.edits import EDITS, copy_project, edited
from bot.bench.rows import Values

AS_COMMAND, WARM = 1, 2
"""Numbers of the edits: other ones for each way, lest one finds in the cache what the other has trained."""


def measure(folder: Path) -> Values:
    """Train in a copy of the project: anew, then after each edit from there.

    Args:
        folder: for the copy; whole, with its cache and models, at the end.
    """
    return dict(_steps(copy_project(folder / "project")))


def _steps(root: Path) -> Iterator[tuple[str, float]]:
    compile_code(root)
    yield "train_whole", run(root, ["bot", "train"])[0]
    for edit in EDITS:
        with edited(root, edit, AS_COMMAND):
            yield f"train_{edit}", run(root, ["bot", "train"])[0]
    _, said = run(root, ["bot.bench.warm", "train", str(WARM)])
    for edit, seconds in spent(said).items():
        yield f"warm_{edit}", seconds


def compile_code(root: Path) -> None:
    """Compile a copy's code, as an installation's is.

    Args:
        root: the copy.
    """
    packages = [entry.name for entry in os.scandir(root) if (root / entry.name / "__init__.py").is_file()]
    run(root, ["compileall", "-q", *packages], allowed=(0, 1))
