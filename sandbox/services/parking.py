"""Parking: stays in street bays, and paying for them."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Column, ForeignKey, Integer, String, select
from sqlalchemy.orm import Session

from city_api.parking import Stay as StayAnswer
from city_api.parking import Stays
from city_api.payments import Receipt
from sandbox.column_types import Hundredths, UtcMoment
from sandbox.errors import CityError
from sandbox.here import InCity
from sandbox.idempotency import Once
from sandbox.payable import Payable, PaymentIn, settle
from sandbox.plates import require_plate
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base, Vehicle

STAYS_PATTERN = (1, 0, 2, 0, 3)
"""How many unpaid stays vehicles have, in turn."""
FEE_A_HALF_HOUR = Decimal("2.50")
RECEIPT_SERIES = "31"


class Stay(Payable, Base):
    """A vehicle's stay in a bay."""

    __tablename__ = "parking_stays"
    stay_id = Column(String(24), primary_key=True)
    city_code = Column(String(6), nullable=False)
    plate_number = Column(ForeignKey("vehicles.plate"), nullable=False, index=True)
    place = Column(String(60), nullable=False)
    began_at = Column(UtcMoment, nullable=False)
    minutes = Column(Integer, nullable=False)
    fee = Column(Hundredths, nullable=False)


def seed(growth: Growth) -> None:
    """Let vehicles have parked in the last weeks."""
    for place, car in enumerate(growth.register.cars):
        for index in range(STAYS_PATTERN[place % len(STAYS_PATTERN)]):
            rng = growth.stream("stay", place, index)
            half_hours = rng.randint(1, 8)
            growth.add(
                Stay,
                stay_id=growth.number("P", 8),
                city_code=growth.city.code,
                plate_number=car.plate,
                place=rng.choice(growth.register.land.streets),
                began_at=growth.moment(growth.today - timedelta(days=rng.randint(1, 20)), rng.randint(8, 20)),
                minutes=half_hours * 30 - rng.randint(0, 20),
                fee=FEE_A_HALF_HOUR * half_hours,
            )


def samples(session: Session, city: str) -> dict[str, Any]:
    """Plates with no, one and two unpaid stays."""
    unpaid = select(Stay.plate_number).where(Stay.city_code == city, Stay.receipt_number.is_(None))
    owing = session.execute(unpaid).scalars().all()
    every = session.execute(select(Vehicle.plate).where(Vehicle.city_code == city)).scalars().all()
    counts = {f"parking_{word}": number for number, word in enumerate(("none", "one", "two"))}
    return {
        "plates": {
            name: next((plate for plate in every if owing.count(plate) == count), None)
            for name, count in counts.items()
        }
    }


router = APIRouter()


@router.get("/vehicles/{plate_number}/stays", response_model=Stays)
def list_stays(plate_number: str, here: InCity) -> Stays:
    """A vehicle's unpaid stays.

    Raises:
        CityError: 404 service_not_connected, vehicle_not_found; 422 invalid_plate_number.
    """
    require_plate(plate_number)
    with here.read() as session:
        vehicle = session.get(Vehicle, plate_number)
        if vehicle is None or vehicle.city_code != here.code:
            raise CityError(404, "vehicle_not_found", "没有找到这辆车的登记信息")
        query = select(Stay).where(Stay.plate_number == plate_number, Stay.receipt_number.is_(None))
        return Stays(
            biller_code=f"{here.code}-parking",
            payee=here.payee("parking"),
            plate_number=plate_number,
            stays=[
                StayAnswer(
                    stay_id=one.stay_id, place=one.place, began_at=one.began_at, minutes=one.minutes, fee=one.fee
                )
                for one in session.execute(query.order_by(Stay.began_at)).scalars()
            ],
        )


@router.post("/stays/{stay_id}/payments", response_model=Receipt)
def pay_stay(stay_id: str, body: PaymentIn, once: Once, here: InCity) -> Response:
    """Settle a stay, once.

    Raises:
        CityError: 404 service_not_connected, stay_not_found; 409 stay_already_paid, amount_mismatch.
    """

    def pay(session: Session) -> Receipt:
        query = select(Stay).where(Stay.stay_id == stay_id, Stay.city_code == here.code).with_for_update()
        stay = session.execute(query).scalar_one_or_none()
        if stay is None:
            raise CityError(404, "stay_not_found", "没有找到这次停车")
        return settle(
            session,
            here,
            stay,
            stay.fee,
            body,
            series=RECEIPT_SERIES,
            paid_code="stay_already_paid",
            paid_message="这次停车的费用已经缴清",
        )

    return once.run(body, pay)


service = SandboxService(router, seed, samples)
