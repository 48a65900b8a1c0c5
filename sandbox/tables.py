"""The sandbox's tables."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import declarative_base

from sandbox.column_types import Hundredths, UtcMoment

Base: Any = declarative_base()


class Meta(Base):
    """What the sandbox knows about itself: schema version, seed, days with schedules, the provider's key."""

    __tablename__ = "meta"
    key = Column(String(40), primary_key=True)
    value = Column(Text, nullable=False)


class City(Base):
    """A city by its GB/T 2260 code."""

    __tablename__ = "cities"
    code = Column(String(6), primary_key=True)
    name = Column(String(20), nullable=False)


class CityService(Base):
    """A service that a city has connected."""

    __tablename__ = "city_services"
    city_code = Column(ForeignKey("cities.code"), primary_key=True)
    code = Column(String(20), primary_key=True)
    name = Column(String(20), nullable=False)
    position = Column(Integer, nullable=False)


class Resident(Base):
    """A person on the city's register."""

    __tablename__ = "residents"
    id = Column(Integer, primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    name = Column(String(40), nullable=False)
    id_number = Column(String(18), nullable=False, unique=True)
    phone = Column(String(11), nullable=False)
    licence_issued_on = Column(Date)


class Biller(Base):
    """A company that sends bills."""

    __tablename__ = "billers"
    code = Column(String(20), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    bill_type = Column(String(12), nullable=False)
    name = Column(String(60), nullable=False)


class Account(Base):
    """A household's account with a biller: one meter."""

    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    account_number = Column(String(10), nullable=False, unique=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    bill_type = Column(String(12), nullable=False)
    biller_code = Column(ForeignKey("billers.code"), nullable=False)
    resident_id = Column(ForeignKey("residents.id"), nullable=False)
    address = Column(String(80), nullable=False)


class Bill(Base):
    """One month of one account; paid when it has a receipt."""

    __tablename__ = "bills"
    __table_args__ = (Index("ix_bills_account_period", "account_id", "period", unique=True),)
    bill_id = Column(String(20), primary_key=True)
    account_id = Column(ForeignKey("accounts.id"), nullable=False)
    period = Column(String(7), nullable=False)
    usage = Column(Hundredths, nullable=False)
    amount = Column(Hundredths, nullable=False)
    due_on = Column(Date, nullable=False)
    trade_number = Column(String(64))
    receipt_number = Column(String(15), unique=True)
    paid_at = Column(UtcMoment)


class Vehicle(Base):
    """A vehicle by its plate (GA 36, upper case, no dot)."""

    __tablename__ = "vehicles"
    plate_number = Column(String(8), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    kind = Column(String(20), nullable=False)
    owner_id = Column(ForeignKey("residents.id"), nullable=False)


class Violation(Base):
    """A traffic offence; unconfirmed while it has no decision."""

    __tablename__ = "violations"
    violation_id = Column(String(20), primary_key=True)
    plate_number = Column(ForeignKey("vehicles.plate_number"), nullable=False, index=True)
    occurred_at = Column(UtcMoment, nullable=False)
    place = Column(String(80), nullable=False)
    behaviour_code = Column(String(5), nullable=False)
    behaviour = Column(String(120), nullable=False)
    fine = Column(Hundredths, nullable=False)
    points = Column(Integer, nullable=False)
    camera = Column(Boolean, nullable=False)


class Decision(Base):
    """A penalty decision on an offence; paid when it has a receipt."""

    __tablename__ = "decisions"
    decision_number = Column(String(15), primary_key=True)
    violation_id = Column(ForeignKey("violations.violation_id"), nullable=False, unique=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    payee = Column(String(60), nullable=False)
    decided_at = Column(UtcMoment, nullable=False)
    paid_amount = Column(Hundredths)
    trade_number = Column(String(64))
    receipt_number = Column(String(15), unique=True)
    paid_at = Column(UtcMoment)


class Hospital(Base):
    """A hospital; its appointments may be cancelled until `cancel_hours` before they start."""

    __tablename__ = "hospitals"
    code = Column(String(12), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    name = Column(String(40), nullable=False)
    level = Column(String(12), nullable=False)
    address = Column(String(80), nullable=False)
    cancel_hours = Column(Integer, nullable=False)


class Doctor(Base):
    """A doctor who sees patients in one department of one hospital."""

    __tablename__ = "doctors"
    id = Column(Integer, primary_key=True)
    hospital_code = Column(ForeignKey("hospitals.code"), nullable=False)
    department = Column(String(20), nullable=False)
    name = Column(String(20), nullable=False)
    title = Column(String(12), nullable=False)
    fee = Column(Hundredths, nullable=False)
    evenings = Column(Boolean, nullable=False)


class Slot(Base):
    """Half an hour of a doctor, with the places still to be had."""

    __tablename__ = "slots"
    __table_args__ = (
        CheckConstraint("remaining >= 0", name="ck_slots_remaining"),
        Index("ix_slots_search", "department", "starts_at"),
    )
    slot_id = Column(String(20), primary_key=True)
    doctor_id = Column(ForeignKey("doctors.id"), nullable=False)
    department = Column(String(20), nullable=False)
    date = Column(Date, nullable=False)
    period = Column(String(10), nullable=False)
    starts_at = Column(UtcMoment, nullable=False)
    remaining = Column(Integer, nullable=False)


class Appointment(Base):
    """A patient's place in a slot. `active_key` (patient, department, day) is emptied by cancelling."""

    __tablename__ = "appointments"
    appointment_number = Column(String(11), primary_key=True)
    slot_id = Column(ForeignKey("slots.slot_id"), nullable=False)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    patient_name = Column(String(40), nullable=False)
    id_number = Column(String(18), nullable=False, index=True)
    phone = Column(String(20))
    booked_at = Column(UtcMoment, nullable=False)
    cancelled_at = Column(UtcMoment)
    active_key = Column(String(80), unique=True)


class CreditRecord(Base):
    """A resident's credit score as of a day."""

    __tablename__ = "credit_records"
    resident_id = Column(ForeignKey("residents.id"), primary_key=True)
    score = Column(Integer, nullable=False)
    as_of = Column(Date, nullable=False)


class CreditFactor(Base):
    """One thing that moved a credit score, by a signed number of points."""

    __tablename__ = "credit_factors"
    resident_id = Column(ForeignKey("credit_records.resident_id"), primary_key=True)
    position = Column(Integer, primary_key=True)
    name = Column(String(20), nullable=False)
    effect = Column(Integer, nullable=False)
    reason = Column(String(80), nullable=False)


class IdempotentAnswer(Base):
    """The answer a write gave under a client's key, to be given again; empty while the write is under way."""

    __tablename__ = "idempotent_answers"
    client_id = Column(String(64), primary_key=True)
    key = Column(String(255), primary_key=True)
    request_hash = Column(String(64), nullable=False)
    status = Column(Integer)
    body = Column(Text)
    created_at = Column(UtcMoment, nullable=False)


class Trade(Base):
    """A payment to be made at the provider's cashier."""

    __tablename__ = "trades"
    trade_number = Column(String(64), primary_key=True)
    token = Column(String(64), nullable=False, unique=True)
    subject = Column(String(128), nullable=False)
    payee = Column(String(60), nullable=False)
    amount = Column(Hundredths, nullable=False)
    notify_url = Column(String(255), nullable=False)
    created_at = Column(UtcMoment, nullable=False)
    expires_at = Column(UtcMoment, nullable=False)
    closed_at = Column(UtcMoment)
    paid_at = Column(UtcMoment)
    provider_trade_number = Column(String(32), unique=True)


class Refund(Base):
    """Money given back from a paid trade."""

    __tablename__ = "refunds"
    refund_number = Column(String(64), primary_key=True)
    trade_number = Column(ForeignKey("trades.trade_number"), nullable=False, index=True)
    amount = Column(Hundredths, nullable=False)
    refunded_at = Column(UtcMoment, nullable=False)


class Notice(Base):
    """A payment notice to a merchant and how its delivery went: pending, delivered or given_up."""

    __tablename__ = "notices"
    notice_id = Column(String(36), primary_key=True)
    trade_number = Column(ForeignKey("trades.trade_number"), nullable=False, index=True)
    body = Column(Text, nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    state = Column(String(10), nullable=False, default="pending")
