"""What the handlers' source says, read without importing it: what is spoken and filled in, which classes there are."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Code:
    """The names in a folder of Python files.

    Attributes:
        strings: every text constant, with file and line of its first place.
        openings: how names that are put together begin: `utter_unclear_` of f"utter_unclear_{slot}".
        filled: names of keyword arguments and of keys of literal mappings: what a placeholder may be filled from.
        keys: file → the keys of its literal mappings.
        intents: intent → the files with a class for it.
        settlers: payment kind → the files with a settler for it.
        actions: what a class's `name` returns, with file and line.
        broken: (file, line) of what is no Python.
    """

    strings: dict[str, tuple[str, int]] = field(default_factory=dict)
    openings: set[str] = field(default_factory=set)
    filled: set[str] = field(default_factory=set)
    keys: dict[str, set[str]] = field(default_factory=dict)
    intents: dict[str, set[str]] = field(default_factory=dict)
    settlers: dict[str, set[str]] = field(default_factory=dict)
    actions: dict[str, tuple[str, int]] = field(default_factory=dict)
    broken: list[tuple[str, int]] = field(default_factory=list)


SETTLING = ("settles", "settled_at")
"""What makes a settler of the payment kind that is named first (actions/payments/settlers.py)."""


def read_code(folder: Path, root: Path) -> Code:
    """Read every Python file under a folder.

    Args:
        folder: actions/.
        root: the project, which the files are named from.
    """
    code = Code()
    for path in sorted(folder.rglob("*.py")):
        file = path.relative_to(root).as_posix()
        try:
            tree = ast.parse(path.read_text(encoding="utf-8"))
        except SyntaxError as error:
            code.broken.append((file, error.lineno or 1))
            continue
        for node in ast.walk(tree):
            _note(node, file, code)
    return code


def _note(node: ast.AST, file: str, code: Code) -> None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        code.strings.setdefault(node.value, (file, node.lineno))
    elif isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
        code.openings.add(str(node.values[0].value))
    elif isinstance(node, ast.Call):
        code.filled |= {keyword.arg for keyword in node.keywords if keyword.arg}
        if _called(node) in SETTLING:
            for kind in _texts(node.args[:1]):
                code.settlers.setdefault(kind, set()).add(file)
    elif isinstance(node, ast.Dict):
        keys = set(_texts(key for key in node.keys if key is not None))
        code.filled |= keys
        code.keys.setdefault(file, set()).update(keys)
    elif isinstance(node, ast.ClassDef):
        for intent in _intents(node):
            code.intents.setdefault(intent, set()).add(file)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == "name":
        returned = (inner.value for inner in ast.walk(node) if isinstance(inner, ast.Return) and inner.value)
        code.actions.update((text, (file, node.lineno)) for text in _texts(returned))


def _intents(node: ast.ClassDef) -> Iterator[str]:
    """`class X(Task, intent="…")`, and `intent = "…"` in its body."""
    yield from _texts(keyword.value for keyword in node.keywords if keyword.arg == "intent")
    for statement in node.body:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
        if isinstance(statement, ast.AnnAssign) and statement.value is not None:
            targets = [statement.target]
        if any(isinstance(target, ast.Name) and target.id == "intent" for target in targets):
            yield from _texts([statement.value])  # type: ignore[attr-defined]


def _called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else str(getattr(node.func, "id", ""))


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value
