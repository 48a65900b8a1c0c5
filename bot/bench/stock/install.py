"""Installs stock Rasa with TensorFlow into a folder of its own, 2.5 GB, once."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import which

import click
from rich.console import Console

DEFAULT_FOLDER = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "bianmin" / "stock-rasa"

PINS = ("rasa==3.6.21", "jieba==0.42.1", "setuptools<81")
"""Rasa as it comes; JiebaTokenizer's jieba, which Rasa leaves to the installer; `pkg_resources`, which Rasa still imports."""


def python_of(folder: Path) -> Path:
    """Give the interpreter of an installation."""
    return folder / "venv" / "bin" / "python"


def install(folder: Path, console: Console) -> Path:
    """Install, where it has not been done yet.

    Args:
        folder: where; outside the project.
        console: where it is said how far it is; uv writes its own progress to the terminal.

    Returns:
        The interpreter.

    Raises:
        click.ClickException: uv failed.
    """
    python, done = python_of(folder), folder / ".installed"
    wanted = "\n".join(PINS)
    if done.is_file() and done.read_text(encoding="utf-8") == wanted:
        console.print(f"stock Rasa: {folder}, as installed before", highlight=False)
        return python
    console.print(f"stock Rasa: installing with TensorFlow into {folder}, 2.5 GB, some minutes …", highlight=False)
    folder.mkdir(parents=True, exist_ok=True)
    _uv("venv", "--allow-existing", "--python", sys.executable, str(folder / "venv"))
    # Byte code now, lest its first start is measured with the compiling in it.
    _uv("pip", "install", "--compile-bytecode", "--python", str(python), *PINS)
    done.write_text(wanted, encoding="utf-8")
    return python


def _uv(*arguments: str) -> None:
    beside = Path(sys.executable).with_name("uv")
    uv = str(beside) if beside.is_file() else which("uv")
    if uv is None:
        raise click.ClickException("uv is missing: make setup")
    if subprocess.run([uv, *arguments], stdout=sys.stderr, check=False).returncode != 0:  # noqa: S603
        raise click.ClickException(f"uv {' '.join(arguments[:2])} failed / 安装失败")
