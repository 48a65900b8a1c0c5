"""Offences and penalty decisions."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String

from sandbox.column_types import Hundredths, UtcMoment
from sandbox.payable import Payable
from sandbox.tables import Base


class EngineNumber(Base):
    """The engine number of a vehicle, as it stands in the driving permit; its last six characters are a proof."""

    __tablename__ = "engine_numbers"
    plate = Column(ForeignKey("vehicles.plate"), primary_key=True)
    number = Column(String(20), nullable=False)


class WrongProof(Base):
    """A proof for a vehicle that was none, and when."""

    __tablename__ = "wrong_proofs"
    id = Column(Integer, primary_key=True)
    plate = Column(ForeignKey("vehicles.plate"), nullable=False, index=True)
    at = Column(UtcMoment, nullable=False)


class ViewingPass(Base):
    """What was given to who had proved, so that the proof itself need not be kept: good for one vehicle and a while.

    Of the pass only a digest is kept.
    """

    __tablename__ = "viewing_passes"
    digest = Column(String(64), primary_key=True)
    plate = Column(ForeignKey("vehicles.plate"), nullable=False)
    expires_at = Column(UtcMoment, nullable=False)


class Violation(Base):
    """A traffic offence; unconfirmed while it has no decision."""

    __tablename__ = "violations"
    violation_id = Column(String(20), primary_key=True)
    plate = Column(ForeignKey("vehicles.plate"), nullable=False, index=True)
    occurred_at = Column(UtcMoment, nullable=False)
    place = Column(String(80), nullable=False)
    behaviour_code = Column(String(5), nullable=False)
    behaviour = Column(String(120), nullable=False)
    fine = Column(Hundredths, nullable=False)
    points = Column(Integer, nullable=False)
    camera = Column(Boolean, nullable=False)


class Decision(Payable, Base):
    """A penalty decision on an offence, against the driver whose licence its points are taken from."""

    __tablename__ = "decisions"
    decision_number = Column(String(15), primary_key=True)
    violation_id = Column(ForeignKey("violations.violation_id"), nullable=False, unique=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False, index=True)
    driver_id = Column(ForeignKey("residents.id"), nullable=False, index=True)
    payee = Column(String(60), nullable=False)
    decided_at = Column(UtcMoment, nullable=False)
    paid_amount = Column(Hundredths)
