"""data/cities as it stands: the registry against GB/T 2260, and the 352 cities that are served."""

import datetime as dt
import re
from collections import Counter

import pytest
import yaml
from stdnum import numdb

from manifests import PlaceManifest, Places, places
from manifests.files import ROOT, read
from manifests.places import FOLDER, PLATE_LETTERS, province_of

NORTHERN = {"13", "14", "15", "21", "22", "23", "37", "41", "61", "62", "64", "65"}
LATER = {("340100", "bus_card"), ("441900", "parking")}
"""What starts after 2026-06-01."""


@pytest.fixture(scope="module")
def all_places() -> Places:
    return places()


def named_in_the_standard(code: str) -> tuple[str, str]:
    """Province and place, as the table of python-stdnum has them today."""
    (_, province), *rest = numdb.get("cn/loc").info(code)
    return province["province"], rest[0][1]["county"].split(",")[-1]


def test_the_registry_is_that_of_gb_2260(all_places: Places) -> None:
    for row in all_places.all_registered():
        province, name = named_in_the_standard(row.code)
        assert province.startswith(row.province), row
        assert "-" not in name or name.split("]")[0].endswith("-"), f"{row} is no longer in use"
        # A municipality's code is that of its districts, 市辖区.
        assert name.split("]")[-1] in (row.full_name, "市辖区"), row
        assert row.full_name.startswith(row.name), row


def test_how_many_places_have_a_name(all_places: Places) -> None:
    rows = list(all_places.all_registered())
    kinds = Counter("prefecture" if row.code.endswith("00") else "governed" if row.within else "free" for row in rows)
    assert kinds == {"prefecture": 337, "governed": 364, "free": 32}
    assert len({row.name for row in rows}) == len(rows)


def test_every_county_level_city_is_within_a_registered_prefecture(all_places: Places) -> None:
    for row in all_places.all_registered():
        if row.within is not None:
            prefecture = all_places.registered(row.within)
            assert prefecture is not None, row
            assert prefecture.province == row.province, row


@pytest.mark.parametrize("name", ["合作", "平安", "东方", "无为", "同仁", "天门", "开平", "永康"])
def test_everyday_words_count_only_in_context(all_places: Places, name: str) -> None:
    row = all_places.registered(name)
    assert row is None or row.needs_context


def test_at_least_352_cities_in_25_provinces_are_served(all_places: Places) -> None:
    served = all_places.served()
    assert len(served) >= 352
    provinces = {province_of(code) for code in served}
    assert len(provinces) >= 25
    assert provinces >= {path.stem for path in FOLDER.glob("*0000.yml")}


def test_every_served_city_can_be_read_and_offers_something(all_places: Places) -> None:
    for code in all_places.served():
        city = all_places.city(code)
        assert city is not None
        assert city.says.services, code
        assert city.says.hotlines["city"] == "12345"
        owed = set(city.says.services) & {"water", "electricity", "gas", "traffic", "parking", "heating", "bus_card"}
        assert all(city.biller(service) for service in owed), code


def test_what_is_not_offered_would_be_offered_by_the_province(all_places: Places) -> None:
    for code in all_places.served():
        own = all_places.own(code)
        assert set(own.not_offered) <= set(all_places.province(code).services), code


def test_some_services_start_later(all_places: Places) -> None:
    later = {
        (code, service)
        for code in all_places.served()
        for service, since in all_places.own(code).over(all_places.province(code)).services.items()
        if since > dt.date(2026, 6, 1)
    }
    assert later >= LATER


def test_heating_is_for_the_north(all_places: Places) -> None:
    heated = {
        code
        for code in all_places.served()
        if "heating" in all_places.own(code).over(all_places.province(code)).services
    }
    assert {code[:2] for code in heated} >= NORTHERN
    assert not heated & {"610700", "610900", "411500"}


def test_a_plate_prefix_is_of_one_prefecture(all_places: Places) -> None:
    owners: dict[str, set[str]] = {}
    for code in all_places.served():
        prefix = all_places.own(code).plate_prefix
        if prefix is None:
            assert code == "460300"
            continue
        assert prefix[0] == PLATE_LETTERS[code[:2]], code
        row = all_places.registered(code)
        assert row is not None
        # 琼C and 琼D are shared by the cities that no prefecture governs.
        owners.setdefault(prefix, set()).add("琼" if code.startswith("4690") else row.within or code)
    assert {prefix: codes for prefix, codes in owners.items() if len(codes) > 1} == {}


@pytest.mark.parametrize(
    ("name", "prefix"),
    [
        ("杭州", "浙A"), ("嘉兴", "浙F"), ("义乌", "浙G"), ("昆山", "苏E"), ("深圳", "粤B"), ("儋州", "琼F"), ("崇左", "桂F"), ("襄阳", "鄂F"),
        ("仙桃", "鄂M"), ("济源", "豫U"), ("石河子", "新C"), ("巴音郭楞", "新M"), ("廊坊", "冀R"), ("眉山", "川Z"), ("吕梁", "晋J"), ("宜春", "赣C"),
    ],
)  # fmt: skip
def test_plate_prefixes_residents_know(all_places: Places, name: str, prefix: str) -> None:
    row = all_places.registered(name)
    assert row is not None
    city = all_places.city(row.code)
    assert city is not None
    assert city.says.plate_prefix == prefix


def test_hangzhou_and_jiaxing(all_places: Places) -> None:
    hangzhou, jiaxing = all_places.city("330100"), all_places.city("330400")
    assert hangzhou is not None
    assert jiaxing is not None
    today = dt.date(2025, 1, 1)
    bills = ("water", "electricity", "gas", "traffic", "hospital", "credit")
    assert [hangzhou.offers(service, today) for service in bills] == [True] * 6
    assert [jiaxing.offers(service, today) for service in bills] == [True, True, False, True, True, False]
    assert [hangzhou.biller(service) for service in bills[:4]] == [
        "杭州市水务集团",
        "国网杭州供电公司",
        "杭州市燃气集团",
        "杭州市公安局交通警察支队",
    ]
    assert [jiaxing.biller(service) for service in bills[:4]] == [
        "嘉兴市嘉源给排水公司",
        "国网嘉兴供电公司",
        None,
        "嘉兴市公安局交通警察支队",
    ]
    assert hangzhou.says.account_numbers["water"].spoken() == "10 位数字"


def test_few_places_have_words_of_their_own(all_places: Places) -> None:
    codes = [*all_places.served(), *(path.stem for path in FOLDER.glob("*0000.yml"))]
    assert {code for code in codes if all_places.own(code).words} >= {"330400", "440000", "510100"}
    responses = {
        name
        for path in (ROOT / "domain.yml", *ROOT.glob("data/domain/*.yml"))
        for name in read(path).get("responses", {})
    }
    assert {name for code in codes for name in all_places.own(code).words} <= responses
    guangzhou = all_places.city("440100")
    assert guangzhou is not None
    assert "utter_out_of_scope" in guangzhou.says.words


@pytest.mark.parametrize(
    ("name", "serving"),
    [
        ("义乌", "义乌"),
        ("海宁", "嘉兴"),
        ("公主岭", "长春"),
        ("大理", "大理"),
        ("神农架", None),
        ("上海", None),
        ("拉萨", None),
    ],
)
def test_who_serves_a_place_that_residents_name(all_places: Places, name: str, serving: str | None) -> None:
    row = all_places.registered(name)
    assert row is not None
    city = all_places.serving(row.code)
    assert (city and city.name) == serving


def test_the_examples_of_the_documentation_can_be_used() -> None:
    examples = re.findall(r"```yaml\n(.*?)```", (ROOT / "docs" / "cities.md").read_text(encoding="utf-8"), re.DOTALL)
    assert len(examples) == 3
    for example in examples:
        PlaceManifest(**yaml.safe_load(example))
