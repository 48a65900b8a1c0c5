"""Doctors' schedules for the days to come; kept ahead of the calendar while the sandbox lives."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from city_api.hospital import Period
from sandbox.clock import SHANGHAI
from sandbox.here import Here
from sandbox.seeding.grower import seed_of
from sandbox.seeding.streams import stream
from sandbox.services.hospital.tables import Doctor, Hospital, Scheduled, Slot

DAYS_AHEAD = 14
PERIODS: dict[Period, tuple[time, int]] = {
    "morning": (time(8, 0), 7),
    "afternoon": (time(13, 30), 6),
    "evening": (time(18, 0), 4),
}
"""When a half-day begins and how many half hours it has."""
HALF_HOUR = timedelta(minutes=30)
HALF_HOURS_A_SESSION = 4
ALWAYS_OPEN_HOSPITALS = 2
"""So many hospitals of a city have something free in every department every half-day; the others may be full."""


@dataclass(frozen=True)
class Roster:
    """A doctor, as far as schedules are concerned."""

    id: int
    hospital: str
    department: str
    evenings: bool


@dataclass(frozen=True)
class Clinic:
    """The doctors of one department of one hospital, and whether it must never be full."""

    doctors: tuple[Roster, ...]
    always_open: bool


def carry_on(here: Here) -> None:
    """Add a city's schedules of the days that have come into sight since the last time; mostly there are none."""
    last = here.today() + timedelta(days=DAYS_AHEAD)
    with here.read() as session:
        mark = session.get(Scheduled, here.code)
        if mark is None or mark.through >= last:
            return
    with here.sandbox.database.write() as session:
        mark = session.execute(select(Scheduled).where(Scheduled.city_code == here.code).with_for_update()).scalar_one()
        first = max(here.today(), mark.through + timedelta(days=1))
        if first > last:
            return
        seed = seed_of(session)
        slots = list(write_days(seed, here.code, clinics(_roster(session, here.code)), first, last))
        session.execute(insert(Slot), slots)
        mark.through = last


def clinics(roster: Iterable[Roster]) -> list[Clinic]:
    """A city's doctors by department and hospital, in the order of the roster."""
    together: dict[tuple[str, str], list[Roster]] = defaultdict(list)
    for doctor in roster:
        together[(doctor.hospital, doctor.department)].append(doctor)
    seen: dict[str, int] = defaultdict(int)
    found = []
    for (_, department), doctors in together.items():
        found.append(Clinic(tuple(doctors), seen[department] < ALWAYS_OPEN_HOSPITALS))
        seen[department] += 1
    return found


def write_days(seed: int, city: str, staffed: list[Clinic], first: date, last: date) -> Iterator[dict[str, Any]]:
    """A city's slots of some days.

    A doctor's day depends on the seed, the doctor and the day alone, so that it is the same whenever it is written.

    Args:
        seed: what everything grows from.
        city: the city's code.
        staffed: its clinics.
        first: the first day.
        last: the last day, too.
    """
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        for clinic in staffed:
            yield from _clinic_day(seed, city, clinic, day)


def _roster(session: Session, city: str) -> list[Roster]:
    query = (
        select(Doctor)
        .join(Hospital, Doctor.hospital_code == Hospital.code)
        .where(Hospital.city_code == city)
        .order_by(Doctor.id)
    )
    return [Roster(one.id, one.hospital_code, one.department, one.evenings) for one in session.execute(query).scalars()]


def _clinic_day(seed: int, city: str, clinic: Clinic, day: date) -> Iterator[dict[str, Any]]:
    """One department's slots of one day: the doctors share the half-days between them."""
    doctors = clinic.doctors
    for turn, period in enumerate(PERIODS):
        on_duty = doctors[(day.toordinal() + turn) % len(doctors)]
        if period == "evening":
            if day.weekday() >= 5 or not doctors[0].evenings:
                continue
            on_duty = doctors[0]
        rng = stream(seed, "session", on_duty.id, day, period)
        full = not clinic.always_open and rng.random() < 0.2
        yield from _session(rng, city, on_duty, day, period, full)


def _session(
    rng: random.Random, city: str, doctor: Roster, day: date, period: Period, full: bool
) -> Iterator[dict[str, Any]]:
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
            "slot_id": f"S{doctor.id}{starts_at:%Y%m%d%H%M}",
            "city_code": city,
            "doctor_id": doctor.id,
            "department": doctor.department,
            "date": day,
            "period": period,
            "starts_at": starts_at,
            "remaining": places,
        }
