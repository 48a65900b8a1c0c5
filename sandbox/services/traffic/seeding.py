"""The offences of a city's vehicles and the decisions on them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from sandbox.seeding.growth import Car, Growth
from sandbox.seeding.land import ROADS
from sandbox.services.traffic.penalties import penalty
from sandbox.services.traffic.tables import Decision, EngineNumber, Violation

RECEIPT_SERIES = "20"
ENGINE_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
"""Letters of engine numbers here; none that is taken for a digit."""


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
DAYS_AGO = {UNCONFIRMED: 9, DECIDED: 8, OVERDUE: 26, PAID: 150}
"""How long ago an offence was at least; up to nine days more."""
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


def seed(growth: Growth) -> None:
    """Give every vehicle its engine number and its history."""
    junctions = growth.detail("junctions") or _junctions(growth)
    for index, car in enumerate(growth.register.cars):
        growth.add(EngineNumber, plate=car.plate, number=_engine_number(growth, car.plate))
        for behaviour, outcome in HISTORIES[index % len(HISTORIES)]:
            _happen(growth, car, behaviour, outcome, junctions)


def _happen(growth: Growth, car: Car, behaviour: Behaviour, outcome: str, junctions: list[str]) -> None:
    """Let an offence happen and carry it as far as its outcome says."""
    violation_id = growth.number("V", 6)
    rng = growth.stream("offence", violation_id)
    day = growth.today - timedelta(days=DAYS_AGO[outcome] + rng.randint(0, 9))
    violation = Violation(
        violation_id=violation_id,
        plate=car.plate,
        occurred_at=growth.moment(day, rng.randint(7, 21), rng.randint(0, 59)),
        place=rng.choice(junctions),
        behaviour_code=behaviour.code,
        behaviour=behaviour.text,
        fine=behaviour.fine,
        points=behaviour.points,
        camera=behaviour.camera,
    )
    growth.add(Violation, **_columns(violation))
    if outcome == UNCONFIRMED:
        return
    decision = Decision(
        decision_number=growth.number("", 9),
        violation_id=violation_id,
        city_code=growth.city.code,
        driver_id=car.owner.id,
        payee=growth.payee(),
        decided_at=violation.occurred_at + timedelta(days=5),
    )
    if outcome == PAID:
        decision.paid_at = decision.decided_at + timedelta(days=3, hours=1)
        decision.paid_amount = penalty(violation, decision, decision.paid_at).total
        decision.receipt_number = growth.receipt(decision.paid_at, RECEIPT_SERIES)
    growth.add(Decision, **_columns(decision))


def _engine_number(growth: Growth, plate: str) -> str:
    """A maker's letters and a serial of six, in every third of which a letter stands."""
    rng = growth.stream("engine", plate)
    serial = f"{rng.randrange(10**6):06d}"
    if rng.randrange(3) == 0:
        serial = rng.choice(ENGINE_LETTERS) + serial[1:]
    return "".join(rng.choices(ENGINE_LETTERS, k=2)) + str(rng.randrange(10)) + serial


def _columns(row: Violation | Decision) -> dict[str, object]:
    return {column.name: getattr(row, column.name) for column in row.__table__.columns}


def _junctions(growth: Growth) -> list[str]:
    roads = growth.stream("junctions").sample(ROADS, 16)
    return [f"{one}与{other}路口" for one, other in zip(roads[::2], roads[1::2], strict=True)]
