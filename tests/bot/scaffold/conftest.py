"""A copy of the project for new things to be made in."""

import shutil
from pathlib import Path

import pytest

from manifests.files import ROOT

PARTS = (
    "pyproject.toml",
    "config.yml",
    "domain.yml",
    "credentials.yml",
    "data",
    "actions",
    "bot",
    "city_api",
    "connectors",
    "manifests",
    "sandbox",
    "tests/conftest.py",
    "tests/house.py",
    "tests/actions",
    "tests/sandbox",
    "tests/conversations",
)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, not to be changed."""
    folder = tmp_path_factory.mktemp("project")
    for part in PARTS:
        source, target = ROOT / part, folder / part
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, target)
    return folder


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A copy of the copy."""
    return Path(shutil.copytree(original, tmp_path / "project"))
