"""Which rooms know of which: the arrows of the house, by what their modules import."""

import ast

import pytest

from manifests.files import ROOT

APART = {
    "bot": {"actions", "sandbox"},
    "actions": {"bot", "connectors", "sandbox"},
    "sandbox": {"actions", "bot", "connectors"},
    "connectors": {"actions", "sandbox"},
    "manifests": {"actions", "bot", "connectors", "sandbox"},
    "serving": {"actions", "bot", "city_api", "connectors", "manifests", "sandbox"},
    "city_api": {"actions", "bot", "connectors", "manifests", "sandbox", "serving"},
}
"""Room → those it imports nothing of: it reaches them over HTTP, starts them, or has no business there."""


@pytest.mark.parametrize("room", APART)
def test_a_room_imports_nothing_of_what_is_apart(room: str) -> None:
    found = []
    for path in (ROOT / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            found += [f"{path.relative_to(ROOT)}: {name}" for name in names if name.partition(".")[0] in APART[room]]
    assert found == []
