"""Reads each of Rasa's own schemas once in a training, instead of twice for each file that is checked against one.

`rasa.shared.utils.validation.validate_yaml_schema` parses its two schema files, with ruamel.yaml, for every file of
examples, stories and domain: half of what the check costs.
"""

from __future__ import annotations

import copy
from functools import cache
from pathlib import Path
from typing import Any

import rasa
from rasa.shared.utils import io

_rasas = io.read_yaml_file
_PACKAGE = Path(rasa.__file__).resolve().parent


def install() -> None:
    """Put our reader in the place of Rasa's; safe to call again."""
    io.read_yaml_file = read_yaml_file


def read_yaml_file(filename: str | Path, reader_type: str | list[str] = "safe") -> Any:
    """Read a YAML file, as Rasa does; one that is Rasa's own is parsed once, and given as a copy."""
    if reader_type == "safe" and Path(filename).is_relative_to(_PACKAGE):
        return copy.deepcopy(_parsed(str(filename)))
    return _rasas(filename, reader_type)


@cache
def _parsed(filename: str) -> Any:
    return _rasas(filename)
