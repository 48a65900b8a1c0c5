"""All places: the registry of names (data/cities/cities.yml), and the files of the cities that are served."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from manifests.city import CityManifest, PlaceManifest
from manifests.errors import ManifestError, told
from manifests.files import ROOT, read

FOLDER = ROOT / "data" / "cities"
REGISTRY = "cities.yml"
ITEMS = frozenset({"code", "name", "full_name", "province", "aliases", "needs_context"})
"""What a row of the registry may say."""

MUNICIPALITIES = frozenset({"11", "12", "31", "50"})
"""Their districts and counties all belong to one row, whatever their third and fourth digit: 500230 to 500100."""

UNGOVERNED = "90"
"""The third and fourth digit of what no prefecture governs: 429004."""

# fmt: off
PLATE_LETTERS = {
    "11": "京", "12": "津", "13": "冀", "14": "晋", "15": "蒙", "21": "辽", "22": "吉", "23": "黑", "31": "沪", "32": "苏", "33": "浙",
    "34": "皖", "35": "闽", "36": "赣", "37": "鲁", "41": "豫", "42": "鄂", "43": "湘", "44": "粤", "45": "桂", "46": "琼", "50": "渝",
    "51": "川", "52": "贵", "53": "云", "54": "藏", "61": "陕", "62": "甘", "63": "青", "64": "宁", "65": "新",
}
# fmt: on
"""What a province's plates begin with (GA 36), by the first two digits of its code."""


@dataclass(frozen=True)
class Registered:
    """A row of the registry.

    Attributes:
        code: GB/T 2260; ends in 00 for a prefecture, in another number for a county or a county-level city.
        name: short name, the value of the entity `city`.
        full_name: with 市, 州, 县 …
        province: short name of its province.
        aliases: other names residents use.
        needs_context: whether the short name is an everyday word too.
    """

    code: str
    name: str
    full_name: str
    province: str
    aliases: tuple[str, ...] = ()
    needs_context: bool = False

    @property
    def province_code(self) -> str:
        """The code that the province's file bears."""
        return province_of(self.code)

    @property
    def within(self) -> str | None:
        """The prefecture that governs it; None for a prefecture itself, and for what none governs (仙桃)."""
        prefecture = prefecture_of(self.code)
        return None if prefecture == self.code else prefecture


def province_of(code: str) -> str:
    """The code of a place's province."""
    return f"{code[:2]}0000"


def prefecture_of(code: str) -> str | None:
    """The code of the prefecture a place is, or is governed by; None where none governs it.

    Args:
        code: any of GB/T 2260, in the registry or not.
    """
    if code[:2] in MUNICIPALITIES:
        return f"{code[:2]}0100"
    return None if code[2:4] in (UNGOVERNED, "00") else f"{code[:4]}00"


@dataclass
class Places:
    """The registry, and the files beside it, read when they are first asked for.

    Args:
        folder: data/cities.
    """

    folder: Path = FOLDER
    _cities: dict[str, CityManifest] = field(default_factory=dict, repr=False)
    _provinces: dict[str, PlaceManifest] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        rows = read(self.folder / REGISTRY).get("cities")
        if not isinstance(rows, list):
            raise ManifestError(f"{REGISTRY}：cities：要写成一列，每行一个地方")
        self._rows: dict[str, Registered] = {}
        self._by_name: dict[str, tuple[Registered, ...]] = {}
        for number, written in enumerate(rows, start=1):
            row = _registered(written, number)
            if row.code in self._rows:
                raise ManifestError(f"{REGISTRY}：{row.name}：代码 {row.code} 已经是{self._rows[row.code].name}的了")
            self._rows[row.code] = row
            self._by_name[row.name] = (*self._by_name.get(row.name, ()), row)
        self._files = {path.stem for path in self.folder.glob("[0-9]*.yml")}
        known = self._rows.keys() | {row.province_code for row in self._rows.values()}
        for code in sorted(self._files - known):
            raise ManifestError(f"{code}.yml：{REGISTRY} 里没有代码 {code}，先在那里加一行")

    def registered(self, name_or_code: str) -> Registered | None:
        """The registry's row of a short name or a code, the first of a name; None where there is none."""
        row = self._rows.get(name_or_code)
        return row if row is not None else next(iter(self.named(name_or_code)), None)

    def named(self, name: str) -> tuple[Registered, ...]:
        """Every row of a short name, in the registry's order; places of two provinces may share one."""
        return self._by_name.get(name, ())

    def all_registered(self) -> Iterator[Registered]:
        """Every row, in the registry's order."""
        return iter(self._rows.values())

    def served(self) -> tuple[str, ...]:
        """The codes of all cities that have a file, in order."""
        return tuple(sorted(code for code in self._files if not code.endswith("0000")))

    def is_served(self, code: str) -> bool:
        """Whether a city has a file."""
        return code in self._files and not code.endswith("0000")

    def city(self, code: str) -> CityManifest | None:
        """A served city, its province's file taken in; None where it has no file.

        Raises:
            ManifestError: one of the two files cannot be used.
        """
        if not self.is_served(code):
            return None
        if code not in self._cities:
            self._cities[code] = self._read_city(code)
        return self._cities[code]

    def serving(self, code: str) -> CityManifest | None:
        """The city that serves a place: its own file's, else that of the prefecture that governs it; None if neither is.

        Args:
            code: any of GB/T 2260, also of a county or district that is not registered.

        Raises:
            ManifestError: as for `city`.
        """
        prefecture = prefecture_of(code)
        return self.city(code) or (None if prefecture is None else self.city(prefecture))

    def province(self, code: str) -> PlaceManifest:
        """What the province's file of a city's or province's code says; nothing where there is no file.

        Raises:
            ManifestError: the file cannot be used.
        """
        code = province_of(code)
        if code not in self._provinces:
            self._provinces[code] = self.own(code) if code in self._files else PlaceManifest()
        return self._provinces[code]

    def own(self, code: str) -> PlaceManifest:
        """What one file alone says, without the province's.

        Raises:
            ManifestError: it cannot be used.
        """
        path = self.folder / f"{code}.yml"
        try:
            return PlaceManifest(**read(path))
        except ValidationError as error:
            raise told(path, error) from None

    def _read_city(self, code: str) -> CityManifest:
        row = self._rows[code]
        says = self.own(code).over(self.province(code))
        letter = PLATE_LETTERS.get(code[:2])
        if says.plate_prefix is not None and letter is not None and not says.plate_prefix.startswith(letter):
            raise ManifestError(
                f"{code}.yml：plate_prefix：{row.province}的车牌以{letter}开头，不是 {says.plate_prefix}"
            )
        return CityManifest(
            code=code,
            name=row.name,
            full_name=row.full_name,
            province=row.province,
            says=says,
        )


def _registered(written: Any, number: int) -> Registered:
    if not isinstance(written, dict):
        raise ManifestError(f"{REGISTRY}：第 {number} 个地方：要写成 {{code: …, name: …, full_name: …, province: …}}")
    where = f"{REGISTRY}：{written.get('name') or f'第 {number} 个地方'}"
    for item in ("code", "name", "full_name", "province"):
        if not written.get(item):
            raise ManifestError(f"{where}：缺了 {item}")
    for item in written:
        if item not in ITEMS:
            raise ManifestError(f"{where}：不认识 {item}，可能拼错了")
    code, aliases = str(written["code"]), written.get("aliases", [])
    if not (len(code) == 6 and code.isascii() and code.isdigit()) or code.endswith("0000"):
        raise ManifestError(f"{where}：code：{code} 不是城市的六位代码")
    if not isinstance(aliases, list):
        raise ManifestError(f"{where}：aliases：要写成一列：[…, …]")
    return Registered(
        code=code,
        name=str(written["name"]),
        full_name=str(written["full_name"]),
        province=str(written["province"]),
        aliases=tuple(str(alias) for alias in aliases),
        needs_context=bool(written.get("needs_context")),
    )


def folder_of_cities(root: Path = ROOT) -> Path:
    """The folder of city files: BIANMIN_CITIES_FOLDER where it is set (an installation's own cities), else data/cities.

    Args:
        root: the project's folder.
    """
    return Path(os.environ.get("BIANMIN_CITIES_FOLDER") or root / "data" / "cities")


@lru_cache(maxsize=1)
def places() -> Places:
    """The places of this installation; each file is read once a process.

    Raises:
        ManifestError: the registry cannot be used.
    """
    return Places(folder_of_cities())
