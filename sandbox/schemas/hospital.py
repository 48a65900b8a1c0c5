"""Hospitals, slots and appointments as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from sandbox.schemas.people import PersonIn

Period = Literal["morning", "afternoon", "evening"]


class HospitalOut(BaseModel):
    """A hospital."""

    code: str
    name: str
    level: str
    address: str
    departments: list[str]


class HospitalsOut(BaseModel):
    """A city's hospitals."""

    hospitals: list[HospitalOut]


class SlotOut(BaseModel):
    """Half an hour of a doctor with places left."""

    slot_id: str
    hospital: str
    department: str
    doctor: str
    title: str
    date: str
    period: Period
    starts_at: str
    fee: str
    remaining: int


class SlotsOut(BaseModel):
    """Free slots, earliest first."""

    slots: list[SlotOut]


class PatientIn(PersonIn):
    """Who is to be seen."""

    phone: str | None = Field(None, max_length=20)


class BookingIn(BaseModel):
    """A place to be booked."""

    slot_id: str = Field(..., min_length=1, max_length=20)
    patient: PatientIn


class CancellationIn(BaseModel):
    """The patient's ID number, as a proof."""

    id_number: str = Field(..., min_length=1, max_length=40)


class AppointmentOut(BaseModel):
    """An appointment as it stands."""

    appointment_number: str
    hospital: str
    department: str
    doctor: str
    title: str
    date: str
    period: Period
    starts_at: str
    fee: str
    patient_name_masked: str
    status: Literal["booked", "cancelled", "visited"]
    cancel_before: str


class AppointmentsOut(BaseModel):
    """A patient's appointments: those to come, soonest first, then those past, newest first."""

    appointments: list[AppointmentOut]
