"""Household accounts and their bills."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, String, UniqueConstraint

from sandbox.column_types import Hundredths
from sandbox.payable import Payable
from sandbox.tables import Base


class Account(Base):
    """A household's account with a biller: one meter. Its number is the biller's, so two billers may give the same."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("city_code", "bill_type", "account_number"),)
    id = Column(String(60), primary_key=True)
    account_number = Column(String(20), nullable=False)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    bill_type = Column(String(40), nullable=False)
    biller_name = Column(String(60), nullable=False)
    resident_id = Column(ForeignKey("residents.id"), nullable=False)
    address = Column(String(80), nullable=False)


class Bill(Payable, Base):
    """One month of one account."""

    __tablename__ = "bills"
    __table_args__ = (Index("ix_bills_account_period", "account_id", "period", unique=True),)
    bill_id = Column(String(60), primary_key=True)
    account_id = Column(ForeignKey("accounts.id"), nullable=False)
    period = Column(String(7), nullable=False)
    usage = Column(Hundredths, nullable=False)
    amount = Column(Hundredths, nullable=False)
    due_on = Column(Date, nullable=False)
