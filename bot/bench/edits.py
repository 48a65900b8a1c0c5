"""A copy of the project, and in it the three edits that staff make: a response, an example, a story."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.runtime import settings

LEFT_OUT = ("var", "models", "results", "htmlcov")
"""Folders that hold what was made here, besides those that begin with a dot."""

MARK = ".copy-to-edit"
"""Stands in a copy, and is looked for before anything is edited."""

COMMON = "common.yml"
STORY = """
  - rule: 放假时道谢（{number}）
    condition:
      - slot_was_set:
          - office_hours: holiday
    steps:
      - intent: thanks
      - action: utter_holiday_notice
      - action: utter_thanks
"""


def copy_project(folder: Path, root: Path = settings.ROOT) -> Path:
    """Copy the project's code and data, without what was made of them.

    Args:
        folder: to make.
        root: the project.

    Returns:
        The folder.
    """

    def left_out(parent: str, names: list[str]) -> set[str]:
        hidden = {name for name in names if name.startswith(".")}
        return hidden | set(LEFT_OUT) if Path(parent) == root else hidden

    # Byte code comes along: it holds as long as a source keeps its date and size.
    shutil.copytree(root, folder, ignore=left_out)
    (folder / MARK).touch()
    return folder


@contextmanager
def edited(root: Path, edit: str, number: int) -> Iterator[Path]:
    """Have one file of a project edited, and put it back at the end.

    Args:
        root: the project, a copy.
        edit: which of EDITS.
        number: makes this edit another one than those before, which a cache may know.

    Returns:
        The file.

    Raises:
        ValueError: it is no copy, or there is nothing of this kind to edit.
    """
    if not (root / MARK).is_file():
        raise ValueError(f"{root} is no copy that may be edited")
    file, change = EDITS[edit](root)
    before = file.read_text(encoding="utf-8")
    after = change(before, number)
    if after == before:
        raise ValueError(f"{file}: no {edit} to edit")
    file.write_text(after, encoding="utf-8")
    try:
        yield file
    finally:
        file.write_text(before, encoding="utf-8")


Change = Callable[[str, int], str]
"""A file's text and the edit's number to the edited text."""


def _response(root: Path) -> tuple[Path, Change]:
    def change(text: str, number: int) -> str:
        return re.sub(r'(- text: "[^"{}]*)"', rf"\g<1>（{number}）" + '"', text, count=1)

    return root / settings.DOMAIN_FILE, change


def _example(root: Path) -> tuple[Path, Change]:
    def change(text: str, number: int) -> str:
        return re.sub(r"(examples: \|\n)( +- )(.+\n)", rf"\g<1>\g<2>第{number}次来问，\g<3>\g<2>\g<3>", text, count=1)

    # A service's examples, in the plain form; the common ones are far more than a service's.
    file = next(path for path in sorted((root / "data/nlu").glob("*.yml")) if path.name != COMMON)
    return file, change


def _story(root: Path) -> tuple[Path, Change]:
    def change(text: str, number: int) -> str:
        return text.rstrip("\n") + "\n" + STORY.format(number=number)

    return root / "data/stories" / COMMON, change


EDITS: dict[str, Callable[[Path], tuple[Path, Change]]] = {
    "response": _response,
    "example": _example,
    "story": _story,
}
"""Each kind of edit: which file of a project, and how."""
