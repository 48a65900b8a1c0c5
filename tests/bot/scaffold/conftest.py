"""A copy of the project for new things to be made in."""

import shutil
from pathlib import Path

import pytest

from tests.copies import copy_parts

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
    "serving",
    "tests/conftest.py",
    "tests/copies.py",
    "tests/house.py",
    "tests/conversations_kept.py",
    "tests/actions",
    "tests/sandbox",
    "tests/conversations",
)


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The copy, not to be changed."""
    return copy_parts(PARTS, tmp_path_factory.mktemp("project"))


@pytest.fixture
def copy(original: Path, tmp_path: Path) -> Path:
    """A copy of the copy."""
    return Path(shutil.copytree(original, tmp_path / "project"))
