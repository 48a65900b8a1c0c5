"""The model's name follows what goes into it; old ones are cleared away."""

import os
from pathlib import Path

import pytest

from bot.runtime import models


@pytest.fixture
def project(tmp_path: Path) -> Path:
    names = ("config.yml", "domain.yml", "data/nlu/a.yml", "data/services/a.yml", "data/cities/330100.yml")
    for name in (*names, "bot/nlu/tokenizer.py", "bot/runtime/logs.py", "manifests/service.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "changed",
    [
        "config.yml",
        "data/nlu/a.yml",
        "data/nlu/new.yml",
        "data/cities/330100.yml",
        "bot/nlu/tokenizer.py",
        "manifests/service.py",
    ],
)
def test_what_is_trained_on_changes_the_fingerprint(project: Path, changed: str) -> None:
    before = models.fingerprint(root=project)
    (project / changed).write_text("changed", encoding="utf-8")
    assert models.fingerprint(root=project) != before


@pytest.mark.parametrize(
    "changed", ["bot/runtime/logs.py", "data/nlu/.a.yml.swp", "bot/nlu/__pycache__/x.pyc", "README.md"]
)
def test_what_is_not_trained_on_leaves_it(project: Path, changed: str) -> None:
    before = models.fingerprint(root=project)
    (project / changed).parent.mkdir(exist_ok=True)
    (project / changed).write_text("changed", encoding="utf-8")
    assert models.fingerprint(root=project) == before


def test_a_renamed_file_and_moved_text_change_it(project: Path) -> None:
    before = models.fingerprint(root=project)
    (project / "data/nlu/a.yml").rename(project / "data/nlu/b.yml")
    renamed = models.fingerprint(root=project)
    assert renamed != before


@pytest.mark.parametrize("changed", ["bot/nlu/tokenizer.py", "data/services/a.yml", "manifests/service.py"])
def test_a_cache_belongs_to_one_state_of_the_components(project: Path, changed: str) -> None:
    first = models.cache_folder(project)
    first.mkdir(parents=True)
    for name in ("data/nlu/a.yml", "data/cities/330100.yml"):
        (project / name).write_text("more", encoding="utf-8")
        assert models.cache_folder(project) == first
    assert first.is_dir()
    (project / changed).write_text("changed", encoding="utf-8")
    assert models.cache_folder(project) != first
    assert not first.exists()


def test_old_models_of_ours_are_deleted(tmp_path: Path) -> None:
    names = [f"{models.PREFIX}{number}.tar.gz" for number in range(7)]
    for age, name in enumerate(names):
        (tmp_path / name).touch()
        os.utime(tmp_path / name, (1000 - age, 1000 - age))
    (tmp_path / "20260101-hers.tar.gz").touch()
    os.utime(tmp_path / "20260101-hers.tar.gz", (1, 1))
    models.delete_old_models(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([*names[:5], "20260101-hers.tar.gz"])
