"""What a city is like besides what its file says: how big, which districts, which streets. Written by hand, or invented."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from stdnum import numdb

from manifests import CityManifest, Places
from manifests.files import read
from sandbox.seeding.streams import stream

EXAMPLES = Path(__file__).resolve().parent.parent / "examples"
ROADS = (
    "人民路", "中山路", "解放路", "建设路", "和平路", "新华路", "胜利路", "文化路", "北京路", "长江路", "迎宾大道",
    "朝阳路", "滨河路", "育才路", "体育场路", "青年路", "光明路", "振兴路", "学院路", "友谊路", "兴业街", "站前路",
    "东风路", "环城南路", "环城北路", "公园路", "工农路", "黄河路", "府前街", "世纪大道",
)  # fmt: skip
"""Names that streets bear in most cities of China."""
HOUSEHOLDS = (16, 24)
VEHICLES = (10, 14)
_COUNTY = re.compile(r"(?:\[(\d*)-(\d*)\])?(.+)")
_NOT_A_PLACE = ("市辖区", "县", "省直辖县级行政单位", "省直辖县级行政区划", "自治区直辖县级行政单位")
OLDEST_ADULTS = 1984


@dataclass(frozen=True)
class Region:
    """A district or county, whose code ID numbers begin with."""

    code: str
    name: str


@dataclass(frozen=True)
class Land:
    """A city's land.

    Attributes:
        city: what its file says.
        households: how many there are.
        vehicles: how many there are.
        regions: its districts and counties.
        streets: district and road.
        neighbours: the registry's other cities whose codes begin with the same four digits.
        details: what was written by hand, `sandbox/examples/<code>.yml`; what is absent there, the services invent.
    """

    city: CityManifest
    households: int
    vehicles: int
    regions: tuple[Region, ...]
    streets: tuple[str, ...]
    neighbours: tuple[str, ...]
    details: dict[str, Any]


def make_land(city: CityManifest, seed: int, places: Places, examples: Path = EXAMPLES) -> Land:
    """A city's land.

    Args:
        city: what its file says.
        seed: what is not written is invented from it.
        places: the registry; the districts of other cities are not this one's.
        examples: the folder of what was written by hand.

    Raises:
        ManifestError: the example's file cannot be used.
    """
    path = examples / f"{city.code}.yml"
    details = read(path) if path.is_file() else {}
    rng = stream(seed, "land", city.code)
    regions = tuple(regions_of(city.code, places)) or (Region(city.code, city.full_name),)
    return Land(
        city=city,
        households=details.get("households") or rng.randint(*HOUSEHOLDS),
        vehicles=details.get("vehicles") or rng.randint(*VEHICLES),
        regions=regions,
        streets=tuple(details.get("streets") or _streets(rng, regions)),
        neighbours=tuple(
            row.code for row in places.all_registered() if row.code[:4] == city.code[:4] and row.code != city.code
        ),
        details=details,
    )


def regions_of(code: str, places: Places) -> Iterator[Region]:
    """The districts and counties of a city by the table of GB/T 2260, such as have their code since before 1984 first of all.

    A county-level city is its own; a prefecture has those of its districts and counties that are no cities of the registry.
    """
    there = _counties(code[:4])
    if not code.endswith("00"):
        there = tuple(row for row in there if row[0].code == code)
    else:
        there = tuple(row for row in there if row[0].code != code and places.registered(row[0].code) is None)
    old = [region for region, since in there if since <= OLDEST_ADULTS]
    yield from old or (region for region, _ in there)


@lru_cache(maxsize=64)
def _counties(prefix: str) -> tuple[tuple[Region, int], ...]:
    """The present districts and counties whose codes begin with four digits, and since when they have their code."""
    found = []
    for _, low, _, _, children in numdb.get("cn/loc").prefixes:
        if low != prefix[:2]:
            continue
        for _, rest, _, properties, _ in children:
            if not rest.startswith(prefix[2:]):
                continue
            # Of several names under one code the last is the present one.
            since, until, name = _COUNTY.fullmatch(properties["county"].split(",")[-1]).groups()  # type: ignore[union-attr]
            if not until and name not in _NOT_A_PLACE:
                found.append((Region(prefix[:2] + rest, name), int(since or 0)))
    return tuple(found)


def _streets(rng: random.Random, regions: tuple[Region, ...]) -> list[str]:
    roads = rng.sample(ROADS, 8)
    return [f"{regions[index % len(regions)].name}{road}" for index, road in enumerate(roads)]
