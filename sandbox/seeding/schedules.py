"""Doctors' schedules for the days to come; kept ahead of the calendar while the sandbox lives."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from sandbox.clock import SHANGHAI
from sandbox.seeding.streams import stream
from sandbox.tables import Doctor, Hospital, Meta, Slot

DAYS_AHEAD = 14
PERIODS = {
    "morning": (time(8, 0), 7),
    "afternoon": (time(13, 30), 6),
    "evening": (time(18, 0), 4),
}
"""When a half-day begins and how many half hours it has."""
HALF_HOUR = timedelta(minutes=30)
HALF_HOURS_A_SESSION = 4
ALWAYS_OPEN_HOSPITALS = 2
"""So many hospitals of a city have something free in every department every half-day; the others may be full."""
THROUGH_KEY = "schedule_through"


def scheduled_ahead(session: Session, today: date) -> bool:
    """Whether the schedules reach 14 days beyond today."""
    mark = session.get(Meta, THROUGH_KEY)
    return mark is not None and date.fromisoformat(mark.value) >= today + timedelta(days=DAYS_AHEAD)


def extend_schedules(session: Session, seed: int, today: date) -> int:
    """Write the schedules up to 14 days after today, where they are not written yet.

    A doctor's day depends on the seed, the doctor and the day alone, so that it is the same whenever it is written.

    Args:
        session: a session that writes.
        seed: the city's seed.
        today: the day in the city.

    Returns:
        How many slots were added.
    """
    mark = session.get(Meta, THROUGH_KEY)
    first = today if mark is None else max(today, date.fromisoformat(mark.value) + timedelta(days=1))
    last = today + timedelta(days=DAYS_AHEAD)
    if first > last:
        return 0
    clinics = _clinics(session)
    slots: list[dict[str, Any]] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for doctors, always_open in clinics:
            slots.extend(_clinic_day(seed, doctors, always_open, day))
    session.execute(insert(Slot), slots)
    session.merge(Meta(key=THROUGH_KEY, value=last.isoformat()))
    return len(slots)


def _clinics(session: Session) -> list[tuple[list[Doctor], bool]]:
    """The doctors of each department of each hospital, and whether that clinic must never be full."""
    query = select(Doctor, Hospital).join(Hospital, Doctor.hospital_code == Hospital.code).order_by(Doctor.id)
    clinics: dict[tuple[str, str, str], list[Doctor]] = defaultdict(list)
    for doctor, hospital in session.execute(query):
        clinics[(hospital.city_code, doctor.department, hospital.code)].append(doctor)
    seen: dict[tuple[str, str], int] = defaultdict(int)
    found = []
    for (city, department, _), doctors in clinics.items():
        found.append((doctors, seen[(city, department)] < ALWAYS_OPEN_HOSPITALS))
        seen[(city, department)] += 1
    return found


def _clinic_day(seed: int, doctors: list[Doctor], always_open: bool, day: date) -> Iterator[dict[str, Any]]:
    """One department's slots of one day: the doctors share the half-days between them."""
    for turn, period in enumerate(PERIODS):
        on_duty = doctors[(day.toordinal() + turn) % len(doctors)]
        if period == "evening":
            if day.weekday() >= 5 or not doctors[0].evenings:
                continue
            on_duty = doctors[0]
        rng = stream(seed, "session", on_duty.id, day, period)
        full = not always_open and rng.random() < 0.2
        yield from _session(rng, on_duty, day, period, full)


def _session(rng: random.Random, doctor: Doctor, day: date, period: str, full: bool) -> Iterator[dict[str, Any]]:
    """One half-day of one doctor; unless it is full, at least one half hour has a place free."""
    begins, count = PERIODS[period]
    chosen = sorted(rng.sample(range(count), HALF_HOURS_A_SESSION))
    free = rng.choice(chosen)
    for half_hour in chosen:
        places = 0 if full else rng.choice((0, 0, 1, 1, 2, 3))
        if half_hour == free and not full:
            places = rng.randint(2, 3)
        starts_at = datetime.combine(day, begins, SHANGHAI) + half_hour * HALF_HOUR
        yield {
            "slot_id": f"S{doctor.id:04d}{starts_at:%Y%m%d%H%M}",
            "doctor_id": doctor.id,
            "department": doctor.department,
            "date": day,
            "period": period,
            "starts_at": starts_at,
            "remaining": places,
        }
