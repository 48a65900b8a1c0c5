"""The three edits: each changes one file, of a copy only, to data that can still be used; and it is put back."""

from pathlib import Path

import pytest

from bot.bench.edits import EDITS, copy_project, edited
from bot.checks import Checker
from bot.dialogue.importer import ServiceImporter
from bot.runtime.settings import ROOT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copy_project(tmp_path_factory.mktemp("bench") / "project")


def contents(root: Path) -> dict[str, bytes]:
    """The files of a project that edits could touch."""
    files = [root / "domain.yml", root / "config.yml", *(root / "data").rglob("*.yml")]
    return {file.relative_to(root).as_posix(): file.read_bytes() for file in files}


def read(root: Path) -> tuple[dict[str, object], list[str], list[str]]:
    """Responses, examples and rules, as training reads them."""
    importer = ServiceImporter(str(root / "config.yml"), str(root / "domain.yml"), [str(root / "data")])
    examples = [f"{one.get('intent')} {one.get('text')}" for one in importer.get_nlu_data().training_examples]
    rules = [step.block_name for step in importer.get_stories().story_steps]
    return importer.get_domain().responses, examples, rules


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_changes_one_file_of_the_copy_and_goes_again(copy: Path, edit: str) -> None:
    ours, before = contents(ROOT), contents(copy)
    assert before == ours
    with edited(copy, edit, 7) as file:
        after = contents(copy)
        changed = [name for name in after if after[name] != before[name]]
        assert changed == [file.relative_to(copy).as_posix()]
        assert contents(ROOT) == ours
    assert contents(copy) == before


@pytest.mark.parametrize(("edit", "kind"), [("response", 0), ("example", 1), ("story", 2)])
def test_an_edit_is_one_of_its_kind_and_nothing_else(copy: Path, edit: str, kind: int) -> None:
    before = read(copy)
    with edited(copy, edit, 7):
        after = read(copy)
    assert [number for number in range(3) if after[number] != before[number]] == [kind]
    if edit == "response":
        changed = [name for name in after[0] if after[0][name] != before[0][name]]
        assert (len(changed), after[0].keys()) == (1, before[0].keys())
    else:
        new = set(after[kind]) - set(before[kind])
        assert len(new) == 1
        assert "7" in new.pop()
        assert len(after[kind]) == len(before[kind]) + 1


def test_an_edit_is_one_that_the_check_accepts(copy: Path) -> None:
    checker = Checker()
    before = checker.check(copy)
    for edit in EDITS:
        with edited(copy, edit, 7):
            assert checker.check(copy) == before, edit


@pytest.mark.parametrize("edit", EDITS)
def test_another_number_is_another_edit(copy: Path, edit: str) -> None:
    with edited(copy, edit, 1) as file:
        first = file.read_bytes()
    with edited(copy, edit, 2) as file:
        assert file.read_bytes() != first


def test_an_edit_goes_when_the_training_fails(copy: Path) -> None:
    before = contents(copy)
    with pytest.raises(RuntimeError, match="failed"), edited(copy, "story", 1):
        raise RuntimeError("failed")
    assert contents(copy) == before


def test_the_project_itself_is_never_edited() -> None:
    with pytest.raises(ValueError, match="no copy"), edited(ROOT, "response", 1):
        pass


def test_where_there_is_nothing_to_edit_nothing_is_measured(tmp_path: Path) -> None:
    (tmp_path / ".copy-to-edit").touch()
    (tmp_path / "domain.yml").write_text("responses: {}\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no response"), edited(tmp_path, "response", 1):
        pass


def test_what_was_made_here_does_not_come_along(tmp_path: Path) -> None:
    root = tmp_path / "project"
    for name in ("data/models/kept.yml", "models/model.tar.gz", ".rasa/cache", "var/ledger.key", "bot/a.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x", encoding="utf-8")
    copied = copy_project(tmp_path / "copy", root)
    found = sorted(path.relative_to(copied).as_posix() for path in copied.rglob("*") if path.is_file())
    assert found == [".copy-to-edit", "bot/a.py", "data/models/kept.yml"]
