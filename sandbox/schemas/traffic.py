"""Offences and decisions as JSON."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel


class DriverOut(BaseModel):
    """The owner's licence in its present cycle of a year."""

    points_left: int
    points_total: int
    cycle_ends_on: str


class ViolationOut(BaseModel):
    """An offence."""

    violation_id: str
    occurred_at: str
    place: str
    behaviour: str
    behaviour_code: str
    fine: str
    points: int
    camera: bool
    status: Literal["unconfirmed", "decided", "paid"]
    decision_number: str | None


class ViolationsOut(BaseModel):
    """A vehicle's offences, newest first."""

    plate_number: str
    vehicle_kind: str
    driver: DriverOut
    violations: list[ViolationOut]


class DecisionOut(BaseModel):
    """A penalty decision and what it costs today."""

    decision_number: str
    plate_number_masked: str
    occurred_at: str
    place: str
    behaviour: str
    fine: str
    late_fee: str
    total: str
    points: int
    status: Literal["unpaid", "paid"]
    payee: str
    receipt_number: str | None


class ConfirmationIn(BaseModel):
    """Nothing: the offence is named in the path."""
