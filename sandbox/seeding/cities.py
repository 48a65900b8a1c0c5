"""The cities on the platform and what each has connected."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from sandbox.tables import Biller, City, CityService

SERVICE_NAMES = {
    "water": "水费",
    "electricity": "电费",
    "gas": "燃气费",
    "traffic": "交通违法",
    "hospital": "预约挂号",
    "credit": "城市信用分",
}


@dataclass(frozen=True)
class CityPlan:
    """What a city is grown from.

    Args:
        code: GB/T 2260 code.
        name: short name.
        plate_prefix: the first two places of its plates.
        traffic_payee: who is paid its traffic fines.
        services: codes of the services it has connected.
        billers: bill type to the biller's name.
        regions: the region codes of its ID numbers.
        streets: district and road of its addresses.
        junctions: places where offences happen.
        households: how many households have meters.
        vehicles: how many vehicles are registered.
    """

    code: str
    name: str
    plate_prefix: str
    traffic_payee: str
    services: tuple[str, ...]
    billers: dict[str, str]
    regions: tuple[str, ...]
    streets: tuple[str, ...]
    junctions: tuple[str, ...]
    households: int
    vehicles: int


HANGZHOU = CityPlan(
    code="330100",
    name="杭州",
    plate_prefix="浙A",
    traffic_payee="杭州市公安局交通警察支队",
    services=("water", "electricity", "gas", "traffic", "hospital", "credit"),
    billers={"water": "杭州市水务集团", "electricity": "国网杭州供电公司", "gas": "杭州市燃气集团"},
    regions=("330102", "330103", "330104", "330105", "330106"),
    streets=(
        "西湖区文三路", "西湖区古墩路", "西湖区天目山路", "拱墅区莫干山路", "拱墅区湖墅南路", "上城区庆春路",
        "上城区凯旋路", "上城区解放路", "滨江区江南大道", "滨江区滨盛路", "萧山区市心中路", "余杭区文一西路",
    ),
    junctions=(
        "文一路与学院路路口", "天目山路与古墩路路口", "莫干山路与文二路路口", "庆春路与延安路路口", "环城北路与中山北路路口",
        "江南大道与江陵路路口", "秋石高架路庆春路上匝道", "凯旋路与太平门直街路口", "西溪路与玉古路路口", "湖墅南路与文晖路路口",
        "市心中路与金城路路口", "文一西路与高教路路口", "解放路与建国中路路口", "中河高架路江城路下匝道", "钱江路与新业路路口",
    ),
    households=60,
    vehicles=40,
)  # fmt: skip

JIAXING = CityPlan(
    code="330400",
    name="嘉兴",
    plate_prefix="浙F",
    traffic_payee="嘉兴市公安局交通警察支队",
    services=("water", "electricity", "traffic", "hospital"),
    billers={"water": "嘉兴市嘉源给排水公司", "electricity": "国网嘉兴供电公司"},
    regions=("330402", "330411"),
    streets=("南湖区中山东路", "南湖区吉杨路", "南湖区凌公塘路", "秀洲区中山西路", "秀洲区洪兴西路", "秀洲区东升西路"),
    junctions=(
        "中山路与禾兴路路口",
        "中环南路与吉水路路口",
        "洪兴路与秀园路路口",
        "东升路与吉杨路路口",
        "南溪路与纺工路路口",
    ),
    households=16,
    vehicles=10,
)

PLANS = (HANGZHOU, JIAXING)


def seed_cities(session: Session) -> None:
    """Put down the cities, their services and their billers."""
    for plan in PLANS:
        session.add(City(code=plan.code, name=plan.name))
        session.flush()
        for position, code in enumerate(plan.services):
            session.add(CityService(city_code=plan.code, code=code, name=SERVICE_NAMES[code], position=position))
        for bill_type, name in plan.billers.items():
            session.add(Biller(code=biller_code(plan, bill_type), city_code=plan.code, bill_type=bill_type, name=name))
    session.flush()


def biller_code(plan: CityPlan, bill_type: str) -> str:
    """A biller's code: 330100-water."""
    return f"{plan.code}-{bill_type}"
