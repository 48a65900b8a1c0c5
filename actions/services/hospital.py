"""Hospital visits: find doctors with free places, book for a patient, see the bookings, cancel one."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from actions.city import CityConnection, CityError, Conflict, IdentityMismatch, Invalid, NotFound
from actions.conversation.outcomes import Outcome, came_of
from actions.conversation.person import person_known
from actions.conversation.speech import CITY_TIME, spoken_time, yuan
from actions.conversation.steps import AskSlot, EndTask
from actions.conversation.task import Task, offers_of, picked
from actions.conversation.turn import Turn, payload
from city_api.hospital import Appointment, Appointments, FreeDays, Hospital, Hospitals, Slot, Slots

PERIOD_NAMES = {"morning": "上午", "afternoon": "下午", "evening": "晚上"}
WEEKDAY_NAMES = "一二三四五六日"
MOST_SLOTS_READ_OUT = 6
DAYS_OFFERED = 4
DEPARTMENTS_OFFERED = 8
DAYS_AHEAD = 14  # the hospitals open their books two weeks ahead
LIST_KEPT_SECONDS = 600.0
HOSPITALS_NAMED = 8


class PatientTask(Task):
    """What the hospital's tasks share: they are done for a person whose name and ID number belong together."""

    async def patient_known(self, turn: Turn) -> bool:
        """Whether the patient's name and ID number are known and belong together; if not, both are asked again."""
        return await person_known(turn)


class BookHospitalAppointment(PatientTask, intent="book_hospital_appointment"):
    """Book a visit: department and day, then a doctor's free place, then the patient, then a yes."""

    def heard(self, turn: Turn) -> dict[str, Any]:
        """While a place is being chosen, a doctor's name is the choice and not the patient's."""
        found = super().heard(turn)
        doctors = {offer["doctor"] for offer in offers_of(turn)}
        if turn.requested == "slot_choice" and found.get("person_name") in doctors:
            del found["person_name"]
        if turn.requested == "slot_choice" and "slot_choice" in found:
            # The hospital or the half-day of the chosen place narrows nothing any more.
            found = {slot: value for slot, value in found.items() if slot not in ("hospital", "period")}
        return found

    async def advance(self, turn: Turn) -> None:
        """Find free places once department and day are known; check the patient before the yes is asked."""
        await self.settle_hospital(turn)
        if turn.slot("department") is None:
            return
        if turn.slot("date") is None or self.out_of_reach(turn):
            return
        if not await self.offers_at_hand(turn):
            return
        if turn.slot("slot_choice") is not None and picked(turn, "slot_choice") is None:
            turn.say("utter_no_such_choice")
            turn.forget("slot_choice")
        if turn.slot("slot_choice") is not None and turn.slot("confirmation") is None:
            await self.patient_known(turn)

    async def settle_hospital(self, turn: Turn) -> None:
        """Have the hospital that was named by the name its city has for it; one that is not here is said not to be."""
        said = turn.slot("hospital")
        if said is None:
            return
        known = await hospitals(self.city(turn))
        found = hospital_called(said, str(turn.slot("city")), known)
        if found is None:
            names = "、".join(hospital.name for hospital in known[:HOSPITALS_NAMED])
            turn.say("utter_hospital_unknown", asked_hospital=said, hospitals=names)
            turn.forget("hospital")
        elif found.name != said:
            turn.set("hospital", found.name)

    @staticmethod
    def out_of_reach(turn: Turn) -> bool:
        """Whether the day is over, or too far off to be booked; said, and the day is asked for again."""
        day, today = Date.fromisoformat(turn.slot("date")), datetime.now(CITY_TIME).date()
        if today <= day < today + timedelta(days=DAYS_AHEAD):
            return False
        turn.say("utter_date_over" if day < today else "utter_date_too_far", asked_day=spoken_day(turn.slot("date")))
        turn.forget("date")
        return True

    async def offers_at_hand(self, turn: Turn) -> bool:
        """Have the free places for what is asked in the quote; with none, say when there are and ask for the day."""
        asked = {name: turn.slot(name) for name in ("department", "hospital", "date", "period")}
        basis = [turn.city_code, *asked.values()]
        if (turn.slot("quote") or {}).get("basis") == basis:
            return True
        turn.forget("confirmation", "slot_choice", "quote")
        slots = await free_slots(self.city(turn), **asked)
        if not slots and asked["hospital"]:
            slots = await self.elsewhere_that_day(turn, asked)
            basis = [turn.city_code, *(turn.slot(name) for name in asked)]
        if slots:
            # Each doctor once, with the earliest place: six times of one doctor are no choice.
            doctors = {(slot.hospital, slot.doctor): slot for slot in reversed(slots)}
            earliest = sorted(doctors.values(), key=lambda slot: slot.starts_at)
            offers = [offer(slot) for slot in earliest[:MOST_SLOTS_READ_OUT]]
            turn.set("quote", {"basis": basis, "offers": offers, "key": str(uuid4())})
            return True
        values = {"asked_department": asked["department"], "asked_day": spoken_day(asked["date"], asked["period"])}
        turn.forget("date", "period")
        days = await free_days(self.city(turn), asked["department"])
        if days:
            turn.say("utter_no_free_slots", days="、".join(spoken_day(day) for day in days), **values)
        else:
            turn.say("utter_no_free_slots_at_all", **values)
            self.finish(turn, Outcome.NOT_FOUND)
        return False

    async def elsewhere_that_day(self, turn: Turn, asked: dict[str, Any]) -> list[Slot]:
        """Other hospitals' places that day; if there are any, the one that was named is said to have none, and forgotten."""
        others = await free_slots(self.city(turn), **{**asked, "hospital": None})
        if not others:
            return []
        turn.say(
            "utter_hospital_has_none",
            asked_hospital=asked["hospital"],
            asked_department=asked["department"],
            asked_day=spoken_day(asked["date"], asked["period"]),
        )
        turn.forget("hospital")
        return others


class QueryHospitalAppointment(PatientTask, intent="query_hospital_appointment"):
    """See a person's bookings."""

    async def advance(self, turn: Turn) -> None:
        """Once the person is known, read the bookings out."""
        if not await self.patient_known(turn):
            return
        found = await booked(self.city(turn), turn)
        if found:
            lines = "\n".join(appointment_line(appointment) for appointment in found)
            turn.offer(
                "utter_appointments_found",
                [("退号", payload("cancel_hospital_appointment"))],
                lines=lines,
                count=len(found),
            )
        else:
            turn.say("utter_no_appointments")
        self.finish(turn, Outcome.TOLD if found else Outcome.NOT_FOUND)


class CancelHospitalAppointment(PatientTask, intent="cancel_hospital_appointment"):
    """Cancel a booking, before the hospital's deadline, after a yes."""

    async def advance(self, turn: Turn) -> None:
        """Find the bookings of the person, settle which one, and leave the yes to be asked for."""
        basis = [turn.city_code, turn.slot("person_name"), turn.slot("id_number")]
        if (turn.slot("quote") or {}).get("basis") != basis:
            turn.forget("confirmation", "appointment_choice", "quote")
            if not await self.patient_known(turn):
                return
            found = await booked(self.city(turn), turn)
            if not found:
                turn.say("utter_no_appointments")
                self.finish(turn, Outcome.NOT_FOUND)
                return
            offers = [cancelable(appointment) for appointment in found]
            turn.set("quote", {"basis": basis, "offers": offers, "key": str(uuid4())})
            if len(offers) == 1:
                turn.set("appointment_choice", "1")
        if turn.slot("appointment_choice") is not None and picked(turn, "appointment_choice") is None:
            turn.say("utter_no_such_choice")
            turn.forget("appointment_choice")


async def booked(city: CityConnection, turn: Turn) -> list[Appointment]:
    """The bookings that still stand of the person in the slots."""
    found = await city.search(
        "appointments",
        *("hospitals", "appointments", "search"),
        answer=Appointments,
        name=turn.slot("person_name"),
        id_number=turn.slot("id_number"),
    )
    return [appointment for appointment in found.appointments if appointment.status == "booked"]


async def hospitals(city: CityConnection) -> list[Hospital]:
    """The city's hospitals; the list is kept for some minutes."""
    answer = await city.get("hospitals", "hospitals", answer=Hospitals, keep_seconds=LIST_KEPT_SECONDS)
    return answer.hospitals


def hospital_called(said: str, city: str, known: list[Hospital]) -> Hospital | None:
    """The hospital that residents of a city mean by a name: its own, one of its aliases, with the city before it or not.

    The whole name counts, never a part of it: 浙一医院 is not 一医院.

    Args:
        said: as it was heard.
        city: short name.
        known: the city's hospitals.
    """
    wanted = {said, said.removeprefix(city), said.removeprefix(f"{city}市"), f"{city}{said}", f"{city}市{said}"}
    by_name = next((hospital for hospital in known if hospital.name in wanted), None)
    return by_name or next((hospital for hospital in known if wanted & set(hospital.aliases)), None)


async def free_slots(
    city: CityConnection, department: str, hospital: str | None, date: str | None, period: str | None
) -> list[Slot]:
    """Free places, the earliest first, at most twenty."""
    parts = ("hospitals", "slots")
    answer = await city.get(
        "slots", *parts, answer=Slots, department=department, hospital=hospital, date=date, period=period
    )
    return answer.slots


async def free_days(city: CityConnection, department: str | None) -> list[str]:
    """The next days on which the department has places, as ISO dates, at most four."""
    answer = await city.get("free_days", "hospitals", "free-days", answer=FreeDays, department=department)
    return [day.date.isoformat() for day in answer.days[:DAYS_OFFERED]]


class AskDepartment(AskSlot):
    """Ask for the department; where a hospital was named, offer the departments it has."""

    task = BookHospitalAppointment
    slot = "department"

    async def ask(self, turn: Turn) -> None:
        """Offer departments as buttons; with the city out of reach the question stands alone."""
        try:
            known = await hospitals(self.task.city(turn))
        except CityError:
            known = []
        named = [hospital for hospital in known if hospital.name == turn.slot("hospital")] or known
        names = list(dict.fromkeys(department for hospital in named for department in hospital.departments))
        offered = [(name, payload("inform", department=name)) for name in names[:DEPARTMENTS_OFFERED]]
        turn.offer("utter_ask_department", offered)


class AskDate(AskSlot):
    """Ask for the day, those with free places as buttons; of several that were just named, which."""

    task = BookHospitalAppointment
    slot = "date"

    async def ask(self, turn: Turn) -> None:
        """Offer the days that were named, else those that have places; with the city out of reach the question stands alone."""
        named = turn.readings("date") if turn.just_heard(self.task.form()) else []
        if named:
            offered = [(spoken_day(day), payload("inform", date=day)) for day in named[:DAYS_OFFERED]]
            response = "utter_date_contradicted" if turn.is_contradicted("date") else "utter_which_date"
            turn.offer(response, offered, asked_day=spoken_day(named[0]))
            return
        try:
            days = await free_days(self.task.city(turn), turn.slot("department"))
        except CityError:
            days = []
        turn.offer("utter_ask_date", [(spoken_day(day), payload("inform", date=day)) for day in days])


class AskBookingConfirmation(AskSlot):
    """Read out patient, doctor, time and fee, and ask for a yes."""

    task = BookHospitalAppointment
    slot = "confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say what will be booked."""
        entry = picked(turn, "slot_choice")
        if entry is not None:
            turn.say("utter_confirm_booking", patient=turn.slot("person_name"), line=entry["line"])


class AskCancellationConfirmation(AskSlot):
    """Read the booking out and ask for a yes to cancel it."""

    task = CancelHospitalAppointment
    slot = "confirmation"

    async def ask(self, turn: Turn) -> None:
        """Say what will be cancelled, and until when that is possible."""
        entry = picked(turn, "appointment_choice")
        if entry is not None:
            turn.say("utter_confirm_cancellation", line=entry["line"], deadline=entry["deadline"])


class EndBooking(EndTask):
    """Book what was said yes to; a place taken meanwhile is answered with the next ones."""

    task = BookHospitalAppointment

    async def complete(self, turn: Turn) -> bool:
        """Book, and say number and deadline; False where the place is gone and others are to be offered."""
        entry, answer = picked(turn, "slot_choice"), turn.slot("confirmation")
        if answer is False:
            turn.say("utter_booking_declined")
        if entry is None or answer is not True:
            return True
        try:
            await self.book(self.task.city(turn), turn, entry)
        except (Conflict, NotFound) as error:
            if error.code != "already_booked":
                turn.say("utter_slot_taken", line=entry["line"])
                turn.forget("confirmation", "slot_choice", "quote")
                return False
            turn.say("utter_already_booked")
            came_of(turn, self.task, Outcome.FAILED)
        except (IdentityMismatch, Invalid):
            turn.say("utter_identity_mismatch")
            came_of(turn, self.task, Outcome.FAILED)
        else:
            came_of(turn, self.task, Outcome.BOOKED)
        return True

    @staticmethod
    async def book(city: CityConnection, turn: Turn, entry: dict[str, Any]) -> None:
        """Book `entry`; the key was made when the offers were read out, so a yes said twice books once."""
        phone = {"phone": turn.slot("phone")} if turn.slot("phone") else {}
        appointment = await city.write(
            "book",
            *("hospitals", "appointments"),
            answer=Appointment,
            idempotency_key=f"book-{turn.slot('quote')['key']}-{entry['slot_id']}",
            slot_id=entry["slot_id"],
            patient={"name": turn.slot("person_name"), "id_number": turn.slot("id_number"), **phone},
        )
        late = appointment.cancel_before <= datetime.now(CITY_TIME)
        turn.say(
            "utter_booked_for_good" if late else "utter_booked",
            appointment_number=appointment.appointment_number,
            line=appointment_line(appointment),
            deadline=spoken_time(appointment.cancel_before),
        )


class EndCancellation(EndTask):
    """Cancel what was said yes to."""

    task = CancelHospitalAppointment

    async def complete(self, turn: Turn) -> bool:
        """Cancel, or say why the hospital will not."""
        entry, answer = picked(turn, "appointment_choice"), turn.slot("confirmation")
        if answer is False:
            turn.say("utter_cancellation_declined")
        if entry is None or answer is not True:
            return True
        try:
            await self.task.city(turn).write(
                "cancel_appointment",
                *("hospitals", "appointments", entry["appointment_number"], "cancellation"),
                answer=Appointment,
                idempotency_key=f"cancel-{turn.slot('quote')['key']}-{entry['appointment_number']}",
                id_number=turn.slot("id_number"),
            )
        except (Conflict, NotFound) as error:
            late = error.code == "cancel_deadline_passed"
            turn.say("utter_cancel_too_late" if late else "utter_already_cancelled", deadline=entry["deadline"])
            came_of(turn, self.task, Outcome.FAILED)
        else:
            turn.say("utter_appointment_cancelled", line=entry["line"])
            came_of(turn, self.task, Outcome.CANCELLED)
        return True


def offer(slot: Slot) -> dict[str, Any]:
    """What the form keeps of a free place until one is chosen."""
    at = f"{spoken_day(slot.date.isoformat(), slot.period)} {slot.starts_at.astimezone(CITY_TIME):%H:%M}"
    line = f"{at} {slot.hospital} {slot.department} {slot.doctor} {slot.title}，挂号费 {yuan(slot.fee)} 元"
    starts = slot.starts_at.astimezone(CITY_TIME)
    surname = slot.doctor[0]
    clock = [f"{starts.hour}:{starts:%M}", f"{starts:%H:%M}", *([f"{starts.hour}点"] if starts.minute == 0 else [])]
    keys = [
        slot.doctor,
        f"{surname}医生",
        f"{surname}大夫",
        f"{surname}主任",
        slot.hospital,
        f"{slot.fee:.0f}块",
        f"{slot.fee:.0f}元",
    ]
    return {
        "title": f"{slot.doctor} {at}",
        "slot_id": slot.slot_id,
        "doctor": slot.doctor,
        "line": line,
        "keys": [*keys, *clock],
        "price": yuan(slot.fee),
        "time": starts.isoformat(),
    }


def cancelable(appointment: Appointment) -> dict[str, Any]:
    """What the form keeps of a booking until one is chosen."""
    return {
        "appointment_number": appointment.appointment_number,
        "line": appointment_line(appointment),
        "deadline": spoken_time(appointment.cancel_before),
        "keys": [appointment.department, appointment.hospital, appointment.doctor],
        "time": appointment.starts_at.isoformat(),
    }


def appointment_line(appointment: Appointment) -> str:
    """A booking as residents read it: day, time, hospital, department, doctor, patient."""
    day = spoken_day(appointment.date.isoformat(), appointment.period)
    at = f"{appointment.starts_at.astimezone(CITY_TIME):%H:%M}"
    place = f"{appointment.hospital} {appointment.department} {appointment.doctor} {appointment.title}"
    return f"{day} {at} {place}（就诊人 {appointment.patient_name_masked}）"


def spoken_day(day: str, period: str | None = None) -> str:
    """A day as residents read it, with its half where one is meant: 11月25日（周三）上午."""
    when = Date.fromisoformat(day)
    half = PERIOD_NAMES.get(period or "", "")
    return f"{when.month}月{when.day}日（周{WEEKDAY_NAMES[when.weekday()]}）{half}"
