"""All places: the registry of names (data/cities/cities.yml), and the files of the cities that are served."""

from __future__ import annotations

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
        return f"{self.code[:2]}0000"


@dataclass
class Places:
    """The registry, and the files beside it, read when they are first asked for.

    Args:
        folder: data/cities.
    """

    folder: Path = FOLDER
    _cities: dict[str, CityManifest | None] = field(default_factory=dict, repr=False)
    _provinces: dict[str, PlaceManifest] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        rows = [_registered(row, number) for number, row in enumerate(read(self.folder / REGISTRY).get("cities") or ())]
        self._rows = {row.code: row for row in rows}
        self._by_name = {row.name: row for row in reversed(rows)}
        files = {path.stem for path in self.folder.glob("[0-9]*.yml")}
        unknown = sorted(code for code in files if not code.endswith("0000") and code not in self._rows)
        if unknown:
            raise ManifestError(f"{unknown[0]}.yml：{REGISTRY} 里没有代码 {unknown[0]}，先在那里加一行")
        self._files = files

    def registered(self, name_or_code: str) -> Registered | None:
        """The registry's row of a short name or a code; None where there is none."""
        return self._rows.get(name_or_code) or self._by_name.get(name_or_code)

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
        if code not in self._cities:
            self._cities[code] = self._read_city(code) if self.is_served(code) else None
        return self._cities[code]

    def province(self, code: str) -> PlaceManifest:
        """What the province's file of a city's or province's code says; nothing where there is no file.

        Raises:
            ManifestError: the file cannot be used.
        """
        code = f"{code[:2]}0000"
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
        return CityManifest(
            code=code,
            name=row.name,
            full_name=row.full_name,
            province=row.province,
            says=self.own(code).over(self.province(code)),
        )


def _registered(row: dict[str, Any], number: int) -> Registered:
    try:
        return Registered(
            code=str(row["code"]),
            name=row["name"],
            full_name=row["full_name"],
            province=row["province"],
            aliases=tuple(row.get("aliases", ())),
            needs_context=bool(row.get("needs_context")),
        )
    except (KeyError, TypeError):
        raise ManifestError(f"{REGISTRY}：第 {number + 1} 个城市缺 code、name、full_name 或 province") from None


@lru_cache(maxsize=1)
def places() -> Places:
    """The places of this project; each file is read once a process.

    Raises:
        ManifestError: the registry cannot be used.
    """
    return Places()
