"""Hospitals, their departments and doctors."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy.orm import Session

from sandbox.seeding.people import FEMALE, MALE, SURNAMES
from sandbox.seeding.streams import stream
from sandbox.tables import Doctor, Hospital

GENERAL = (
    "内科", "外科", "儿科", "妇产科", "眼科", "口腔科", "耳鼻咽喉科", "皮肤科", "骨科", "中医科", "神经内科", "心血管内科",
    "消化内科", "呼吸内科", "内分泌科", "泌尿外科", "肾内科", "普外科", "肛肠科", "精神心理科", "风湿免疫科", "康复科", "急诊科", "肿瘤科",
)  # fmt: skip
CHINESE_MEDICINE = ("中医科", "内科", "骨科", "皮肤科", "康复科", "消化内科", "妇产科", "肿瘤科", "口腔科", "眼科")
WOMEN_AND_CHILDREN = ("妇产科", "儿科", "口腔科", "皮肤科", "内分泌科", "中医科")
CHILDREN = ("儿科", "口腔科", "眼科", "耳鼻咽喉科", "皮肤科", "骨科", "神经内科", "呼吸内科")

TITLES = (("主任医师", Decimal("50.00")), ("副主任医师", Decimal("30.00")), ("主治医师", Decimal("18.00")))
"""The titles and what a visit costs, in turn."""
DOCTORS_A_DEPARTMENT = 2
EVENING_DEPARTMENTS = ("口腔科", "儿科", "内科", "皮肤科", "眼科", "中医科")


@dataclass(frozen=True)
class HospitalPlan:
    """A hospital to be made."""

    code: str
    city_code: str
    name: str
    level: str
    address: str
    cancel_hours: int
    departments: tuple[str, ...]
    evenings: bool = False


HOSPITALS = (
    HospitalPlan("H330101", "330100", "市第一人民医院", "三级甲等", "上城区浣纱路261号", 12, GENERAL, evenings=True),
    HospitalPlan("H330102", "330100", "市第二人民医院", "三级甲等", "拱墅区温州路126号", 2, GENERAL),
    HospitalPlan(
        "H330103", "330100", "市中医院", "三级甲等", "西湖区体育场路453号", 4, CHINESE_MEDICINE, evenings=True
    ),
    HospitalPlan("H330104", "330100", "市妇幼保健院", "三级甲等", "上城区鲲鹏路369号", 12, WOMEN_AND_CHILDREN),
    HospitalPlan("H330105", "330100", "市儿童医院", "三级甲等", "拱墅区文晖路195号", 2, CHILDREN, evenings=True),
    HospitalPlan("H330106", "330100", "浙江大学附属邵逸夫医院", "三级甲等", "上城区庆春东路3号", 24, GENERAL),
    HospitalPlan("H330107", "330100", "市口腔医院", "三级甲等", "上城区平海路57号", 4, ("口腔科",), evenings=True),
    HospitalPlan("H330401", "330400", "嘉兴市第一医院", "三级甲等", "南湖区中环南路1882号", 12, GENERAL, evenings=True),
    HospitalPlan("H330402", "330400", "嘉兴市第二医院", "三级甲等", "南湖区环城北路1518号", 4, GENERAL),
)


def seed_hospitals(session: Session, seed: int) -> None:
    """Open all hospitals of all cities and staff their departments."""
    for plan in HOSPITALS:
        session.add(
            Hospital(
                code=plan.code,
                city_code=plan.city_code,
                name=plan.name,
                level=plan.level,
                address=plan.address,
                cancel_hours=plan.cancel_hours,
            )
        )
        session.flush()
        rng = stream(seed, "doctors", plan.code)
        for department_place, department in enumerate(plan.departments):
            for place in range(DOCTORS_A_DEPARTMENT):
                title, fee = TITLES[(department_place + place) % len(TITLES)]
                session.add(
                    Doctor(
                        hospital_code=plan.code,
                        department=department,
                        name=rng.choice(SURNAMES) + rng.choice(MALE + FEMALE),
                        title=title,
                        fee=fee,
                        evenings=plan.evenings and department in EVENING_DEPARTMENTS and place == 0,
                    )
                )
        session.flush()
