"""Some of the country's cities, and conversations in each of them."""

from pathlib import Path

from bot.bench.cities import in_cities, some_cities
from bot.bench.residents import SENTENCES
from manifests import places


def test_some_cities_come_with_the_registry_and_the_provinces(tmp_path: Path) -> None:
    names = some_cities(tmp_path / "cities", 2)
    assert len(set(names)) == 2
    files = {path.stem for path in (tmp_path / "cities").glob("*.yml")}
    assert "cities" in files
    assert len([code for code in files - {"cities"} if not code.endswith("0000")]) == 2


def test_all_cities(tmp_path: Path) -> None:
    assert len(some_cities(tmp_path / "cities", len(places().served()))) == len(places().served())


def test_going_to_a_city_is_not_timed() -> None:
    plan = in_cities("x", 3, ["杭州", "南京"])
    timed = [one for one in plan if one.timed]
    assert [one.untimed for one in timed] == [("换到杭州",), ("换到南京",), ("换到杭州",)]
    assert all(one.timed == SENTENCES for one in timed)
    assert len({one.sender for one in plan}) == 6
