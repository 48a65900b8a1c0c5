"""Hospitals, their departments and doctors, and the first schedules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sandbox.seeding.growth import Growth
from sandbox.seeding.people import make_name
from sandbox.services.hospital.names import aliases_of, place_name
from sandbox.services.hospital.schedules import DAYS_AHEAD, Roster, clinics, write_days
from sandbox.services.hospital.tables import Doctor, Hospital, Scheduled, Slot

DEPARTMENTS = {
    "general": (
        "内科", "外科", "儿科", "妇产科", "眼科", "口腔科", "耳鼻咽喉科", "皮肤科", "骨科", "中医科", "神经内科",
        "心血管内科", "消化内科", "呼吸内科", "内分泌科", "泌尿外科", "肾内科", "普外科", "肛肠科", "精神心理科",
        "风湿免疫科", "康复科", "急诊科", "肿瘤科",
    ),
    "chinese_medicine": (
        "中医科", "内科", "骨科", "皮肤科", "康复科", "消化内科", "妇产科", "肿瘤科", "口腔科", "眼科",
    ),
    "women_and_children": (
        "妇产科", "儿科", "口腔科", "皮肤科", "内分泌科", "中医科",
    ),
    "children": (
        "儿科", "口腔科", "眼科", "耳鼻咽喉科", "皮肤科", "骨科", "神经内科", "呼吸内科",
    ),
    "teeth": ("口腔科",),
}  # fmt: skip
"""The departments of a kind of hospital."""
INVENTED: tuple[dict[str, Any], ...] = (
    {"name": "第一人民医院", "level": "三级甲等", "cancel_hours": 12, "kind": "general", "evenings": True},
    {"name": "第二人民医院", "level": "三级乙等", "cancel_hours": 4, "kind": "general"},
    {"name": "中医院", "level": "三级乙等", "cancel_hours": 4, "kind": "chinese_medicine", "evenings": True},
    {"name": "妇幼保健院", "level": "三级乙等", "cancel_hours": 12, "kind": "women_and_children"},
)
"""What a city has of which nothing was written by hand; its name is put before."""
TITLES = (("主任医师", Decimal("50.00")), ("副主任医师", Decimal("30.00")), ("主治医师", Decimal("18.00")))
"""The titles and what a visit costs, in turn."""
DOCTORS_A_DEPARTMENT = 2
EVENING_DEPARTMENTS = ("口腔科", "儿科", "内科", "皮肤科", "眼科", "中医科")


@dataclass(frozen=True)
class Plan:
    """A hospital to be opened.

    Attributes:
        name: as it is known officially.
        level: 三级甲等.
        address: its street and number.
        cancel_hours: how long before a visit it may be cancelled.
        kind: of DEPARTMENTS.
        evenings: whether some departments see patients in the evening.
        aliases: what residents call it besides what names of its kind are called.
    """

    name: str
    level: str
    address: str
    cancel_hours: int
    kind: str
    evenings: bool = False
    aliases: tuple[str, ...] = ()


def seed(growth: Growth) -> None:
    """Open the hospitals, staff their departments, and write the schedules of two weeks."""
    city = growth.city
    written = growth.detail("hospitals")
    plans = [Plan(**one) for one in written] if written else _invented(growth)
    roster: list[Roster] = []
    for number, plan in enumerate(plans, start=1):
        code = f"H{city.code}{number:02d}"
        growth.add(
            Hospital,
            code=code,
            city_code=city.code,
            name=plan.name,
            aliases="、".join(aliases_of(plan.name, city, plan.aliases)),
            level=plan.level,
            address=plan.address,
            cancel_hours=plan.cancel_hours,
        )
        _staff(growth, code, plan, roster)
    through = growth.today + timedelta(days=DAYS_AHEAD)
    growth.add_rows(Slot, write_days(growth.seed, city.code, clinics(roster), growth.today, through))
    growth.add(Scheduled, city_code=city.code, through=through)


def _staff(growth: Growth, hospital: str, plan: Plan, roster: list[Roster]) -> None:
    rng = growth.stream("doctors", hospital)
    for department_place, department in enumerate(DEPARTMENTS[plan.kind]):
        for place in range(DOCTORS_A_DEPARTMENT):
            title, fee = TITLES[(department_place + place) % len(TITLES)]
            # The city's code and three digits, as residents have it.
            number = int(growth.city.code) * 1000 + len(roster)
            evenings = plan.evenings and department in EVENING_DEPARTMENTS and place == 0
            growth.add(
                Doctor,
                id=number,
                hospital_code=hospital,
                department=department,
                name=make_name(rng),
                title=title,
                fee=fee,
                evenings=evenings,
            )
            roster.append(Roster(number, hospital, department, evenings))


def _invented(growth: Growth) -> list[Plan]:
    rng = growth.stream("hospitals")
    place = place_name(growth.city)
    streets = growth.register.land.streets
    return [
        Plan(**{**one, "name": place + one["name"], "address": f"{rng.choice(streets)}{rng.randint(8, 399)}号"})
        for one in INVENTED
    ]
