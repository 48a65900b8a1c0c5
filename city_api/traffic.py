"""Traffic: a vehicle's violations, its driver's points, and penalty decisions.

| who has | is told |
| --- | --- |
| the plate | how many violations are open, and the sum |
| the plate, and the last six characters of the engine number, or the owner's name and ID number | place, time, points |
| a decision's number, from the paper in the hand | that one decision |
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

from city_api.base import Answer, Yuan


class Driver(Answer):
    """The points of the driver whose licence the vehicle is bound to."""

    points_left: int
    points_total: int
    cycle_ends_on: dt.date


class Violation(Answer):
    """A traffic violation; `camera` when a camera saw it, so that it can be confirmed online.

    `total` is what it costs today, fine and late fee together. `late_from` is the first day that adds a late fee, absent while
    nothing is decided; `late_fee_per_day` what each day from then on adds, nothing once the most is reached.
    """

    violation_id: str
    occurred_at: dt.datetime
    place: str
    behaviour: str
    behaviour_code: str
    fine: Yuan
    late_fee: Yuan
    total: Yuan
    late_from: dt.date | None = None
    late_fee_per_day: Yuan
    points: int
    camera: bool
    status: Literal["unconfirmed", "decided", "paid"]
    decision_number: str | None = None


class Owed(Answer):
    """How many violations are open, and what is owed for them today.

    `total` has the late fees in it; `late_from` is the day since which there are some, and `added_tomorrow` by how much they
    will be more then.
    """

    count: int
    total: Yuan
    late_fees: Yuan
    late_from: dt.date | None = None
    added_tomorrow: Yuan


class OpenViolations(Owed):
    """What is told to who has only the plate."""

    plate_number: str


class Violations(Answer):
    """A vehicle's violations, told to who has proved that they may know.

    `viewing_pass` stands for the proof until `pass_until`, so that the proof itself need not be kept.
    """

    plate_number: str
    vehicle_kind: str
    driver: Driver
    owed: Owed
    violations: list[Violation]
    viewing_pass: str
    pass_until: dt.datetime


class Decision(Answer):
    """A penalty decision; `total` is fine and late fee together."""

    decision_number: str
    plate_number_masked: str
    occurred_at: dt.datetime
    place: str
    behaviour: str
    fine: Yuan
    late_fee: Yuan
    total: Yuan
    points: int
    status: Literal["unpaid", "paid"]
    payee: str
    receipt_number: str | None = None
