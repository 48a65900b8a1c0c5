"""The answers of the city's API and of the payment provider, typed. Amounts are yuan with two places, as Decimal."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, condecimal

if TYPE_CHECKING:
    Yuan = Decimal
else:
    Yuan = condecimal(ge=Decimal(0), max_digits=14, decimal_places=2)

BillType = Literal["water", "electricity", "gas"]
Period = Literal["morning", "afternoon", "evening"]


class Answer(BaseModel):
    """What all answers share: they do not change, and what a newer API adds does no harm."""

    class Config:
        """pydantic's settings."""

        allow_mutation = False
        frozen = True
        extra = "ignore"


class CityService(Answer):
    """A service that the city has connected."""

    code: str
    name: str
    status: Literal["available", "maintenance"]
    until: dt.datetime | None = None


class CityServices(Answer):
    """What the city has connected."""

    services: list[CityService]


class Biller(Answer):
    """Who is owed."""

    code: str
    name: str


class Account(Answer):
    """A household's account with a biller, its holder masked by the city."""

    account_number: str
    holder_name_masked: str
    address_masked: str


class Bill(Answer):
    """A month's bill; `period` is `YYYY-MM`, `usage` counts in `unit`."""

    bill_id: str
    period: str
    usage: Decimal
    unit: str
    amount: Yuan
    status: Literal["unpaid", "paid"]
    due_on: dt.date
    receipt_number: str | None = None
    paid_at: dt.datetime | None = None


class Bills(Answer):
    """An account's bills, the newest first."""

    biller: Biller
    account: Account
    bills: list[Bill]


class Receipt(Answer):
    """The city's proof that a bill or a fine is paid."""

    receipt_number: str
    paid_at: dt.datetime


class Driver(Answer):
    """The points of the driver whose licence the vehicle is bound to."""

    points_left: int
    points_total: int
    cycle_ends_on: dt.date


class Violation(Answer):
    """A traffic violation; `camera` when a camera saw it, so that it can be confirmed online."""

    violation_id: str
    occurred_at: dt.datetime
    place: str
    behaviour: str
    behaviour_code: str
    fine: Yuan
    points: int
    camera: bool
    status: Literal["unconfirmed", "decided", "paid"]
    decision_number: str | None = None


class Violations(Answer):
    """A vehicle's violations."""

    plate_number: str
    vehicle_kind: str
    driver: Driver
    violations: list[Violation]


class Decision(Answer):
    """A penalty decision; `total` is fine and late fee together."""

    decision_number: str
    plate_number_masked: str
    occurred_at: dt.datetime
    place: str
    behaviour: str
    fine: Yuan
    late_fee: Yuan
    total: Yuan
    points: int
    status: Literal["unpaid", "paid"]
    payee: str
    receipt_number: str | None = None


class Hospital(Answer):
    """A hospital and its departments, by name."""

    code: str
    name: str
    level: str
    address: str
    departments: list[str]


class Hospitals(Answer):
    """The city's hospitals."""

    hospitals: list[Hospital]


class Slot(Answer):
    """A doctor's time that can still be booked."""

    slot_id: str
    hospital: str
    department: str
    doctor: str
    title: str
    date: dt.date
    period: Period
    starts_at: dt.datetime
    fee: Yuan
    remaining: int


class Slots(Answer):
    """Free slots, the earliest first."""

    slots: list[Slot]


class Appointment(Answer):
    """A booked visit, which can be cancelled until `cancel_before`."""

    appointment_number: str
    hospital: str
    department: str
    doctor: str
    title: str
    date: dt.date
    period: Period
    starts_at: dt.datetime
    fee: Yuan
    patient_name_masked: str
    status: Literal["booked", "cancelled", "visited"]
    cancel_before: dt.datetime


class Appointments(Answer):
    """A patient's appointments, the coming ones first."""

    appointments: list[Appointment]


class CreditFactor(Answer):
    """What moved the score, and by how much."""

    name: str
    effect: int
    reason: str


class CreditScore(Answer):
    """The city credit score."""

    score: int
    grade: str
    grade_name: str
    as_of: dt.date
    factors: list[CreditFactor]


class IdentityVerification(Answer):
    """Whether name and ID number belong together."""

    matched: bool


class Trade(Answer):
    """A trade at the payment provider, and the page where it can be paid until `expires_at`."""

    trade_number: str
    state: Literal["awaiting", "paid", "closed"]
    amount: Yuan
    cashier_url: str
    expires_at: dt.datetime
    provider_trade_number: str | None = None
    paid_at: dt.datetime | None = None


class Refund(Answer):
    """Money given back."""

    refund_number: str
    state: str


class PaymentNotice(Answer):
    """What the provider tells us of its own accord."""

    notice_id: str
    trade_number: str
    provider_trade_number: str
    amount: Yuan
    state: Literal["paid"]
    paid_at: dt.datetime
