"""A city's file is given one more entry, whichever way it is written, and is otherwise left alone."""

import datetime as dt
from pathlib import Path

import pytest

from bot.scaffold.offering import offer, with_entry
from bot.scaffold.templates import ScaffoldError
from manifests.files import read

DAY = dt.date(2026, 1, 31)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("services: {water: 2025-01-01}\n", "services: {lamps: 1, water: 2025-01-01}\n"),
        ("services: {}\n", "services: {lamps: 1}\n"),
        (
            "# all\nservices:  # since\n  water: 2025-01-01\n",
            "# all\nservices:  # since\n  lamps: 1\n  water: 2025-01-01\n",
        ),
        ("plate_prefix: 浙A\n", "plate_prefix: 浙A\nservices:\n  lamps: 1\n"),
    ],
)
def test_one_more_entry(before: str, after: str) -> None:
    assert with_entry(before, "services", "lamps: 1") == after


def test_a_service_is_offered_with_its_biller_and_only_once(tmp_path: Path) -> None:
    path = tmp_path / "330000.yml"
    path.write_text("services:\n  water: 2025-01-01\nbillers: {water: '{name}水务'}\n", encoding="utf-8")
    for _ in range(2):
        offer(path, "lamps", DAY, "{full_name}路灯所")
    assert read(path) == {
        "services": {"lamps": DAY, "water": dt.date(2025, 1, 1)},
        "billers": {"lamps": "{full_name}路灯所", "water": "{name}水务"},
    }


def test_a_city_without_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match=r"330100\.yml：没有这个城市的文件"):
        offer(tmp_path / "330100.yml", "lamps", DAY, None)
