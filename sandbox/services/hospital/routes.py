"""Departments, free slots, and appointments made, seen and cancelled."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import BaseModel, Field
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from city_api.hospital import Appointment as AppointmentAnswer
from city_api.hospital import Appointments, FreeDay, FreeDays, Hospitals, Period, Slots
from city_api.hospital import Hospital as HospitalAnswer
from city_api.hospital import Slot as SlotAnswer
from sandbox.checks import require_id_number
from sandbox.clock import local_text
from sandbox.errors import CityError
from sandbox.here import Here, InCity
from sandbox.idempotency import Once
from sandbox.masking import mask_name
from sandbox.numbers import unused
from sandbox.people import PersonIn, find_resident
from sandbox.services.hospital.schedules import DAYS_AHEAD, PERIODS, carry_on
from sandbox.services.hospital.tables import Appointment, Doctor, Hospital, Slot

router = APIRouter()

MOST_SLOTS = 20


class PatientIn(PersonIn):
    """Who is to be seen."""

    phone: str | None = Field(None, max_length=20)


class BookingIn(BaseModel):
    """A place to be booked."""

    slot_id: str = Field(..., min_length=1, max_length=40)
    patient: PatientIn


class CancellationIn(BaseModel):
    """The patient's ID number, as a proof."""

    id_number: str = Field(..., min_length=1, max_length=40)


@router.get("", response_model=Hospitals)
def list_hospitals(here: InCity) -> Hospitals:
    """A city's hospitals and their departments.

    Raises:
        CityError: 404 service_not_connected.
    """
    query = (
        select(Hospital, Doctor.department)
        .join(Doctor, Doctor.hospital_code == Hospital.code)
        .where(Hospital.city_code == here.code)
        .order_by(Hospital.code, Doctor.id)
    )
    departments: dict[Hospital, dict[str, None]] = {}
    with here.read() as session:
        for hospital, department in session.execute(query):
            departments.setdefault(hospital, {})[department] = None
        return Hospitals(
            hospitals=[
                HospitalAnswer(
                    code=one.code,
                    name=one.name,
                    aliases=one.aliases.split("、") if one.aliases else [],
                    level=one.level,
                    address=one.address,
                    departments=list(names),
                )
                for one, names in departments.items()
            ]
        )


@router.get("/slots", response_model=Slots)
def list_slots(
    department: str,
    here: InCity,
    hospital: str | None = None,
    date: Date | None = None,
    period: Period | None = None,
) -> Slots:
    """Free slots to come, earliest first, at most twenty.

    Raises:
        CityError: 404 service_not_connected.
    """
    carry_on(here)
    query = (
        _free(here, (Slot, Doctor, Hospital), department, hospital)
        .order_by(Slot.starts_at, Hospital.code)
        .limit(MOST_SLOTS)
    )
    if date is not None:
        query = query.where(Slot.date == date)
    if period is not None:
        query = query.where(Slot.period == period)
    with here.read() as session:
        return Slots(slots=[SlotAnswer(**_slot_shown(*row)) for row in session.execute(query)])


@router.get("/free-days", response_model=FreeDays)
def list_free_days(department: str, here: InCity, hospital: str | None = None) -> FreeDays:
    """The days of the next two weeks on which a department has places to come, and the half-days that have some.

    Raises:
        CityError: 404 service_not_connected.
    """
    carry_on(here)
    last = here.today() + timedelta(days=DAYS_AHEAD)
    query = _free(here, (Slot.date, Slot.period), department, hospital).where(Slot.date <= last).distinct()
    days: dict[Date, set[str]] = {}
    with here.read() as session:
        for day, period in session.execute(query):
            days.setdefault(day, set()).add(period)
    return FreeDays(
        days=[FreeDay(date=day, periods=[one for one in PERIODS if one in days[day]]) for day in sorted(days)]
    )


@router.post("/appointments", response_model=AppointmentAnswer)
def book(body: BookingIn, here: InCity, once: Once) -> Response:
    """Book a place for a patient. Patients from elsewhere, whom the register does not know, are welcome.

    Raises:
        CityError: 404 service_not_connected, slot_not_found; 409 slot_taken, already_booked;
            422 invalid_id_number, identity_mismatch.
    """
    id_number = require_id_number(body.patient.id_number, here.today())

    def take_place(session: Session) -> AppointmentAnswer:
        find_resident(session, body.patient, here.today())
        slot, doctor, hospital = _find_slot(session, here, body.slot_id)
        active_key = f"{here.code}|{id_number}|{slot.department}|{slot.date}"
        booked = select(Appointment.appointment_number).where(Appointment.active_key == active_key)
        if session.execute(booked).first() is not None:
            raise _already_booked()
        # The condition and the change are one statement: of two requests for the last place one changes no row.
        taken = session.execute(
            update(Slot)
            .where(Slot.slot_id == slot.slot_id, Slot.remaining > 0)
            .values(remaining=Slot.remaining - 1)
            .execution_options(synchronize_session=False)
        )
        if taken.rowcount != 1:
            raise CityError(409, "slot_taken", "这个时段的号已经被约满")
        appointment = Appointment(
            appointment_number=unused(session, Appointment.appointment_number, "H", 10),
            slot_id=slot.slot_id,
            city_code=here.code,
            patient_name=body.patient.name.strip(),
            id_number=id_number,
            phone=body.patient.phone,
            booked_at=here.now(),
            active_key=active_key,
        )
        session.add(appointment)
        try:
            session.flush()
        except IntegrityError as error:
            raise _already_booked() from error
        return _shown(appointment, slot, doctor, hospital, now=here.now())

    return once.run(body, take_place)


@router.post("/appointments/search", response_model=Appointments)
def search(body: PersonIn, here: InCity) -> Appointments:
    """A patient's appointments, by the name and the number they were booked with.

    Raises:
        CityError: 404 service_not_connected; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, here.today())
    now = here.now()
    query = _appointments(here).where(Appointment.id_number == id_number, Appointment.patient_name == body.name.strip())
    with here.read() as session:
        rows = sorted(session.execute(query).all(), key=lambda row: row[1].starts_at)
        upcoming = [row for row in rows if row[1].starts_at > now]
        past = [row for row in reversed(rows) if row[1].starts_at <= now]
        return Appointments(appointments=[_shown(*row, now=now) for row in upcoming + past])


@router.post("/appointments/{appointment_number}/cancellation", response_model=AppointmentAnswer)
def cancel(appointment_number: str, body: CancellationIn, here: InCity, once: Once) -> Response:
    """Give a place back. An appointment of another patient is not found.

    Raises:
        CityError: 404 service_not_connected, appointment_not_found; 409 cancel_deadline_passed,
            appointment_already_cancelled; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, here.today())

    def give_back(session: Session) -> AppointmentAnswer:
        row = session.execute(
            _appointments(here)
            .where(Appointment.appointment_number == appointment_number, Appointment.id_number == id_number)
            .with_for_update(of=Appointment)
        ).first()
        if row is None:
            raise CityError(404, "appointment_not_found", "没有找到这个预约")
        appointment, slot, doctor, hospital = row
        now = here.now()
        if appointment.cancelled_at is not None:
            raise CityError(409, "appointment_already_cancelled", "这个预约已经取消")
        if now > _cancel_before(slot, hospital):
            raise CityError(
                409,
                "cancel_deadline_passed",
                "已过医院规定的取消时限",
                cancel_before=local_text(_cancel_before(slot, hospital)),
            )
        appointment.cancelled_at = now
        appointment.active_key = None
        session.execute(
            update(Slot)
            .where(Slot.slot_id == slot.slot_id)
            .values(remaining=Slot.remaining + 1)
            .execution_options(synchronize_session=False)
        )
        return _shown(appointment, slot, doctor, hospital, now=now)

    return once.run(body, give_back)


def _find_slot(session: Session, here: Here, slot_id: str) -> Any:
    """Slot, doctor and hospital of a slot to come."""
    row = session.execute(
        select(Slot, Doctor, Hospital)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Slot.slot_id == slot_id, Slot.city_code == here.code, Slot.starts_at > here.now())
    ).first()
    if row is None:
        raise CityError(404, "slot_not_found", "没有找到这个号源")
    return row


def _appointments(here: Here) -> Any:
    return (
        select(Appointment, Slot, Doctor, Hospital)
        .join(Slot, Appointment.slot_id == Slot.slot_id)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Appointment.city_code == here.code)
    )


def _already_booked() -> CityError:
    return CityError(409, "already_booked", "同一就诊人当天在该科室已有预约")


def _cancel_before(slot: Slot, hospital: Hospital) -> datetime:
    moment: datetime = slot.starts_at - timedelta(hours=hospital.cancel_hours)
    return moment


def _free(here: Here, what: tuple[Any, ...], department: str, hospital: str | None) -> Any:
    """A query of a department's slots to come with places left."""
    query = (
        select(*what)
        .select_from(Slot)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(
            Slot.city_code == here.code,
            Slot.department == department,
            Slot.remaining > 0,
            Slot.starts_at > here.now(),
        )
    )
    return query if hospital is None else query.where(Hospital.name == hospital)


def _slot_shown(slot: Slot, doctor: Doctor, hospital: Hospital) -> dict[str, Any]:
    return {
        "slot_id": slot.slot_id,
        "hospital": hospital.name,
        "department": slot.department,
        "doctor": doctor.name,
        "title": doctor.title,
        "date": slot.date,
        "period": slot.period,
        "starts_at": slot.starts_at,
        "fee": doctor.fee,
        "remaining": slot.remaining,
    }


def _shown(
    appointment: Appointment, slot: Slot, doctor: Doctor, hospital: Hospital, *, now: datetime
) -> AppointmentAnswer:
    status: Literal["booked", "cancelled", "visited"] = "booked" if slot.starts_at > now else "visited"
    return AppointmentAnswer(
        **_slot_shown(slot, doctor, hospital),
        appointment_number=appointment.appointment_number,
        patient_name_masked=mask_name(appointment.patient_name),
        status="cancelled" if appointment.cancelled_at is not None else status,
        cancel_before=_cancel_before(slot, hospital),
    )
