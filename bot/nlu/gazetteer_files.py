"""Reads what staff edit (data/gazetteers, data/cities, data/services) into one plain structure that a model can hold."""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.nlu.declared import Declared, declarations
from bot.nlu.normalise import normalise
from bot.nlu.readers.city_names import FREE, city_rows, names_of
from manifests import ManifestError, Places, Services, places, services
from manifests.files import ROOT, read
from manifests.places import FOLDER as CITIES
from manifests.places import REGISTRY
from manifests.services import FOLDER as SERVICES
from manifests.services import read_services

PROJECT = ROOT
GAZETTEERS = PROJECT / "data" / "gazetteers"
SETTINGS = {"gazetteers": "data/gazetteers", "cities": "data/cities", "services": "data/services"}
"""The folders, from the project's root, as a component's settings name them where config.yml does not."""

SYMPTOMS = "symptoms"
"""The part of a row whose phrases do not name the value but suggest it: 牙疼."""

Gazetteers = dict[str, Any]
"""JSON-able: what `read_gazetteers` returns and a model stores."""


class GazetteerError(ValueError):
    """A gazetteer file cannot be used; the message names the file and what is wrong with it."""


def read_gazetteers(folder: Path = GAZETTEERS, cities: Path = CITIES, manifests: Path = SERVICES) -> Gazetteers:
    """Read all gazetteers, and what the manifests declare.

    Args:
        folder: with city_words.yml, counted.yml, days.yml, holidays.yml, money.yml, moons.yml, surnames.yml, topics.yml, and the file of each
            entity that a manifest says is read from one.
        cities: folder of the registry of cities.
        manifests: folder of the services' manifests.

    Raises:
        GazetteerError: a file is missing, is not YAML, or lacks a part.
    """
    try:
        known = services() if manifests == SERVICES else read_services(manifests)
        registry = places() if cities == CITIES else Places(cities)
        declared = declarations(known)
        files = {
            one.entity: (one.file, read(folder / f"{one.file}.yml"))
            for one in Declared(declared).read_by("gazetteer")
            if one.file
        }
        common = ("surnames", "holidays", "moons", "days", "money", "topics", "city_words", "counted")
        surnames, holidays, moons, days, money, topics, city_words, counted = (
            read(folder / f"{name}.yml") for name in common
        )
    except ManifestError as error:
        raise GazetteerError(str(error)) from error
    try:
        return {
            "declared": declared,
            **_names(files),
            "phrases": [*_all_phrases(files), *_not_these(files)],
            "cities": city_rows(registry.all_registered()),
            "city_words": city_words,
            "counted": {part: [str(word) for word in counted[part]] for part in ("counted", "after_one")},
            "days": {
                **_normal(days, ("no_days", "free", "asks", "refused")),
                "holidays": holidays["holidays"],
                "needs_a_day": holidays["needs_a_day"],
                "moons": {str(year): row for year, row in moons["moons"].items()},
            },
            "money": _normal(money, ("yuan", "not_yuan_before", "foreign", "foreign_signs")),
            "surnames": surnames["double"].split() + surnames["single"].split(),
            "usual_surnames": surnames["double"].split() + surnames["usual"].split(),
            "given_names": surnames["given"].split(),
            "topics": _topics(topics, known),
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise GazetteerError(f"{folder}: a part is missing or has another form: {error!r}") from error


def read_as_set(config: dict[str, Any]) -> Gazetteers:
    """Read the gazetteers from the folders that a component's settings name.

    Raises:
        GazetteerError: a file cannot be used.
    """
    settings = {**SETTINGS, **config}
    folder, cities, manifests = (PROJECT / settings[name] for name in SETTINGS)
    content = hashlib.sha256("\n".join(sorted(path.name for path in cities.glob("*.yml"))).encode())
    for path in (*sorted(folder.glob("*.yml")), *sorted(manifests.glob("*.yml")), cities / REGISTRY):
        content.update(f"\0{path.name}\0".encode() + (path.read_bytes() if path.is_file() else b""))
    return _read_once(folder, cities, manifests, content.digest())


@lru_cache(maxsize=1)
def _read_once(folder: Path, cities: Path, manifests: Path, content: bytes) -> Gazetteers:
    """Each component of a model asks for them, for its training and for its fingerprint."""
    return read_gazetteers(folder, cities, manifests)


def read_whose(config: dict[str, Any]) -> Gazetteers:
    """Read by which words it is told whose thing a message is about, from the folder that a component's settings name.

    Raises:
        GazetteerError: the file cannot be used.
    """
    try:
        return read(PROJECT / config["gazetteers"] / "whose.yml")
    except ManifestError as error:
        raise GazetteerError(str(error)) from error


def read_numbers(config: dict[str, Any]) -> list[str]:
    """Read which entities are numbers or plates, so that several of one are several things, from the manifests.

    Args:
        config: a component's settings, with the manifests' folder as `services`.

    Raises:
        GazetteerError: a manifest cannot be used.
    """
    try:
        declared = Declared(declarations(read_services(PROJECT / config["services"])))
    except ManifestError as error:
        raise GazetteerError(str(error)) from error
    return [one.entity for one in declared.entities if one.reader in ("number", "plate")]


def digest(gazetteers: Gazetteers) -> str:
    """Return a hash of the content, the same for the same content."""
    return hashlib.sha256(json.dumps(gazetteers, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def words(gazetteers: Gazetteers) -> list[str]:
    """Return the city's words for the tokenizer, sorted: every alias and topic word of two characters or more."""
    found = {row["text"] for row in gazetteers["phrases"] if row.get("part") != SYMPTOMS or len(row["text"]) <= 4}
    found |= {name for row in gazetteers["cities"] for name, need in names_of(row) if need == FREE or not row["county"]}
    found |= {normalise(word) for words_ in gazetteers["topics"].values() for word in words_}
    return sorted(word for word in found if 2 <= len(word) <= 12 and not any(c.isspace() for c in word))


_Files = dict[str, tuple[str, dict[str, Any]]]
"""Entity → its file's name and content; the list of names bears the file's name."""


def _names(files: _Files) -> dict[str, Any]:
    """What the files say of names besides their wording: short ones, complaints, mistyped ones, those told by their ending."""
    short, complaints, by_ear, open_ended = [], [], [], []
    for entity, (name, content) in files.items():
        rows = content[name]
        single = {normalise(char): row["value"] for row in rows for char in row.get("single", ())}
        if single:
            more = {key: list(content.get(key, ())) for key in ("chained", "bought", "not_beside")}
            short.append({"entity": entity, "single": single, **more})
        put_together = [
            {"value": row["value"], "parts": row["parts"], "signs": row["signs"]} for row in rows if row.get("parts")
        ]
        if put_together or any(row.get(SYMPTOMS) for row in rows):
            complaints.append({"entity": entity, "rows": put_together, "children": content.get("children")})
        if content.get("by_ear"):
            by_ear.append({"entity": entity, **content["by_ear"]})
        if content.get("open_ended"):
            open_ended.append({"entity": entity, **content["open_ended"]})
    return {"short": short, "complaints": complaints, "by_ear": by_ear, "open_ended": open_ended}


def _normal(content: dict[str, Any], parts: Iterable[str]) -> dict[str, list[str]]:
    return {part: [normalise(str(word)) for word in content[part]] for part in parts}


def _topics(content: dict[str, Any], known: Services) -> dict[str, list[str]]:
    """The common topics, then the services'; what a service claims is no word of a topic that is not for us."""
    claimed = known.topics()
    ours = {normalise(word) for members in claimed.values() for word in members}
    topics: dict[str, list[str]] = {}
    for topic, members in content["topics"].items():
        if topic in claimed:
            raise TypeError(f"topic {topic} stands in a manifest too")
        left_out = ours if topic in content["not_ours"] else set()
        topics[str(topic)] = [str(word) for word in members if normalise(str(word)) not in left_out]
    return {**topics, **{topic: list(members) for topic, members in claimed.items()}}


def _all_phrases(files: _Files) -> Iterable[dict[str, str]]:
    for entity, (name, content) in files.items():
        yield from _phrases(entity, content[name])
    for entity, (name, content) in files.items():
        yield from ({**row, "part": SYMPTOMS} for row in _phrases(entity, content[name], key=SYMPTOMS))


def _phrases(entity: str, rows: list[dict[str, Any]], key: str = "aliases") -> list[dict[str, str]]:
    phrases = []
    for row in rows:
        texts = list(row.get(key, ())) + ([row["value"]] if key == "aliases" and not row["value"].isascii() else [])
        phrases += [
            {"entity": entity, "value": row["value"], "text": normalise(str(text))} for text in dict.fromkeys(texts)
        ]
    return phrases


def _not_these(files: _Files) -> Iterable[dict[str, str]]:
    for _, content in files.values():
        yield from ({"entity": "", "value": "", "text": normalise(text)} for text in content.get("not_these", ()))
