"""The city registry of data/cities: GB/T 2260 codes by the short names that residents say."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

REGISTRY = Path(__file__).resolve().parents[2] / "data" / "cities" / "cities.yml"


@lru_cache(maxsize=1)
def _codes() -> dict[str, str]:
    registry = yaml.safe_load(REGISTRY.read_text(encoding="utf-8"))
    return {entry["name"]: str(entry["code"]) for entry in registry["cities"]}


def code_of(name: str) -> str | None:
    """The GB/T 2260 code of the city whose short name is `name`, or None where there is none."""
    return _codes().get(name)
