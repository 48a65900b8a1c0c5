"""Hospitals: departments, free slots, and appointments made, seen and cancelled."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any, Literal

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from sandbox.checks import find_resident, require_id_number, require_service
from sandbox.clock import local_text
from sandbox.context import InSandbox
from sandbox.errors import CityError
from sandbox.idempotency import Once
from sandbox.masking import mask_name
from sandbox.money import yuan
from sandbox.numbers import unused
from sandbox.oauth import require_client
from sandbox.schemas.hospital import (
    AppointmentOut,
    AppointmentsOut,
    BookingIn,
    CancellationIn,
    HospitalOut,
    HospitalsOut,
    Period,
    SlotOut,
    SlotsOut,
)
from sandbox.schemas.people import PersonIn
from sandbox.seed import carry_on
from sandbox.tables import Appointment, Doctor, Hospital, Slot

router = APIRouter(prefix="/cities/{city}/hospitals", tags=["hospital"], dependencies=[Depends(require_client)])

MOST_SLOTS = 20


@router.get("", response_model=HospitalsOut)
def list_hospitals(city: str, sandbox: InSandbox) -> HospitalsOut:
    """A city's hospitals and their departments.

    Raises:
        CityError: 404 service_not_connected.
    """
    with sandbox.database.read() as session:
        require_service(session, city, "hospital")
        hospitals = session.execute(select(Hospital).where(Hospital.city_code == city).order_by(Hospital.code))
        departments: dict[str, dict[str, None]] = {}
        for code, department in session.execute(select(Doctor.hospital_code, Doctor.department).order_by(Doctor.id)):
            departments.setdefault(code, {})[department] = None
        return HospitalsOut(
            hospitals=[
                HospitalOut(
                    code=one.code,
                    name=one.name,
                    level=one.level,
                    address=one.address,
                    departments=list(departments.get(one.code, {})),
                )
                for one in hospitals.scalars()
            ]
        )


@router.get("/slots", response_model=SlotsOut)
def list_slots(
    city: str,
    department: str,
    sandbox: InSandbox,
    hospital: str | None = None,
    date: Date | None = None,
    period: Period | None = None,
) -> SlotsOut:
    """Free slots to come, earliest first, at most twenty.

    Raises:
        CityError: 404 service_not_connected.
    """
    now = sandbox.now()
    carry_on(sandbox.database, now)
    query = (
        select(Slot, Doctor, Hospital)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Hospital.city_code == city, Slot.department == department, Slot.remaining > 0, Slot.starts_at > now)
        .order_by(Slot.starts_at, Hospital.code)
        .limit(MOST_SLOTS)
    )
    if hospital is not None:
        query = query.where(Hospital.name == hospital)
    if date is not None:
        query = query.where(Slot.date == date)
    if period is not None:
        query = query.where(Slot.period == period)
    with sandbox.database.read() as session:
        require_service(session, city, "hospital")
        return SlotsOut(slots=[_slot_shown(*row) for row in session.execute(query)])


@router.post("/appointments", response_model=AppointmentOut)
def book(city: str, body: BookingIn, once: Once, sandbox: InSandbox) -> Response:
    """Book a place for a patient. Patients from elsewhere, whom the register does not know, are welcome.

    Raises:
        CityError: 404 service_not_connected, slot_not_found; 409 slot_taken, already_booked;
            422 invalid_id_number, identity_mismatch.
    """
    id_number = require_id_number(body.patient.id_number, sandbox.today())

    def take_place(session: Session) -> dict[str, Any]:
        require_service(session, city, "hospital")
        find_resident(session, body.patient.name, id_number)
        slot, doctor, hospital = _find_slot(session, city, body.slot_id, sandbox.now())
        active_key = f"{city}|{id_number}|{slot.department}|{slot.date}"
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
            city_code=city,
            patient_name=body.patient.name.strip(),
            id_number=id_number,
            phone=body.patient.phone,
            booked_at=sandbox.now(),
            active_key=active_key,
        )
        session.add(appointment)
        try:
            session.flush()
        except IntegrityError as error:
            raise _already_booked() from error
        return _shown(appointment, slot, doctor, hospital, now=sandbox.now()).dict()

    return once.run(body, take_place)


@router.post("/appointments/search", response_model=AppointmentsOut)
def search(city: str, body: PersonIn, sandbox: InSandbox) -> AppointmentsOut:
    """A patient's appointments, by the name and the number they were booked with.

    Raises:
        CityError: 404 service_not_connected; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, sandbox.today())
    now = sandbox.now()
    query = _appointments(city).where(Appointment.id_number == id_number, Appointment.patient_name == body.name.strip())
    with sandbox.database.read() as session:
        require_service(session, city, "hospital")
        rows = sorted(session.execute(query).all(), key=lambda row: row[1].starts_at)
        upcoming = [row for row in rows if row[1].starts_at > now]
        past = [row for row in reversed(rows) if row[1].starts_at <= now]
        return AppointmentsOut(appointments=[_shown(*row, now=now) for row in upcoming + past])


@router.post("/appointments/{appointment_number}/cancellation", response_model=AppointmentOut)
def cancel(
    city: str,
    appointment_number: str,
    body: CancellationIn,
    once: Once,
    sandbox: InSandbox,
) -> Response:
    """Give a place back. An appointment of another patient is not found.

    Raises:
        CityError: 404 service_not_connected, appointment_not_found; 409 cancel_deadline_passed,
            appointment_already_cancelled; 422 invalid_id_number.
    """
    id_number = require_id_number(body.id_number, sandbox.today())

    def give_back(session: Session) -> dict[str, Any]:
        require_service(session, city, "hospital")
        row = session.execute(
            _appointments(city)
            .where(Appointment.appointment_number == appointment_number, Appointment.id_number == id_number)
            .with_for_update(of=Appointment)
        ).first()
        if row is None:
            raise CityError(404, "appointment_not_found", "没有找到这个预约")
        appointment, slot, doctor, hospital = row
        now = sandbox.now()
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
        return _shown(appointment, slot, doctor, hospital, now=now).dict()

    return once.run(body, give_back)


def _find_slot(session: Session, city: str, slot_id: str, now: datetime) -> Any:
    """Slot, doctor and hospital of a slot to come."""
    row = session.execute(
        select(Slot, Doctor, Hospital)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Slot.slot_id == slot_id, Hospital.city_code == city, Slot.starts_at > now)
    ).first()
    if row is None:
        raise CityError(404, "slot_not_found", "没有找到这个号源")
    return row


def _appointments(city: str) -> Any:
    return (
        select(Appointment, Slot, Doctor, Hospital)
        .join(Slot, Appointment.slot_id == Slot.slot_id)
        .join(Doctor, Slot.doctor_id == Doctor.id)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Appointment.city_code == city)
    )


def _already_booked() -> CityError:
    return CityError(409, "already_booked", "同一就诊人当天在该科室已有预约")


def _cancel_before(slot: Slot, hospital: Hospital) -> datetime:
    moment: datetime = slot.starts_at - timedelta(hours=hospital.cancel_hours)
    return moment


def _slot_shown(slot: Slot, doctor: Doctor, hospital: Hospital) -> SlotOut:
    return SlotOut(
        slot_id=slot.slot_id,
        hospital=hospital.name,
        department=slot.department,
        doctor=doctor.name,
        title=doctor.title,
        date=slot.date.isoformat(),
        period=slot.period,
        starts_at=local_text(slot.starts_at),
        fee=yuan(doctor.fee),
        remaining=slot.remaining,
    )


def _shown(
    appointment: Appointment, slot: Slot, doctor: Doctor, hospital: Hospital, *, now: datetime
) -> AppointmentOut:
    status: Literal["booked", "cancelled", "visited"] = "booked" if slot.starts_at > now else "visited"
    place = _slot_shown(slot, doctor, hospital).dict(exclude={"slot_id", "remaining"})
    return AppointmentOut(
        **place,
        appointment_number=appointment.appointment_number,
        patient_name_masked=mask_name(appointment.patient_name),
        status="cancelled" if appointment.cancelled_at is not None else status,
        cancel_before=local_text(_cancel_before(slot, hospital)),
    )
