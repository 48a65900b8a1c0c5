"""Parking: a vehicle's stays in street bays that are not paid."""

from __future__ import annotations

import datetime as dt

from city_api.base import Answer, Yuan


class Stay(Answer):
    """A stay that costs something."""

    stay_id: str
    place: str
    began_at: dt.datetime
    minutes: int
    fee: Yuan


class Stays(Answer):
    """A vehicle's unpaid stays, the oldest first, and who is owed."""

    biller_code: str
    payee: str
    plate_number: str
    stays: list[Stay]
