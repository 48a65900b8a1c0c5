"""The tables of the city itself: its register, writes made once, and the payment provider's. A service has its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, Date, ForeignKey, Integer, String, Text
from sqlalchemy.orm import declarative_base

from sandbox.column_types import Hundredths, UtcMoment

Base: Any = declarative_base()
"""What every table of the sandbox is declared on, a service's too."""


class Meta(Base):
    """What the sandbox knows about itself: the tables' definition, the seed, the provider's key."""

    __tablename__ = "meta"
    key = Column(String(40), primary_key=True)
    value = Column(Text, nullable=False)


class City(Base):
    """A city that has been grown, by its GB/T 2260 code: its residents and vehicles are on the register."""

    __tablename__ = "cities"
    code = Column(String(6), primary_key=True)
    name = Column(String(20), nullable=False)


class CityService(Base):
    """A service of a city that has been grown, by the code that the city's file gives it."""

    __tablename__ = "city_services"
    city_code = Column(ForeignKey("cities.code"), primary_key=True)
    code = Column(String(40), primary_key=True)


class Resident(Base):
    """A person on the city's register."""

    __tablename__ = "residents"
    id = Column(Integer, primary_key=True, autoincrement=False)
    city_code = Column(ForeignKey("cities.code"), nullable=False, index=True)
    name = Column(String(40), nullable=False)
    id_number = Column(String(18), nullable=False, unique=True)
    phone = Column(String(11), nullable=False)
    licence_issued_on = Column(Date)


class Vehicle(Base):
    """A vehicle on the city's register, by its plate (GA 36, upper case, no dot)."""

    __tablename__ = "vehicles"
    plate = Column(String(8), primary_key=True)
    city_code = Column(ForeignKey("cities.code"), nullable=False, index=True)
    kind = Column(String(20), nullable=False)
    owner_id = Column(ForeignKey("residents.id"), nullable=False)


class IdempotentAnswer(Base):
    """The answer a write gave under a client's key, to be given again; empty while the write is under way."""

    __tablename__ = "idempotent_answers"
    client_id = Column(String(64), primary_key=True)
    key = Column(String(255), primary_key=True)
    request_hash = Column(String(64), nullable=False)
    status = Column(Integer)
    body = Column(Text)
    created_at = Column(UtcMoment, nullable=False)


class Trade(Base):
    """A payment to be made at the provider's cashier."""

    __tablename__ = "trades"
    trade_number = Column(String(64), primary_key=True)
    token = Column(String(64), nullable=False, unique=True)
    subject = Column(String(128), nullable=False)
    payee = Column(String(60), nullable=False)
    amount = Column(Hundredths, nullable=False)
    notify_url = Column(String(255), nullable=False)
    created_at = Column(UtcMoment, nullable=False)
    expires_at = Column(UtcMoment, nullable=False)
    closed_at = Column(UtcMoment)
    paid_at = Column(UtcMoment)
    provider_trade_number = Column(String(32), unique=True)


class Refund(Base):
    """Money that goes back from a paid trade: `processing` until `ends_at`, then what `outcome` says."""

    __tablename__ = "refunds"
    refund_number = Column(String(64), primary_key=True)
    trade_number = Column(ForeignKey("trades.trade_number"), nullable=False, index=True)
    amount = Column(Hundredths, nullable=False)
    asked_at = Column(UtcMoment, nullable=False)
    ends_at = Column(UtcMoment, nullable=False)
    outcome = Column(String(8), nullable=False, default="done")


class Notice(Base):
    """A payment notice to a merchant and how its delivery went: pending, delivered or given_up."""

    __tablename__ = "notices"
    notice_id = Column(String(36), primary_key=True)
    trade_number = Column(ForeignKey("trades.trade_number"), nullable=False, index=True)
    body = Column(Text, nullable=False)
    attempts = Column(Integer, nullable=False, default=0)
    state = Column(String(10), nullable=False, default="pending")
