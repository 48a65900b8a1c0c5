from pathlib import Path
from typing import Any

import pytest

from manifests import ManifestError, ServiceManifest, Services, services
from manifests.services import read_services


def manifest(name: str, place: int = 1, **items: Any) -> ServiceManifest:
    """A service with one task, `query_<name>`, and one city service of its own name."""
    return ServiceManifest(
        name=name,
        place=place,
        **{
            "title": name,
            "city_services": {name: {"title": name, "path": name}},
            "tasks": {f"query_{name}": {"title": name, "asks": [], "ends": "look_up"}},
            **items,
        },
    )


PAYS = {"title": "交", "asks": ["confirmation"], "ends": "payment", "pays": "fee"}
PLATE = {"title": "车牌号", "form": ".", "reader": "plate"}


@pytest.mark.parametrize(
    ("items", "told"),
    [
        ({"tasks": {"pay_it": {"title": "交", "asks": [], "ends": "look_up"}}}, "任务 pay_it"),
        ({"city_services": {"water": {"title": "水", "path": "water"}}}, "city_services 的代码 water"),
        ({"entities": {"plate_number": PLATE}}, "实体 plate_number"),
        ({"topics": {"bill": ["账单"]}}, "话题 bill"),
    ],
)
def test_what_two_services_declare_is_refused(items: dict[str, Any], told: str) -> None:
    with pytest.raises(ManifestError) as refused:
        Services([manifest("first", **items), manifest("second", **items)])
    assert str(refused.value) == f"second.yml：{told} 已经写在 first.yml 里了"


def test_a_payment_kind_is_of_one_service_and_may_be_of_two_tasks() -> None:
    both = Services([manifest("first", tasks={"pay_a": PAYS, "pay_b": PAYS})])
    assert both.payment_kinds() == {"fee"}
    with pytest.raises(ManifestError, match="^second.yml：付款种类 fee 已经写在 first.yml 里了$"):
        Services([manifest("first", tasks={"pay_a": PAYS}), manifest("second", tasks={"pay_b": PAYS})])


def test_services_stand_in_their_places() -> None:
    all_ = Services([manifest("late", 30), manifest("second", 10), manifest("first", 10)])
    assert all_.names() == ("first", "second", "late")
    assert [one.name for one in all_] == list(all_.names())
    assert "late" in all_
    assert "query_late" not in all_
    assert all_["late"].place == 30


def test_an_intent_knows_its_task_and_service() -> None:
    all_ = Services([manifest("water"), manifest("gas")])
    assert all_.task("query_gas").title == "gas"
    assert all_.of_intent("query_gas") is all_["gas"]
    assert all_.of_intent("greet") is None
    with pytest.raises(KeyError):
        all_.task("greet")
    assert {code: one.name for code, one in all_.city_services().items()} == {"gas": "gas", "water": "water"}


def test_the_menu_shows_what_has_a_place_in_it() -> None:
    tasks = {
        intent: {"title": intent, "asks": [], "ends": "look_up", **({} if place is None else {"menu": place})}
        for intent, place in {"third": 30, "hidden": None, "first": 10}.items()
    }
    shown = Services([manifest("one", tasks=tasks), manifest("two", 2)]).menu()
    assert [intent for intent, _, _ in shown] == ["first", "third"]


def test_entities_that_speak_of_a_service() -> None:
    hears = {"query_it": {"title": "查", "asks": [], "hears": ["plate_number", "date"], "ends": "look_up"}}
    all_ = Services(
        [manifest("first", tasks=hears, cues=["amount"]), manifest("second", entities={"plate_number": PLATE})]
    )
    assert all_.spoken_of_by("first") == {"amount", "plate_number"}
    assert all_.spoken_of_by("second") == {"plate_number"}
    assert set(all_.entities()) == {"plate_number"}


def test_a_folder_without_manifests_is_told(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="里没有一份服务清单$"):
        read_services(tmp_path)


def test_the_services_of_this_project_hang_together() -> None:
    assert {"utility_bills", "traffic", "hospital", "credit"} <= set(services().names())
    assert {"water", "electricity", "gas", "traffic", "hospital", "credit"} <= set(services().city_services())
