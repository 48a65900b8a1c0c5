"""Hospitals, their free slots, and booked visits."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan

Period = Literal["morning", "afternoon", "evening"]


class Hospital(Answer):
    """A hospital and its departments, by name; `aliases` are what residents of its city call it."""

    code: str
    name: str
    aliases: list[str] = []
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


class FreeDay(Answer):
    """A day with places left, and its half-days that have some."""

    date: dt.date
    periods: list[Period]


class FreeDays(Answer):
    """The days of the next two weeks on which something can be booked, the earliest first."""

    days: list[FreeDay]


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
