"""Fills in a folder of templates, and writes nothing where one of the files is there already."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

FOLDER = Path(__file__).parent
SUFFIX = ".jinja"


class ScaffoldError(ValueError):
    """It cannot be made; the message says why, in Chinese."""


def rendered(kind: str, placeholder: str, name: str, values: Mapping[str, Any]) -> dict[str, str]:
    """The files of a kind, by their path in the project.

    Args:
        kind: the template folder: service, city, connector.
        placeholder: what stands for the name in paths: NAME.
        name: what is made.
        values: what the templates use.
    """
    environment = Environment(  # noqa: S701 – Python and YAML, no HTML
        trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, undefined=StrictUndefined
    )
    files: dict[str, str] = {}
    for template in sorted((FOLDER / kind).rglob(f"*{SUFFIX}")):
        path = template.relative_to(FOLDER / kind).as_posix().removesuffix(SUFFIX).replace(placeholder, name)
        files[path] = environment.from_string(template.read_text(encoding="utf-8")).render(values)
    return files


def write(root: Path, files: Mapping[str, str]) -> None:
    """Write the files, all or none.

    Args:
        root: the project's folder.
        files: by path in the project.

    Raises:
        ScaffoldError: one of them is there.
    """
    there = [path for path in files if (root / path).exists() or (root / path).with_suffix("").is_dir()]
    if there:
        raise ScaffoldError(f"已经有了，不覆盖：{'、'.join(there)}")
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    _tidy([str(root / path) for path in files if path.endswith(".py")])


def _tidy(modules: list[str]) -> None:
    """Order imports and break lines as everywhere here: where they go depends on how long the name is."""
    ruff = Path(sys.executable).with_name("ruff")
    if modules and ruff.is_file():
        for arguments in (["check", "--quiet", "--select", "I", "--fix"], ["format", "--quiet"]):
            subprocess.run([str(ruff), *arguments, *modules], check=False)  # noqa: S603 – the linter of this project


def camel(name: str) -> str:
    """A name as a class bears it: parking_fee is ParkingFee."""
    return "".join(part.capitalize() for part in name.split("_"))
