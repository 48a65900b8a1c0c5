import datetime as dt
import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests import ManifestError, PlaceManifest, Places
from manifests.city import AccountNumberManifest, ApiManifest

DAY = dt.date(2026, 1, 1)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("srvices: {}", "srvices：不认识这一项，可能拼错了"),
        ("services: [water]", "services：要写成“名字: 值”"),
        ("services:", "services：后面没有写值"),
        ("services: {water: }", "services.water：后面没有写值"),
        ("services: {water: 以后}", "services.water：要写日期，如 2026-01-31"),
        ("services: {gas: 2025-01-01}\nnot_offered: [gas]", "整个文件：gas 既写在 services 里，又写在 not_offered 里"),
        ("not_offered: gas", "not_offered：要写成一列：[…, …]"),
        ("plate_prefix: [浙F]", "plate_prefix：要写文字，数字要加引号"),
        ("plate_prefix: 浙f", "plate_prefix：浙f 不是车牌的开头：要写省份简称和一个大写字母，如 浙A"),
        ("plate_prefix: 浙I", "plate_prefix：浙I 不是车牌的开头：要写省份简称和一个大写字母，如 浙A"),
        ("plate_prefix: 浙F1", "plate_prefix：浙F1 不是车牌的开头：要写省份简称和一个大写字母，如 浙A"),
        ("plate_prefix: 苏F", "plate_prefix：浙江的车牌以浙开头，不是 苏F"),
        ("billers: {water: '{city}水务'}", "billers：water：不认识 {city}，只能写 {name} 和 {full_name}"),
        ("billers: {water: '{name水务'}", "billers：花括号要成对：{name水务"),
        ("billers: {water: }", "billers.water：后面没有写值"),
        ("hotlines: {city: 市长热线}", "hotlines：city：市长热线 不是电话号码，如 12345、0571-12345678"),
        ("account_numbers: {water: {}}", "account_numbers.water.digits：缺了这一项"),
        ("account_numbers: {water: {digits: 10}}", "account_numbers.water.digits：要写成一列：[…, …]"),
        ("account_numbers: {water: {digits: [10]}}", "account_numbers.water.digits：要写 2 个，现在是 1 个"),
        ("account_numbers: {water: {digits: [十, 10]}}", "account_numbers.water.digits.0：要写整数"),
        ("account_numbers: {water: {digits: [12, 10]}}", "account_numbers.water：digits 要从小到大，如 [10, 12]"),
        ("api: http://jx.example", "api：要写成“名字: 值”"),
        ("api: {url: JX}", "api.url：不认识这一项，可能拼错了"),
        (
            "api: {url_from: 'http://jx.example'}",
            "api.url_from：要写环境变量的名字（大写字母、数字、下划线），不能直接写地址或密钥",
        ),
        (
            "apis: {gas: {credentials_from: s3cret}}",
            "apis.gas.credentials_from：要写环境变量的名字（大写字母、数字、下划线），不能直接写地址或密钥",
        ),
        ("words: {greet: [{text: 您好}]}", "words：greet：回复的名字以 utter_ 开头"),
        ("words: {utter_greet: 您好}", "words.utter_greet：要写成一列：[…, …]"),
        ("words: {utter_greet: [您好]}", "words.utter_greet.0：要写成“名字: 值”"),
        ("words: {utter_greet: []}", "words：utter_greet：至少要写一种说法"),
        ("words: {utter_greet: [{txt: 您好}]}", "words：utter_greet：每一种说法都要有 text"),
        ("words: {utter_greet: [{text: ' '}]}", "words：utter_greet：每一种说法都要有 text"),
        ("words: {utter_greet: [{text: '{city'}]}", "words：花括号要成对：{city"),
        ("words: {utter_greet: [{text: '{}您好'}]}", "words：utter_greet：{} 里要写名字，如 {city}"),
        (
            "words: {utter_greet: [{text: 您好, condition: []}]}",
            "words：utter_greet：不用写 condition，这里的话本来就只在本地说",
        ),
    ],
)
def test_what_is_wrong_is_told_in_chinese_with_file_and_item(
    places_of: Callable[..., Places], content: str, told: str
) -> None:
    with pytest.raises(ManifestError) as refused:
        places_of({"330400": content}).city("330400")
    assert str(refused.value) == f"330400.yml：{told}"


def test_everything_wrong_is_told_at_once(places_of: Callable[..., Places]) -> None:
    with pytest.raises(ManifestError) as refused:
        places_of({"330400": "plate: 浙F\nservices: {water: 以后}"}).city("330400")
    assert str(refused.value).splitlines() == [
        "330400.yml：services.water：要写日期，如 2026-01-31",
        "330400.yml：plate：不认识这一项，可能拼错了",
    ]


def test_a_city_wins_over_its_province_name_by_name() -> None:
    province = PlaceManifest(
        services={"water": DAY, "gas": DAY},
        billers={"water": "{full_name}水务", "gas": "{full_name}燃气"},
        hotlines={"city": "12345", "gas": "95777"},
        api={"url_from": "ALL_URL"},
        words={"utter_greet": [{"text": "省"}], "utter_thanks": [{"text": "省"}]},
    )
    city = PlaceManifest(
        services={"gas": dt.date(2027, 3, 1), "credit": DAY},
        billers={"gas": "本地燃气"},
        plate_prefix="浙F",
        words={"utter_greet": [{"text": "市"}]},
    )
    merged = city.over(province)
    assert merged.services == {"water": DAY, "gas": dt.date(2027, 3, 1), "credit": DAY}
    assert merged.billers == {"water": "{full_name}水务", "gas": "本地燃气"}
    assert merged.hotlines == province.hotlines
    assert merged.plate_prefix == "浙F"
    assert merged.api.url_from == "ALL_URL"
    assert {name: said[0]["text"] for name, said in merged.words.items()} == {
        "utter_greet": "市",
        "utter_thanks": "省",
    }


def test_what_a_city_does_not_offer_has_no_biller_there() -> None:
    province = PlaceManifest(
        services={"water": DAY, "gas": DAY},
        billers={"water": "水务", "gas": "燃气"},
        account_numbers={"gas": {"digits": [8, 8]}},
    )
    merged = PlaceManifest(not_offered=["gas"]).over(province)
    assert (merged.services, merged.billers, merged.account_numbers) == ({"water": DAY}, {"water": "水务"}, {})


def test_the_own_api_of_a_city_replaces_the_provinces() -> None:
    province = PlaceManifest(api={"url_from": "ALL_URL", "credentials_from": "ALL"})
    assert PlaceManifest(api={"url_from": "OWN_URL"}).over(province).api == ApiManifest(url_from="OWN_URL")


def test_a_service_is_offered_from_its_day_on(places_of: Callable[..., Places]) -> None:
    city = places_of({"330400": "services: {water: 2026-03-01}"}).city("330400")
    assert city is not None
    days = [dt.date(2026, 2, 28), dt.date(2026, 3, 1), dt.date(2026, 3, 2)]
    assert [city.offers("water", day) for day in days] == [False, True, True]
    assert not city.offers("gas", days[-1])


def test_a_billers_name_is_filled_in(places_of: Callable[..., Places]) -> None:
    files = {
        "330000": "billers: {electricity: '国网{name}供电公司', traffic: '{full_name}公安局'}",
        "330400": "api: {}",
    }
    city = places_of(files).city("330400")
    assert city is not None
    assert [city.biller(code) for code in ("electricity", "traffic", "gas")] == [
        "国网嘉兴供电公司",
        "嘉兴市公安局",
        None,
    ]


def test_a_single_service_may_be_asked_elsewhere(places_of: Callable[..., Places]) -> None:
    content = "api: {url_from: JIAXING_URL}\napis: {gas: {url_from: GAS_URL, credentials_from: GAS}}"
    city = places_of({"330400": content}).city("330400")
    assert city is not None
    assert city.api("water") == ApiManifest(url_from="JIAXING_URL")
    assert city.api("gas") == ApiManifest(url_from="GAS_URL", credentials_from="GAS")


@given(st.integers(-3, 30), st.integers(-3, 30))
def test_digits_go_from_few_to_many_and_are_spoken(fewest: int, most: int) -> None:
    if not 1 <= fewest <= most:
        with pytest.raises(ValueError, match="digits 要从小到大"):
            AccountNumberManifest(digits=(fewest, most))
        return
    spoken = AccountNumberManifest(digits=(fewest, most)).spoken()
    assert spoken == (f"{fewest} 位数字" if fewest == most else f"{fewest} 到 {most} 位数字")


@given(st.one_of(st.text(max_size=3), st.from_regex(r"[\u4e00-\u9fa5][A-Z]", fullmatch=True)))
def test_a_plate_prefix_is_a_hanzi_and_a_letter(prefix: str) -> None:
    try:
        believed = PlaceManifest(plate_prefix=prefix).plate_prefix == prefix
    except ValueError:
        believed = False
    assert believed == bool(re.fullmatch(r"[\u4e00-\u9fa5][A-HJ-NP-Z]", prefix))


@given(st.lists(st.sampled_from(["{", "}", "name", "full_name", "!", "r", ":", "0", "水"]), max_size=8).map("".join))
def test_a_billers_name_is_refused_or_can_be_filled_in(named: str) -> None:
    try:
        manifest = PlaceManifest(billers={"water": named})
    except ValueError:
        return
    manifest.billers["water"].format(name="嘉兴", full_name="嘉兴市")
