"""Parking fees: a plate's unpaid stays in street bays, and paying one."""

from __future__ import annotations

from typing import Any

from actions.conversation.owed import Owed, PayOwed, QueryOwed
from actions.conversation.speech import spoken_time, yuan
from actions.conversation.turn import Turn
from actions.payments import settled_at
from city_api.parking import Stay, Stays


class ParkingTask(Owed):
    """What a plate owes for parking."""

    not_found = "utter_parking_vehicle_not_found"
    nothing_owed = "utter_no_parking_fees"

    async def ask(self, turn: Turn) -> Stays:
        """The unpaid stays of the plate."""
        parts = ("parking", "vehicles", turn.slot("plate_number"), "stays")
        return await self.city(turn).get("parking_stays", *parts, answer=Stays)

    def offers(self, turn: Turn, answer: Stays) -> list[dict[str, Any]]:
        """Each stay, as it is read out and paid."""
        return [
            {
                "title": f"交{spoken_time(stay.began_at)}的",
                "biller_code": answer.biller_code,
                "payee": answer.payee,
                "account": answer.plate_number,
                "bill_reference": stay.stay_id,
                "amount": yuan(stay.fee),
                "subject": "停车费",
                "line": stay_line(stay),
                "keys": [stay.place, yuan(stay.fee)],
                "price": yuan(stay.fee),
                "time": stay.began_at.isoformat(),
            }
            for stay in answer.stays
        ]


class QueryParkingFee(ParkingTask, QueryOwed, intent="query_parking_fee"):
    """What is owed."""

    owed = "utter_parking_fees_owed"
    paid_by = "pay_parking_fee"


class PayParkingFee(ParkingTask, PayOwed, intent="pay_parking_fee"):
    """Pay one stay."""


settled_at("parking_fee", "parking", "stays", refused=("stay_already_paid", "stay_not_found", "amount_mismatch"))


def stay_line(stay: Stay) -> str:
    """A stay as residents read it: 11月20日 18:30 文三路，停 1 小时 20 分，8.00 元."""
    hours, minutes = divmod(stay.minutes, 60)
    length = (f"{hours} 小时" if hours else "") + (f" {minutes} 分" if minutes else "")
    return f"{spoken_time(stay.began_at)} {stay.place}，停 {length.strip()}，{yuan(stay.fee)} 元"
