"""Credit records: a base every record starts from, and the factors that moved it."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from sandbox.seeding.cities import CityPlan
from sandbox.seeding.streams import stream
from sandbox.tables import CreditFactor, CreditRecord

BASE = 550
FACTORS = (
    ("水电气缴费", "近 12 个月按时缴纳水电气费", (20, 60)),
    ("社保缴纳", "连续缴纳社会保险", (30, 80)),
    ("志愿服务", "近一年参加志愿服务", (10, 50)),
    ("无偿献血", "近三年有无偿献血记录", (15, 40)),
    ("图书借阅", "按期归还图书馆图书", (5, 20)),
    ("交通违法", "近一年有未处理或多次交通违法", (-60, -10)),
    ("逾期缴费", "近 12 个月有账单逾期", (-40, -10)),
    ("预约爽约", "近半年有预约挂号未就诊", (-25, -5)),
)
"""Name, reason, and the least and greatest number of points."""


def seed_credit(session: Session, plan: CityPlan, seed: int, adults: list[int], today: date) -> None:
    """Give four adults in five a record, as of the first of the month.

    Args:
        session: an open session.
        plan: the city; without the credit service nobody gets a record.
        seed: the city's seed.
        adults: residents' ids.
        today: the day of seeding.
    """
    if "credit" not in plan.services:
        return
    for position, resident_id in enumerate(adults):
        if position % 5 == 4:
            continue
        rng = stream(seed, "credit", plan.code, position)
        chosen = sorted(rng.sample(range(len(FACTORS)), rng.randint(3, 5)))
        effects = [rng.randint(*FACTORS[index][2]) for index in chosen]
        session.add(CreditRecord(resident_id=resident_id, score=BASE + sum(effects), as_of=today.replace(day=1)))
        session.flush()
        for place, (index, effect) in enumerate(zip(chosen, effects, strict=True)):
            name, reason, _ = FACTORS[index]
            session.add(CreditFactor(resident_id=resident_id, position=place, name=name, effect=effect, reason=reason))
    session.flush()
