"""What all services share knows none of them: neither their names, nor their tasks, nor what they are told."""

import re
from pathlib import Path

import pytest

import sandbox
from manifests import PlaceManifest, services

ROOT = Path(sandbox.__file__).parent
OWN = (ROOT / "services", ROOT / "examples")
"""Where services are at home, and what was written by hand of single cities."""
CORE = sorted(
    path
    for path in ROOT.rglob("*")
    if path.suffix in {".py", ".html", ".yml"} and not any(folder in path.parents for folder in OWN)
) + [ROOT / "services" / "__init__.py"]


def names():
    """Every name that a manifest makes up."""
    found = set(services().city_services()) | set(services().entities())
    for one in services():
        found |= {one.name, *one.tasks, one.title, *(part.title for part in one.city_services.values())}
    return sorted(found)


def mentions(text):
    return [name for name in names() if re.search(rf"(?<![\w/]){re.escape(name)}s?(?!\w)", text)]


def test_a_name_would_be_found():
    assert mentions('SERVICE = "hospital"') == ["hospital"]
    assert mentions("if city.has(credit):") == ["credit"]
    assert mentions("client_credentials, invalid_plate_number") == []


@pytest.mark.parametrize("path", CORE, ids=lambda path: str(path.relative_to(ROOT)))
def test_core_names_none(path):
    text = path.read_text(encoding="utf-8")
    # The contract's text may name the module that shows how a service is written; a city's file has items of its own.
    for allowed in ("`credit.py`", *PlaceManifest.__fields__):
        text = text.replace(allowed, "")
    assert mentions(text) == []
