"""The city's API, one method an operation. `city` is always the GB/T 2260 code of a prefecture, like "330100"."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

import httpx
from pydantic import BaseModel

from actions.city.errors import Invalid
from actions.city.party import Party, Request
from actions.settings import Settings
from city_api.credit import CreditScore
from city_api.directory import CityService, CityServices, IdentityVerification
from city_api.hospital import Appointment, Appointments, Hospital, Hospitals, Slot, Slots
from city_api.payments import Receipt
from city_api.traffic import Decision, Violations
from city_api.utility_bills import Bills

T = TypeVar("T", bound=BaseModel)


class CityClient:
    """The client of the city's API: one for the process.

    Every method raises the errors of `actions.city.errors` and nothing else, before the turn's deadline.
    Amounts are Decimal yuan with two places; dates may be given as `date` or ISO text.
    """

    def __init__(self, party: Party) -> None:
        self.party = party

    @classmethod
    def from_settings(cls, settings: Settings, transport: httpx.AsyncBaseTransport | None = None) -> CityClient:
        """The client for the city named in the settings.

        Args:
            settings: the process's settings.
            transport: in place of the network, for tests.
        """
        return cls(Party.from_settings("city", settings.city_api_url, settings, transport))

    async def close(self) -> None:
        """Close the connections."""
        await self.party.close()

    async def services(self, city: str) -> list[CityService]:
        """What the city has connected, and what of it is being maintained."""
        return (await self._get("services", _path(city, "services"), CityServices)).services

    async def bills(self, city: str, bill_type: str, account_number: str, status: str = "unpaid") -> Bills:
        """Bills of a household account: `bill_type` water, electricity or gas; `status` unpaid or all."""
        path = _path(city, "utilities", bill_type, "accounts", account_number, "bills")
        return await self._get("bills", path, Bills, {"status": status})

    async def pay_bill(
        self, city: str, bill_id: str, trade_number: str, amount: Decimal, idempotency_key: str
    ) -> Receipt:
        """Tell the city that a bill has been paid by this trade. Conflict: bill_already_paid, amount_mismatch."""
        path = _path(city, "utilities", "bills", bill_id, "payments")
        return await self._write("pay_bill", path, Receipt, _payment(trade_number, amount), idempotency_key)

    async def violations(self, city: str, plate_number: str, status: str = "open") -> Violations:
        """A vehicle's violations, and the points left on the licence; `status` open or all."""
        path = _path(city, "traffic", "vehicles", plate_number, "violations")
        return await self._get("violations", path, Violations, {"status": status})

    async def confirm_violation(self, city: str, violation_id: str, idempotency_key: str) -> Decision:
        """Accept a camera offence. Conflict: violation_already_decided, not_a_camera_offence."""
        path = _path(city, "traffic", "violations", violation_id, "confirmation")
        return await self._write("confirm_violation", path, Decision, {}, idempotency_key)

    async def decision(self, city: str, decision_number: str) -> Decision:
        """A penalty decision by its number."""
        return await self._get("decision", _path(city, "traffic", "decisions", decision_number), Decision)

    async def pay_decision(
        self, city: str, decision_number: str, trade_number: str, amount: Decimal, idempotency_key: str
    ) -> Receipt:
        """Tell the city that a fine has been paid by this trade. Conflict: decision_already_paid, amount_mismatch."""
        path = _path(city, "traffic", "decisions", decision_number, "payments")
        return await self._write("pay_decision", path, Receipt, _payment(trade_number, amount), idempotency_key)

    async def hospitals(self, city: str) -> list[Hospital]:
        """The hospitals and their departments."""
        return (await self._get("hospitals", _path(city, "hospitals"), Hospitals)).hospitals

    async def slots(
        self,
        city: str,
        department: str,
        hospital: str | None = None,
        date: dt.date | str | None = None,
        period: str | None = None,
    ) -> list[Slot]:
        """Free slots, the earliest first, at most 20; `period` morning, afternoon or evening."""
        asked = {"department": department, "hospital": hospital, "date": str(date) if date else None, "period": period}
        params = {name: value for name, value in asked.items() if value}
        return (await self._get("slots", _path(city, "hospitals", "slots"), Slots, params)).slots

    async def book(
        self, city: str, slot_id: str, name: str, id_number: str, phone: str | None, idempotency_key: str
    ) -> Appointment:
        """Book a slot for a patient. NotFound slot_not_found; Conflict slot_taken, already_booked."""
        patient = {"name": name, "id_number": id_number} | ({"phone": phone} if phone else {})
        body = {"slot_id": slot_id, "patient": patient}
        return await self._write("book", _path(city, "hospitals", "appointments"), Appointment, body, idempotency_key)

    async def appointments(self, city: str, name: str, id_number: str) -> list[Appointment]:
        """A patient's appointments, the coming ones first."""
        path = _path(city, "hospitals", "appointments", "search")
        return (await self._search("appointments", path, Appointments, name, id_number)).appointments

    async def cancel_appointment(
        self, city: str, appointment_number: str, id_number: str, idempotency_key: str
    ) -> Appointment:
        """Cancel a visit. Conflict: cancel_deadline_passed, appointment_already_cancelled."""
        path = _path(city, "hospitals", "appointments", appointment_number, "cancellation")
        return await self._write("cancel_appointment", path, Appointment, {"id_number": id_number}, idempotency_key)

    async def credit_score(self, city: str, name: str, id_number: str) -> CreditScore:
        """The credit score, its grade and what moved it. NotFound credit_record_not_found; IdentityMismatch."""
        return await self._search("credit_score", _path(city, "credit", "score"), CreditScore, name, id_number)

    async def verify_identity(self, city: str, name: str, id_number: str) -> bool:
        """Whether name and ID number belong together."""
        path = _path(city, "identity", "verification")
        return (await self._search("verify_identity", path, IdentityVerification, name, id_number)).matched

    async def _get(self, operation: str, path: str, answer: type[T], params: Mapping[str, str] | None = None) -> T:
        return await self.party.call(Request(operation, "GET", path, params=params), answer)

    async def _search(self, operation: str, path: str, answer: type[T], name: str, id_number: str) -> T:
        # A read that is a POST only to keep the name and the ID number out of URLs.
        body = {"name": name, "id_number": id_number}
        return await self.party.call(Request(operation, "POST", path, body=body, is_search=True), answer)

    async def _write(
        self, operation: str, path: str, answer: type[T], body: Mapping[str, Any], idempotency_key: str
    ) -> T:
        return await self.party.call(
            Request(operation, "POST", path, body=body, idempotency_key=idempotency_key), answer
        )


def _path(city: str, *parts: str) -> str:
    if any(part in ("", ".", "..") for part in (city, *parts)):
        # No quoting keeps these from pointing at another operation.
        raise Invalid("invalid_request")
    return "/cities/" + "/".join(quote(part, safe="") for part in (city, *parts))


def _payment(trade_number: str, amount: Decimal) -> dict[str, str]:
    return {"trade_number": trade_number, "amount": f"{amount:.2f}"}
