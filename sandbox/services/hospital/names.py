"""What hospitals are called: officially, and by the residents of their city."""

from __future__ import annotations

from collections.abc import Iterable

from manifests import CityManifest

SHORT_ENDINGS = ("市", "县", "区", "州", "盟", "旗")
STEMS: dict[str, tuple[str, ...]] = {
    **{
        stem: (f"第{number}人民医院", f"第{number}医院", f"{number}医院", f"{number}院")
        for number in "一二三四五"
        for stem in (f"第{number}人民医院", f"第{number}医院")
    },
    "人民医院": ("人民医院", "医院"),
    "中医院": ("中医院", "中医医院"),
    "中医医院": ("中医院", "中医医院"),
    "妇幼保健院": ("妇幼保健院", "妇保院", "妇幼医院", "妇幼", "妇保"),
    "儿童医院": ("儿童医院", "儿保", "儿医院"),
    "口腔医院": ("口腔医院", "牙科医院"),
}
"""A hospital's name without the place before it, and what it may be called in its place."""
OF_THE_FIRST = ("人民医院",)
"""What the first people's hospital is called, too, there being none without a number."""


def place_name(city: CityManifest) -> str:
    """A city as it stands before its offices' names: 温州市, 临海市, 恩施州."""
    if city.full_name.endswith(("自治州", "自治县", "自治旗")):
        return city.name + city.full_name[-1]
    return city.full_name


def aliases_of(name: str, city: CityManifest, more: Iterable[str] = ()) -> list[str]:
    """What residents of a city call a hospital of theirs, the name itself left out.

    Args:
        name: the official name.
        city: its city.
        more: what was written by hand.
    """
    place = place_name(city)
    kind = place[-1] if place.endswith(SHORT_ENDINGS) else "市"
    before = [place, city.name, kind, ""]
    stem = next((name.removeprefix(part) for part in before if part and name.startswith(part)), name)
    called = list(STEMS.get(stem, ()))
    if stem in {"第一人民医院", "第一医院"}:
        called += OF_THE_FIRST
    found = [part + short for short in called for part in before]
    # A name of one or two characters says nothing without a place: 妇保, 儿保, 医院.
    plain = {short for short in called if short == "医院"}
    return [one for one in dict.fromkeys((*more, *found)) if one != name and one not in plain]
