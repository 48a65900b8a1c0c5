"""A new city: its file in data/cities."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from bot.scaffold.templates import ScaffoldError, rendered, write
from manifests import Places
from manifests.places import PLATE_LETTERS, REGISTRY
from manifests.services import read_services


def make(root: Path, code: str, plate: str | None, today: dt.date) -> list[str]:
    """Write a city's file; what it is.

    Where its province has a file, the city's own says only what differs; else it offers every service from today on.

    Args:
        root: the project's folder.
        code: GB/T 2260.
        plate: what its plates begin with: 浙A.
        today: the day of the first offer.

    Raises:
        ScaffoldError: the registry has no such city, the plate is another province's, or the file is there.
        ManifestError: a file that is there cannot be used.
    """
    places, services = Places(root / "data" / "cities"), read_services(root / "data" / "services")
    city = places.registered(code) if code.isdigit() else None
    if city is None:
        raise ScaffoldError(f"{code}：data/cities/{REGISTRY} 里没有这个代码，先在那里加一行")
    letter = PLATE_LETTERS.get(code[:2], "")
    if plate is not None and not plate.startswith(letter):
        raise ScaffoldError(f"{plate}：{city.province}的车牌以{letter}开头")
    has_province = (root / "data" / "cities" / f"{city.province_code}.yml").is_file()
    payable = {
        code: part.title
        for service in services
        for code, part in service.city_services.items()
        if any(task.pays for task in service.tasks.values())
    }
    values = {
        "name": city.name,
        "province": city.province_code if has_province else None,
        "province_name": city.province,
        "services": list(services.city_services()),
        "billers": list(payable.items()),
        "today": today.isoformat(),
        "plate": plate,
    }
    files = rendered("city", "CODE", code, values)
    write(root, files)
    return list(files)
