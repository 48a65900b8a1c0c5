from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests import ManifestError, Places, Registered
from manifests.places import prefecture_of

ROW = '  - {code: "330400", name: 嘉兴, full_name: 嘉兴市, province: 浙江}\n'


@pytest.mark.parametrize(
    ("registry", "told"),
    [
        ("places: []", "cities.yml：cities：要写成一列，每行一个地方"),
        ("cities:\n  - 嘉兴", "cities.yml：第 1 个地方：要写成 {code: …, name: …, full_name: …, province: …}"),
        (f"cities:\n{ROW}  - {{name: 宁波}}", "cities.yml：宁波：缺了 code"),
        (f'cities:\n{ROW}  - {{code: "330200"}}', "cities.yml：第 2 个地方：缺了 name"),
        (f"cities:\n{ROW.replace('full_name', 'fullname')}", "cities.yml：嘉兴：缺了 full_name"),
        (f"cities:\n{ROW.replace('}', ', alias: 禾城}')}", "cities.yml：嘉兴：不认识 alias，可能拼错了"),
        (f"cities:\n{ROW.replace('}', ', aliases: 禾城}')}", "cities.yml：嘉兴：aliases：要写成一列：[…, …]"),
        (f"cities:\n{ROW.replace('330400', '3304')}", "cities.yml：嘉兴：code：3304 不是城市的六位代码"),
        (f"cities:\n{ROW.replace('330400', '330000')}", "cities.yml：嘉兴：code：330000 不是城市的六位代码"),
        (f"cities:\n{ROW}{ROW.replace('嘉兴', '宁波')}", "cities.yml：宁波：代码 330400 已经是嘉兴的了"),
        (f"cities:\n{ROW}  - {{code: 1, code: 2}}", "cities.yml：第 3 行：code 写了两次"),
    ],
)
def test_a_registry_that_cannot_be_used_is_told(places_of: Callable[..., Places], registry: str, told: str) -> None:
    with pytest.raises(ManifestError) as refused:
        places_of(registry=registry)
    assert str(refused.value) == told


@pytest.mark.parametrize("code", ["330600", "33040", "990000"])
def test_a_file_of_no_registered_place_is_told(places_of: Callable[..., Places], code: str) -> None:
    with pytest.raises(ManifestError, match=f"^{code}.yml：cities.yml 里没有代码 {code}，先在那里加一行$"):
        places_of({code: "api: {}"})


def test_a_place_is_found_by_name_and_by_code(places_of: Callable[..., Places]) -> None:
    places = places_of()
    found = places.registered("杭州")
    assert found == Registered("330100", "杭州", "杭州市", "浙江", aliases=("杭城",))
    assert places.registered("330100") == found
    assert places.registered("海宁") == Registered("330481", "海宁", "海宁市", "浙江", needs_context=True)
    assert places.registered("平湖") is None
    assert [row.name for row in places.all_registered()] == ["杭州", "嘉兴", "海宁", "仙桃", "重庆"]


def test_two_places_may_share_a_name(places_of: Callable[..., Places]) -> None:
    other = '  - {code: "220200", name: 嘉兴, full_name: 嘉兴县, province: 吉林}\n'
    places = places_of(registry=f"cities:\n{ROW}{other}")
    assert [row.province for row in places.named("嘉兴")] == ["浙江", "吉林"]
    assert places.registered("嘉兴") == places.named("嘉兴")[0]
    assert places.named("杭州") == ()


def test_a_row_knows_its_province_and_who_governs_it(places_of: Callable[..., Places]) -> None:
    rows = list(places_of().all_registered())
    assert [row.province_code for row in rows] == ["330000", "330000", "330000", "420000", "500000"]
    assert [row.within for row in rows] == [None, None, "330400", None, None]


@pytest.mark.parametrize(
    ("code", "serving"),
    [
        ("330400", "嘉兴"),  # its own file
        ("330481", "嘉兴"),  # registered, without a file
        ("330402", "嘉兴"),  # a district, not registered
        ("330100", None),
        ("429004", "仙桃"),
        ("429005", None),
        ("500101", "重庆"),
        ("500230", "重庆"),  # a county of a municipality
        ("330000", None),
        ("", None),
    ],
)
def test_who_serves_a_place(places_of: Callable[..., Places], code: str, serving: str | None) -> None:
    places = places_of({"330000": "api: {}", "330400": "api: {}", "429004": "api: {}", "500100": "api: {}"})
    city = places.serving(code)
    assert (city and city.name) == serving


def test_a_county_level_city_with_a_file_serves_itself(places_of: Callable[..., Places]) -> None:
    city = places_of({"330400": "plate_prefix: 浙F", "330481": "plate_prefix: 浙F"}).serving("330481")
    assert city is not None
    assert (city.code, city.name, city.full_name, city.province) == ("330481", "海宁", "海宁市", "浙江")


def test_cities_are_listed_without_reading_their_files(places_of: Callable[..., Places]) -> None:
    places = places_of({"330400": "not YAML: [", "330000": "{", "330100": "api: {}"})
    assert places.served() == ("330100", "330400")
    assert places.is_served("330400")
    assert not places.is_served("330000")
    assert not places.is_served("429004")
    with pytest.raises(ManifestError, match=r"^330400\.yml："):
        places.city("330400")


def test_a_broken_province_file_is_told_by_its_own_name(places_of: Callable[..., Places]) -> None:
    places = places_of({"330000": "servces: {}", "330400": "api: {}"})
    with pytest.raises(ManifestError, match=r"^330000\.yml：servces：不认识"):
        places.city("330400")


def test_a_province_without_a_file_says_nothing(places_of: Callable[..., Places]) -> None:
    city = places_of({"330400": "services: {water: 2025-01-01}"}).city("330400")
    assert city is not None
    assert list(city.says.services) == ["water"]


@given(st.from_regex(r"[1-6]\d{5}", fullmatch=True))
def test_who_governs_a_prefecture_is_itself(code: str) -> None:
    prefecture = prefecture_of(code)
    assert prefecture is None or (prefecture[:2] == code[:2] and prefecture_of(prefecture) == prefecture)
