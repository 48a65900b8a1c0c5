"""Hospital visits: find doctors with free places, book for a patient, see the bookings, cancel one."""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.types import DomainDict

from actions import context
from actions.city.answers import Appointment, Slot
from actions.city.errors import CityError, Conflict, IdentityMismatch, Invalid, NotFound
from actions.conversation.checkout import yuan
from actions.conversation.errors import CITY_TIME, explain, spoken_time
from actions.conversation.task import Task, picked
from actions.conversation.turn import Turn, payload

PERIOD_NAMES = {"morning": "上午", "afternoon": "下午", "evening": "晚上"}
WEEKDAY_NAMES = "一二三四五六日"
MOST_SLOTS_READ_OUT = 6
DAYS_OFFERED = 4


class PatientTask(Task):
    """What the hospital's tasks share: they are done for a person whose name and ID number belong together."""

    service = "hospital"

    async def patient_known(self, turn: Turn) -> bool:
        """Whether the patient's name and ID number are known and belong together; if not, both are asked again."""
        name, id_number = turn.slot("person_name"), turn.slot("id_number")
        if name is None or id_number is None:
            return False
        if await context.current().city.verify_identity(turn.city_code, name, id_number):
            return True
        turn.say("utter_identity_mismatch")
        turn.forget("person_name", "id_number")
        return False


class BookHospitalAppointment(PatientTask):
    """Book a visit: department and day, then a doctor's free place, then the patient, then a yes."""

    intent = "book_hospital_appointment"
    title = "预约挂号"
    hears = ("department", "hospital", "date", "period", "person_name", "id_number", "phone")
    choices = ("slot_choice",)

    def answered(self, turn: Turn, found: dict[str, Any]) -> dict[str, Any]:
        """A doctor named by surname is a choice as well: 王主任."""
        answer = super().answered(turn, found)
        if turn.requested == "slot_choice" and not answer and not found:
            for number, offer in enumerate((turn.slot("quote") or {}).get("offers") or [], start=1):
                if (
                    offer["doctor"] in turn.text
                    or f"{offer['doctor'][0]}医生" in turn.text
                    or f"{offer['doctor'][0]}主任" in turn.text
                ):
                    return {"slot_choice": str(number)}
        return answer

    async def advance(self, turn: Turn) -> None:
        """Find free places once department and day are known; check the patient before the yes is asked."""
        if turn.slot("department") is None:
            return
        if turn.slot("date") is None:
            return
        if not await self.offers_at_hand(turn):
            return
        if turn.slot("slot_choice") is not None and picked(turn, "slot_choice") is None:
            turn.say("utter_no_such_choice")
            turn.forget("slot_choice")
        if turn.slot("slot_choice") is not None and turn.slot("confirmation") is None:
            await self.patient_known(turn)

    async def offers_at_hand(self, turn: Turn) -> bool:
        """Have the free places for what is asked in the quote; with none, say when there are and ask for the day."""
        asked = {name: turn.slot(name) for name in ("department", "hospital", "date", "period")}
        basis = [turn.city_code, *asked.values()]
        if (turn.slot("quote") or {}).get("basis") == basis:
            return True
        turn.forget("confirmation", "slot_choice", "quote")
        slots = await context.current().city.slots(turn.city_code, **asked)
        if slots:
            # Each doctor once, with the earliest place: six times of one doctor are no choice.
            doctors = {(slot.hospital, slot.doctor): slot for slot in reversed(slots)}
            earliest = sorted(doctors.values(), key=lambda slot: slot.starts_at)
            offers = [offer(slot) for slot in earliest[:MOST_SLOTS_READ_OUT]]
            turn.set("quote", {"basis": basis, "offers": offers, "key": str(uuid4())})
            return True
        values = {"asked_department": asked["department"], "asked_day": spoken_day(asked["date"], asked["period"])}
        turn.forget("date", "period")
        others = await context.current().city.slots(turn.city_code, asked["department"], asked["hospital"])
        if others:
            days = list(dict.fromkeys(slot.date.isoformat() for slot in others))[:DAYS_OFFERED]
            turn.say("utter_no_free_slots", days="、".join(spoken_day(day) for day in days), **values)
        elif asked["hospital"]:
            turn.say("utter_no_such_department_there", asked_hospital=asked["hospital"], **values)
            turn.forget("hospital")
        else:
            turn.say("utter_no_free_slots_at_all", **values)
            self.finish(turn)
        return False


class QueryHospitalAppointment(PatientTask):
    """See a person's bookings."""

    intent = "query_hospital_appointment"
    title = "查挂号记录"
    hears = ("person_name", "id_number")
    yes_no = ()

    async def advance(self, turn: Turn) -> None:
        """Once the person is known, read the bookings out."""
        if not await self.patient_known(turn):
            return
        found = await booked(turn)
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
        self.finish(turn)


class CancelHospitalAppointment(PatientTask):
    """Cancel a booking, before the hospital's deadline, after a yes."""

    intent = "cancel_hospital_appointment"
    title = "取消挂号"
    hears = ("person_name", "id_number")
    choices = ("appointment_choice",)

    async def advance(self, turn: Turn) -> None:
        """Find the bookings of the person, settle which one, and leave the yes to be asked for."""
        basis = [turn.city_code, turn.slot("person_name"), turn.slot("id_number")]
        if (turn.slot("quote") or {}).get("basis") != basis:
            turn.forget("confirmation", "appointment_choice", "quote")
            if not await self.patient_known(turn):
                return
            found = await booked(turn)
            if not found:
                turn.say("utter_no_appointments")
                self.finish(turn)
                return
            offers = [cancelable(appointment) for appointment in found]
            turn.set("quote", {"basis": basis, "offers": offers, "key": str(uuid4())})
            if len(offers) == 1:
                turn.set("appointment_choice", "1")
        if turn.slot("appointment_choice") is not None and picked(turn, "appointment_choice") is None:
            turn.say("utter_no_such_choice")
            turn.forget("appointment_choice")


async def booked(turn: Turn) -> list[Appointment]:
    """The bookings that still stand of the person in the slots."""
    found = await context.current().city.appointments(turn.city_code, turn.slot("person_name"), turn.slot("id_number"))
    return [appointment for appointment in found if appointment.status == "booked"]


class AskDepartment(Action):
    """Ask for the department; where a hospital was named, offer the departments it has."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_book_hospital_appointment_form_department"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer departments as buttons; with the city out of reach the question stands alone."""
        turn = Turn(dispatcher, tracker)
        try:
            hospitals = await context.current().city.hospitals(turn.city_code)
        except CityError:
            hospitals = []
        named = [hospital for hospital in hospitals if hospital.name == turn.slot("hospital")] or hospitals
        names = list(dict.fromkeys(department for hospital in named for department in hospital.departments))
        turn.offer("utter_ask_department", [(name, payload("inform", department=name)) for name in names[:8]])
        return turn.events


class AskDate(Action):
    """Ask for the day, the coming ones as buttons."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_book_hospital_appointment_form_date"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer today, tomorrow and the days after."""
        turn = Turn(dispatcher, tracker)
        today = datetime.now(CITY_TIME).date()
        days = [(today + timedelta(days=ahead)).isoformat() for ahead in range(DAYS_OFFERED)]
        turn.offer("utter_ask_date", [(spoken_day(day), payload("inform", date=day)) for day in days])
        return turn.events


class AskSlotChoice(Action):
    """Read the free places out and ask which one."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_book_hospital_appointment_form_slot_choice"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer each free place as a button."""
        turn = Turn(dispatcher, tracker)
        offers = (turn.slot("quote") or {}).get("offers") or []
        buttons = [
            (f"{number}. {entry['doctor']} {entry['at']}", payload("inform", ordinal=str(number)))
            for number, entry in enumerate(offers, start=1)
        ]
        lines = "\n".join(f"{number}. {entry['line']}" for number, entry in enumerate(offers, start=1))
        turn.offer("utter_ask_slot_choice", buttons, lines=lines, asked_department=turn.slot("department"))
        return turn.events


class AskBookingConfirmation(Action):
    """Read out patient, doctor, time and fee, and ask for a yes."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_book_hospital_appointment_form_confirmation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say what will be booked."""
        turn = Turn(dispatcher, tracker)
        entry = picked(turn, "slot_choice")
        if entry is not None:
            turn.say("utter_confirm_booking", patient=turn.slot("person_name"), line=entry["line"])
        return turn.events


class AskAppointmentChoice(Action):
    """Several bookings stand: ask which one to cancel."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_cancel_hospital_appointment_form_appointment_choice"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Offer each booking as a button."""
        turn = Turn(dispatcher, tracker)
        offers = (turn.slot("quote") or {}).get("offers") or []
        lines = "\n".join(f"{number}. {entry['line']}" for number, entry in enumerate(offers, start=1))
        buttons = [(f"第{number}个", payload("inform", ordinal=str(number))) for number in range(1, len(offers) + 1)]
        turn.offer("utter_ask_appointment_choice", buttons, lines=lines)
        return turn.events


class AskCancellationConfirmation(Action):
    """Read the booking out and ask for a yes to cancel it."""

    def name(self) -> str:
        """The action's name, as the form looks for it."""
        return "action_ask_cancel_hospital_appointment_form_confirmation"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Say what will be cancelled, and until when that is possible."""
        turn = Turn(dispatcher, tracker)
        entry = picked(turn, "appointment_choice")
        if entry is not None:
            turn.say("utter_confirm_cancellation", line=entry["line"], deadline=entry["deadline"])
        return turn.events


class SubmitBooking(Action):
    """The form has ended: book what was said yes to; a place taken meanwhile is answered with the next ones."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_book_hospital_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Book, and say number and deadline; or go back into the form with fresh offers."""
        turn = Turn(dispatcher, tracker)
        entry, answer = picked(turn, "slot_choice"), turn.slot("confirmation")
        if entry is not None and answer is True:
            try:
                await self.book(turn, entry)
            except (Conflict, NotFound) as error:
                if error.code != "already_booked":
                    turn.say("utter_slot_taken", line=entry["line"])
                    turn.forget("confirmation", "slot_choice", "quote")
                    return [*turn.events, FollowupAction(BookHospitalAppointment.form())]
                turn.say("utter_already_booked")
            except (IdentityMismatch, Invalid):
                turn.say("utter_identity_mismatch")
            except CityError as error:
                explain(turn, error)
        elif answer is False:
            turn.say("utter_booking_declined")
        turn.forget(*BookHospitalAppointment.own_slots())
        return turn.events

    @staticmethod
    async def book(turn: Turn, entry: dict[str, Any]) -> None:
        """Book `entry`; the key was made when the offers were read out, so a yes said twice books once."""
        appointment = await context.current().city.book(
            turn.city_code,
            entry["slot_id"],
            turn.slot("person_name"),
            turn.slot("id_number"),
            turn.slot("phone"),
            idempotency_key=f"book-{turn.slot('quote')['key']}-{entry['slot_id']}",
        )
        turn.say(
            "utter_booked",
            appointment_number=appointment.appointment_number,
            line=appointment_line(appointment),
            deadline=spoken_time(appointment.cancel_before),
        )


class SubmitQuery(Action):
    """The look-up has ended; who was asked about stays known for this conversation."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_query_hospital_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Forget what only this look-up needed."""
        turn = Turn(dispatcher, tracker)
        turn.forget(*QueryHospitalAppointment.own_slots())
        return turn.events


class SubmitCancellation(Action):
    """The form has ended: cancel what was said yes to."""

    def name(self) -> str:
        """The action's name in the rules."""
        return "action_cancel_hospital_appointment"

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: DomainDict) -> list[EventType]:
        """Cancel, or say why the hospital will not."""
        turn = Turn(dispatcher, tracker)
        entry, answer = picked(turn, "appointment_choice"), turn.slot("confirmation")
        if entry is not None and answer is True:
            try:
                await context.current().city.cancel_appointment(
                    turn.city_code,
                    entry["appointment_number"],
                    turn.slot("id_number"),
                    idempotency_key=f"cancel-{turn.slot('quote')['key']}-{entry['appointment_number']}",
                )
                turn.say("utter_appointment_cancelled", line=entry["line"])
            except (Conflict, NotFound) as error:
                late = error.code == "cancel_deadline_passed"
                turn.say("utter_cancel_too_late" if late else "utter_already_cancelled", deadline=entry["deadline"])
            except CityError as error:
                explain(turn, error)
        elif answer is False:
            turn.say("utter_cancellation_declined")
        turn.forget(*CancelHospitalAppointment.own_slots())
        return turn.events


def offer(slot: Slot) -> dict[str, Any]:
    """What the form keeps of a free place until one is chosen."""
    at = f"{spoken_day(slot.date.isoformat(), slot.period)} {slot.starts_at.astimezone(CITY_TIME):%H:%M}"
    line = f"{at} {slot.hospital} {slot.department} {slot.doctor} {slot.title}，挂号费 {yuan(slot.fee)} 元"
    return {"slot_id": slot.slot_id, "doctor": slot.doctor, "at": at, "line": line}


def cancelable(appointment: Appointment) -> dict[str, Any]:
    """What the form keeps of a booking until one is chosen."""
    return {
        "appointment_number": appointment.appointment_number,
        "line": appointment_line(appointment),
        "deadline": spoken_time(appointment.cancel_before),
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
