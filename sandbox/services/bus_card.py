"""Bus cards: balances, and top-ups, each by the trade that paid for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Column, ForeignKey, String, select
from sqlalchemy.orm import Session

from city_api.bus_card import BusCard as CardAnswer
from city_api.payments import Receipt
from sandbox.column_types import Hundredths
from sandbox.errors import CityError
from sandbox.here import Here, InCity
from sandbox.idempotency import Once
from sandbox.payable import Payable, PaymentIn, settle
from sandbox.seeding.growth import Growth
from sandbox.services import SandboxService
from sandbox.tables import Base

LEAST, MOST = Decimal(10), Decimal(500)
RECEIPT_SERIES = "33"


class BusCard(Base):
    """A card and what is left on it."""

    __tablename__ = "bus_cards"
    card_number = Column(String(19), primary_key=True)
    city_code = Column(String(6), nullable=False, index=True)
    balance = Column(Hundredths, nullable=False)


class TopUp(Payable, Base):
    """Money put on a card, once a trade."""

    __tablename__ = "bus_card_top_ups"
    trade_number = Column(String(64), primary_key=True)
    card_number = Column(ForeignKey("bus_cards.card_number"), nullable=False, index=True)
    amount = Column(Hundredths, nullable=False)


def seed(growth: Growth) -> None:
    """Give every household a card; the first ones are nearly empty."""
    for place, _ in enumerate(growth.holders):
        cents = growth.stream("balance", place).randint(0, 300 if place < 3 else 12000)
        balance = Decimal(cents) / 100
        growth.add(BusCard, card_number=growth.number("3104", 9), city_code=growth.city.code, balance=balance)


def samples(session: Session, city: str) -> dict[str, Any]:
    """A card that is nearly empty, and another."""
    query = select(BusCard.card_number).where(BusCard.city_code == city).order_by(BusCard.balance)
    cards = [*session.execute(query).scalars(), None, None]
    say = f"给公交卡 {cards[0]} 充 50 元" if cards[0] else None
    return {"bus_cards": {"low": cards[0], "other": cards[1]}, "say": {"bus_card": say}}


router = APIRouter()


@router.get("/cards/{card_number}", response_model=CardAnswer)
def show_card(card_number: str, here: InCity) -> CardAnswer:
    """A card.

    Raises:
        CityError: 404 service_not_connected, card_not_found.
    """
    with here.read() as session:
        card = card_of(session, here, card_number)
        return CardAnswer(
            biller_code=f"{here.code}-bus-card",
            payee=here.payee("bus_card"),
            card_number=card_number,
            balance=card.balance,
        )


@router.post("/cards/{card_number}/top-ups", response_model=Receipt)
def top_up(card_number: str, body: PaymentIn, once: Once, here: InCity) -> Response:
    """Put money on a card, once a trade: told of the same trade again, it gives the same receipt.

    Raises:
        CityError: 404 service_not_connected, card_not_found; 409 amount_not_possible, trade_already_used.
    """

    def pay(session: Session) -> Receipt:
        card, amount = card_of(session, here, card_number), Decimal(body.amount)
        known = session.get(TopUp, body.trade_number)
        if known is not None:
            if (known.card_number, known.amount) != (card_number, amount):
                raise CityError(409, "trade_already_used", "这笔付款已经充到别处")
            return Receipt(receipt_number=known.receipt_number, paid_at=known.paid_at)
        if not LEAST <= amount <= MOST or amount % 1:
            raise CityError(409, "amount_not_possible", "充值金额要在 10 到 500 元之间，整元")
        made = TopUp(trade_number=body.trade_number, card_number=card_number, amount=amount)
        session.add(made)
        card.balance += amount
        message = "这笔充值已经到账"
        return settle(
            session, here, made, amount, body, series=RECEIPT_SERIES, paid_code="topped_up", paid_message=message
        )

    return once.run(body, pay)


def card_of(session: Session, here: Here, card_number: str) -> Any:
    """A card of the city, locked where the session writes.

    Raises:
        CityError: 404 card_not_found.
    """
    query = select(BusCard).where(BusCard.card_number == card_number, BusCard.city_code == here.code)
    card = session.execute(query.with_for_update()).scalar_one_or_none()
    if card is None:
        raise CityError(404, "card_not_found", "没有找到这张公交卡")
    return card


service = SandboxService(router, seed, samples)
