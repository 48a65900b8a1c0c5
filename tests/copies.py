"""Copies of parts of the project, for tests that change them."""

import shutil
from collections.abc import Iterable
from pathlib import Path

from manifests.files import ROOT


def copy_parts(parts: Iterable[str], folder: Path, *left_out: str) -> Path:
    """Copy files and folders of the project to the same places in another folder.

    Args:
        parts: relative to the project.
        folder: where to.
        left_out: patterns of names that stay behind, besides byte code.
    """
    for part in parts:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", *left_out))
        else:
            shutil.copy(source, target)
    return folder
