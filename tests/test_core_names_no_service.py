"""What is common to all services names none of them: what is particular to one stands in its manifest."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from manifests import PlaceManifest, services
from manifests.files import ROOT

CORE = (
    "actions/city",
    "actions/conversation",
    "actions/desk",
    "actions/ledger",
    "actions/payments",
    "bot",
    "connectors",
    "manifests",
)
"""Folders of the code that is common to all services."""


def names() -> list[str]:
    """Every name that a manifest declares: services, tasks, entities, topics' and cities' services excepted."""
    known = services()
    return sorted({*known.names(), *(intent for intent, _, _ in known.tasks()), *known.entities()})


# As a word of its own or as a part of an identifier, one or many: hospital, HOSPITAL, hospitals, hospital_words.
NAMED = re.compile(rf"(?<![a-z])(?:{'|'.join(map(re.escape, names()))})s?(?![a-z])", re.IGNORECASE)


ITEMS_OF_A_CITYS_FILE = frozenset(PlaceManifest.__fields__)
"""The form of account numbers is an item of every city's file, and no service's name."""


def modules() -> list[Path]:
    found = (path for folder in CORE for path in (ROOT / folder).rglob("*.py"))
    # A migration is what the ledger was once, when there were two kinds of payment.
    return sorted(path for path in found if "migrations" not in path.parts)


def said_in(path: Path) -> Iterator[tuple[int, str]]:
    """Identifiers and texts of a module, with their lines; docstrings and comments may give examples."""
    tree = ast.parse(path.read_text("utf-8"))
    documented = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    examples: set[int] = set()
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(node, documented) and isinstance(body, list):
            examples |= {id(one.value) for one in body if isinstance(one, ast.Expr)}
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in examples:
            yield line, node.value
        for part in ("id", "attr", "name", "arg", "module", "asname"):
            if isinstance(name := getattr(node, part, None), str):
                yield line, name


def test_the_search_finds_names_wherever_they_stand(tmp_path: Path) -> None:
    path = tmp_path / "some.py"
    path.write_text(
        '"""hospital"""\ndef traffic_words(credit): return {"bill_type": "hospitality"}\n', encoding="utf-8"
    )
    found = [match.group() for _, said in said_in(path) for match in NAMED.finditer(said)]
    assert sorted(found) == ["bill_type", "credit", "traffic"]


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_core_names_no_service(path: Path) -> None:
    names = ((line, said) for line, said in said_in(path) if said not in ITEMS_OF_A_CITYS_FILE)
    found = [f"{path}:{line}: {said[:80]}" for line, said in names if NAMED.search(said)]
    assert NAMED.search(path.stem) is None
    assert found == []
