"""Hospitals, their doctors and schedules, and booked visits."""

from __future__ import annotations

from sqlalchemy import Boolean, CheckConstraint, Column, Date, ForeignKey, Index, Integer, String, Text

from sandbox.column_types import Hundredths, UtcMoment
from sandbox.tables import Base


class Hospital(Base):
    """A hospital; its appointments may be cancelled until `cancel_hours` before they start."""

    __tablename__ = "hospitals"
    code = Column(String(12), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False, index=True)
    name = Column(String(40), nullable=False)
    aliases = Column(Text, nullable=False)  # with 、 between them
    level = Column(String(12), nullable=False)
    address = Column(String(80), nullable=False)
    cancel_hours = Column(Integer, nullable=False)


class Doctor(Base):
    """A doctor who sees patients in one department of one hospital."""

    __tablename__ = "doctors"
    id = Column(Integer, primary_key=True, autoincrement=False)
    hospital_code = Column(ForeignKey("hospitals.code"), nullable=False, index=True)
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
        Index("ix_slots_search", "city_code", "department", "starts_at"),
    )
    slot_id = Column(String(24), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    doctor_id = Column(ForeignKey("doctors.id"), nullable=False)
    department = Column(String(20), nullable=False)
    date = Column(Date, nullable=False)
    period = Column(String(10), nullable=False)
    starts_at = Column(UtcMoment, nullable=False)
    remaining = Column(Integer, nullable=False)


class Scheduled(Base):
    """Through which day a city's schedules are written."""

    __tablename__ = "scheduled"
    city_code = Column(ForeignKey("cities.code"), primary_key=True)
    through = Column(Date, nullable=False)


class Appointment(Base):
    """A patient's place in a slot. `active_key` (patient, department, day) is emptied by cancelling."""

    __tablename__ = "appointments"
    appointment_number = Column(String(11), primary_key=True)
    slot_id = Column(ForeignKey("slots.slot_id"), nullable=False, index=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    patient_name = Column(String(40), nullable=False)
    id_number = Column(String(18), nullable=False, index=True)
    phone = Column(String(20))
    booked_at = Column(UtcMoment, nullable=False)
    cancelled_at = Column(UtcMoment)
    active_key = Column(String(80), unique=True)
