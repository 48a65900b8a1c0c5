"""Reads the gazetteers that staff edit (data/gazetteers, data/cities) into one plain structure that a model can hold."""

import hashlib
import json
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normalise import normalise

PROJECT = Path(__file__).resolve().parents[2]
GAZETTEERS = PROJECT / "data" / "gazetteers"
CITIES = PROJECT / "data" / "cities" / "cities.yml"

Gazetteers = dict[str, Any]
"""JSON-able: what `read_gazetteers` returns and a model stores."""


class GazetteerError(ValueError):
    """A gazetteer file cannot be used; the message names the file and what is wrong with it."""


def read_gazetteers(folder: Path = GAZETTEERS, cities: Path = CITIES) -> Gazetteers:
    """Read all gazetteers.

    Args:
        folder: with bill_types.yml, hospitals.yml, departments.yml, holidays.yml, surnames.yml, topics.yml.
        cities: the city registry, cities.yml; any other keys in it are not read.

    Raises:
        GazetteerError: a file is missing, is not YAML, or lacks a part.
    """
    bills = _read(folder / "bill_types.yml")
    hospitals = _read(folder / "hospitals.yml")
    departments = _read(folder / "departments.yml")
    surnames = _read(folder / "surnames.yml")
    try:
        return {
            "phrases": [
                *_phrases("bill_type", bills["bill_types"]),
                *_phrases("hospital", hospitals["hospitals"]),
                *_phrases("department", departments["departments"]),
                *_phrases("symptom", departments["departments"], key="symptoms"),
                *_city_phrases(_read(cities)["cities"]),
                *(
                    {"entity": "", "value": "", "text": normalise(text)}
                    for text in _not_these(bills, departments, hospitals)
                ),
            ],
            "single": {char: row["value"] for row in bills["bill_types"] for char in row.get("single", ())},
            "complaints": [
                {"value": row["value"], "parts": row["parts"], "signs": row["signs"]}
                for row in departments["departments"]
                if row.get("parts")
            ],
            "children": departments["children"],
            "child_signs": departments["child_signs"],
            "context_cities": [row["name"] for row in _read(cities)["cities"] if row.get("needs_context")],
            "holidays": _read(folder / "holidays.yml")["holidays"],
            "surnames": surnames["double"].split() + surnames["single"].split(),
            "usual_surnames": surnames["double"].split() + surnames["usual"].split(),
            "topics": {
                str(topic): [str(word) for word in members]
                for topic, members in _read(folder / "topics.yml")["topics"].items()
            },
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise GazetteerError(f"{folder}: a part is missing or has another form: {error!r}") from error


def digest(gazetteers: Gazetteers) -> str:
    """Return a hash of the content, the same for the same content."""
    return hashlib.sha256(json.dumps(gazetteers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def words(gazetteers: Gazetteers) -> list[str]:
    """Return the city's words for the tokenizer, sorted: every alias and topic word of two characters or more."""
    found = {row["text"] for row in gazetteers["phrases"] if row["entity"] != "symptom"}
    found |= {row["text"] for row in gazetteers["phrases"] if len(row["text"]) <= 4}
    found |= {normalise(word) for words_ in gazetteers["topics"].values() for word in words_}
    return sorted(word for word in found if 2 <= len(word) <= 12 and not any(c.isspace() for c in word))


def _phrases(entity: str, rows: list[dict[str, Any]], key: str = "aliases") -> list[dict[str, str]]:
    phrases = []
    for row in rows:
        texts = list(row.get(key, ())) + ([row["value"]] if key == "aliases" and not row["value"].isascii() else [])
        phrases += [
            {"entity": entity, "value": row["value"], "text": normalise(str(text))} for text in dict.fromkeys(texts)
        ]
    return phrases


def _city_phrases(rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    phrases = []
    for row in rows:
        names = [row["name"], row["full_name"], row["name"] + "市", row["name"] + "州", *row.get("aliases", ())]
        if row["name"].endswith("州"):
            names.remove(row["name"] + "州")
        phrases += [{"entity": "city", "value": row["name"], "text": normalise(name)} for name in dict.fromkeys(names)]
    return phrases


def _not_these(*files: dict[str, Any]) -> list[str]:
    return [text for content in files for text in content.get("not_these", ())]


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise GazetteerError(f"no gazetteer at {path}") from error
    except yaml.YAMLError as error:
        raise GazetteerError(f"{path} is not YAML: {error}") from error
    if not isinstance(content, dict):
        raise GazetteerError(f"{path} is empty, or not a mapping")
    return content
