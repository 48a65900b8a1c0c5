"""Vehicles, their offences and the decisions on them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from sandbox.clock import SHANGHAI
from sandbox.numbers import receipt_number
from sandbox.penalties import penalty
from sandbox.seeding.cities import CityPlan
from sandbox.seeding.streams import stream, unused_digits
from sandbox.tables import Decision, Vehicle, Violation


@dataclass(frozen=True)
class Behaviour:
    """An offence of the national list (GA/T 16.31), with the points of the 2022 rules and a usual fine here."""

    code: str
    text: str
    fine: Decimal
    points: int
    camera: bool = True


RED_LIGHT = Behaviour("1625", "驾驶机动车违反道路交通信号灯通行的", Decimal("200.00"), 6)
PARKING = Behaviour("1039", "机动车违反规定停放、临时停车，妨碍其他车辆、行人通行的", Decimal("150.00"), 0)
NO_ENTRY = Behaviour("1344", "机动车违反禁令标志指示的", Decimal("150.00"), 1)
MARKINGS = Behaviour("1345", "机动车违反禁止标线指示的", Decimal("150.00"), 1)
CROSSING = Behaviour("1357", "遇行人正在通过人行横道时未停车让行的", Decimal("150.00"), 3)
TELEPHONE = Behaviour("1223", "驾驶时拨打接听手持电话的", Decimal("150.00"), 3, camera=False)
BEHAVIOURS = (RED_LIGHT, PARKING, NO_ENTRY, MARKINGS, CROSSING, TELEPHONE)

UNCONFIRMED, DECIDED, OVERDUE, PAID = "unconfirmed", "decided", "overdue", "paid"
HISTORIES: tuple[tuple[tuple[Behaviour, str], ...], ...] = (
    ((PARKING, UNCONFIRMED), (NO_ENTRY, PAID)),
    ((RED_LIGHT, DECIDED),),
    (),
    ((RED_LIGHT, UNCONFIRMED), (PARKING, UNCONFIRMED), (MARKINGS, PAID)),
    ((TELEPHONE, UNCONFIRMED), (PARKING, PAID)),
    ((PARKING, OVERDUE), (CROSSING, UNCONFIRMED)),
    ((MARKINGS, PAID),),
    ((CROSSING, UNCONFIRMED), (NO_ENTRY, DECIDED), (PARKING, PAID)),
)
"""What vehicles have behind them, in turn."""


def seed_traffic(
    session: Session, plan: CityPlan, seed: int, owners: list[int], now: datetime, serials: Iterator[int]
) -> None:
    """Register vehicles and what they did.

    Args:
        session: an open session.
        plan: the city.
        seed: the city's seed.
        owners: residents' ids; each owns one vehicle at most.
        now: the moment of seeding; everything happened before it.
        serials: counts the receipts, over all cities.
    """
    rng = stream(seed, "vehicles", plan.code)
    taken: set[str] = set()
    vehicles = []
    for index, owner in enumerate(owners[: plan.vehicles]):
        electric = index % 4 == 3
        vehicles.append(
            Vehicle(
                plate_number=_plate(rng, plan, electric, taken),
                city_code=plan.code,
                kind="小型新能源汽车" if electric else "小型汽车",
                owner_id=owner,
            )
        )
    session.add_all(vehicles)
    session.flush()
    numbers: set[str] = set()
    for index, vehicle in enumerate(vehicles):
        history = HISTORIES[index % len(HISTORIES)]
        for position, (behaviour, outcome) in enumerate(history):
            violation = _violation(stream(seed, "offence", vehicle.plate_number, position), plan, vehicle, behaviour)
            violation.violation_id = unused_digits(rng, numbers, "V", 12)
            decision_number = unused_digits(rng, numbers, plan.regions[-1], 9)
            _happen(session, plan, violation, outcome, decision_number, now, serials)
    session.flush()


def _happen(
    session: Session,
    plan: CityPlan,
    violation: Violation,
    outcome: str,
    decision_number: str,
    now: datetime,
    serials: Iterator[int],
) -> None:
    """Date the offence and carry it as far as its outcome says."""
    days = {UNCONFIRMED: 9, DECIDED: 8, OVERDUE: 26, PAID: 150}[outcome] + int(violation.violation_id[-1])
    clock = stream(0, violation.violation_id)
    moment = now.astimezone(SHANGHAI) - timedelta(days=days)
    violation.occurred_at = moment.replace(
        hour=clock.randint(7, 21), minute=clock.randint(0, 59), second=0, microsecond=0
    )
    session.add(violation)
    session.flush()
    if outcome == UNCONFIRMED:
        return
    decided_at = violation.occurred_at + timedelta(days=5)
    decision = Decision(
        decision_number=decision_number,
        violation_id=violation.violation_id,
        city_code=plan.code,
        payee=plan.traffic_payee,
        decided_at=decided_at,
    )
    if outcome == PAID:
        paid_at = decided_at + timedelta(days=3, hours=1)
        decision.paid_at = paid_at
        decision.paid_amount = penalty(violation, decision, paid_at).total
        decision.receipt_number = receipt_number(paid_at, f"2{next(serials):05d}")
    session.add(decision)


def _violation(rng: random.Random, plan: CityPlan, vehicle: Vehicle, behaviour: Behaviour) -> Violation:
    return Violation(
        plate_number=vehicle.plate_number,
        place=rng.choice(plan.junctions),
        behaviour_code=behaviour.code,
        behaviour=behaviour.text,
        fine=behaviour.fine,
        points=behaviour.points,
        camera=behaviour.camera,
    )


def _plate(rng: random.Random, plan: CityPlan, electric: bool, taken: set[str]) -> str:
    """An ordinary plate with one letter, or a new-energy one that begins with D (GA 36)."""
    if electric:
        return unused_digits(rng, taken, f"{plan.plate_prefix}D", 5)
    return unused_digits(rng, taken, plan.plate_prefix + rng.choice("BCEGHJKLMNPQRSTUVWXYZ"), 4)
