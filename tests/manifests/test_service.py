from pathlib import Path
from typing import Any

import pytest
import yaml

from manifests import ManifestError, ServiceManifest
from manifests.services import read_service

LOOK_UP = {"title": "查停车费", "asks": ["plate_number"], "ends": "look_up"}
PAY = {"title": "交停车费", "asks": ["plate_number", "confirmation"], "ends": "payment", "pays": "parking_fee"}
PLATE = {"title": "车牌号", "form": "[A-Z]+", "reader": "plate"}


def service(**items: Any) -> dict[str, Any]:
    """A manifest that can be used, but for these items."""
    return {
        "title": "停车费",
        "place": 50,
        "city_services": {"parking": {"title": "停车费", "path": "parking"}},
        "tasks": {"query_parking_fee": LOOK_UP},
        **items,
    }


def task(base: dict[str, Any], **items: Any) -> dict[str, Any]:
    return service(tasks={"query_parking_fee": {**base, **items}})


def entity(**items: Any) -> dict[str, Any]:
    return service(entities={"plate_number": {**PLATE, **items}})


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (service(tasks={}), "tasks：至少要有一个任务"),
        (service(titel="停车费"), "titel：不认识这一项，可能拼错了"),
        (service(place="中间"), "place：要写整数"),
        (
            service(tasks={"query_parking_fee": {"title": "查", "ends": "look_up"}}),
            "tasks.query_parking_fee.asks：缺了这一项",
        ),
        (service(tasks={"查停车费": LOOK_UP}), "tasks：不合这个格式：^[a-z][a-z0-9_]{1,39}$"),
        (task(LOOK_UP, ends="done"), "tasks.query_parking_fee.ends：不是可以写的值"),
        (task(LOOK_UP, identity=3), "tasks.query_parking_fee.identity：不是可以写的值"),
        (
            task(LOOK_UP, ends="payment"),
            "tasks.query_parking_fee：ends 是 payment 的要写 pays，写了 pays 的 ends 要是 payment",
        ),
        (
            task(LOOK_UP, pays="parking_fee"),
            "tasks.query_parking_fee：ends 是 payment 的要写 pays，写了 pays 的 ends 要是 payment",
        ),
        (
            task(PAY, asks=["plate_number"]),
            "tasks.query_parking_fee：要付款的任务，asks 里要有 confirmation：没有确认不能付款",
        ),
        (
            task(LOOK_UP, identity=2, asks=["person_name"]),
            "tasks.query_parking_fee：identity 是 2 的任务，asks 里要有 person_name 和 id_number",
        ),
        (
            task(LOOK_UP, city_service="gas"),
            "整个文件：query_parking_fee：city_service gas 不在 city_services 里",
        ),
        (
            task(LOOK_UP, then=["pay_parking_fee"]),
            "整个文件：query_parking_fee：then 里的 pay_parking_fee 不是这项服务的任务",
        ),
        *(
            (task(LOOK_UP, **{item: ["lot"]}), "整个文件：query_parking_fee：lot 不在 asks 里，没有人问它")
            for item in ("yes_no", "choices", "composed")
        ),
        (
            service(city_services={"a1": {"title": "甲", "path": "a"}, "b1": {"title": "乙", "path": "b"}}),
            "整个文件：city_services 不止一个，要写 city_service_by，或在任务里写 city_service：query_parking_fee",
        ),
        (
            service(city_services={"parking": {"title": "停车费", "path": "/Parking"}}),
            "city_services.parking.path：不合这个格式：^[a-z0-9-]+(/[a-z0-9-]+)*$",
        ),
        (entity(reader="gazetteer"), "entities.plate_number：reader 是 gazetteer 时要写 file"),
        (entity(reader="number"), "entities.plate_number：reader 是 number 时要写 said_beside 和 digits"),
        (entity(reader="eyes"), "entities.plate_number.reader：不是可以写的值"),
        (
            entity(at_most="many"),
            "entities.plate_number.at_most：要写成“次数 per 时间”，如 20 per hour、5 per 15 minutes",
        ),
        (
            entity(at_most="0 per hour"),
            "entities.plate_number.at_most：要写成“次数 per 时间”，如 20 per hour、5 per 15 minutes",
        ),
        (entity(belongs_to="lot"), "整个文件：plate_number：belongs_to lot 不是这项服务的实体"),
    ],
)
def test_what_is_wrong_is_told_in_chinese_with_file_and_item(
    tmp_path: Path, content: dict[str, Any], told: str
) -> None:
    path = tmp_path / "parking.yml"
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    with pytest.raises(ManifestError) as refused:
        read_service(path)
    assert str(refused.value) == f"parking.yml：{told}"


def test_a_service_bears_its_files_name(tmp_path: Path) -> None:
    path = tmp_path / "parking.yml"
    path.write_text(yaml.safe_dump(service(), allow_unicode=True), encoding="utf-8")
    assert read_service(path).name == "parking"


def test_yes_no_and_choices_follow_from_what_is_asked() -> None:
    asks = ["plate_number", "parking_choice", "confirmation"]
    task_ = ServiceManifest(name="parking", **task(PAY, asks=asks)).tasks["query_parking_fee"]
    assert (task_.yes_no, task_.choices) == (("confirmation",), ("parking_choice",))
    own = ServiceManifest(name="parking", **task(PAY, asks=asks, yes_no=["plate_number"], choices=[]))
    assert (own.tasks["query_parking_fee"].yes_no, own.tasks["query_parking_fee"].choices) == (("plate_number",), ())


def test_the_city_service_of_a_task() -> None:
    codes = {"water": {"title": "水费", "path": "water"}, "gas": {"title": "燃气费", "path": "gas"}}
    by_slot = ServiceManifest(name="bills", **service(city_services=codes, city_service_by="bill_type"))
    assert [by_slot.city_service("query_parking_fee", {"bill_type": said}) for said in ("gas", "rent", None)] == [
        "gas",
        None,
        None,
    ]
    tasks = {"query_parking_fee": {**LOOK_UP, "city_service": "water"}}
    named = ServiceManifest(name="bills", **service(city_services=codes, tasks=tasks))
    assert named.city_service("query_parking_fee", {"bill_type": "gas"}) == "water"
    only = ServiceManifest(name="parking", **service())
    assert only.city_service("query_parking_fee", {}) == "parking"
