"""A new service as a developer writes it: a look-up by name and ID number, and something to pay."""

from decimal import Decimal

from fastapi import APIRouter
from sqlalchemy import Column, ForeignKey, String, select

from city_api.base import Answer, Yuan
from city_api.payments import Receipt
from sandbox.column_types import Hundredths
from sandbox.errors import CityError
from sandbox.here import InCity
from sandbox.idempotency import Once
from sandbox.payable import Payable, PaymentIn, settle
from sandbox.people import PersonIn, as_sample, record_of
from sandbox.services import SandboxService
from sandbox.tables import Base, Resident


class LibraryCard(Answer):
    card_number: str
    owed: Yuan


class Card(Payable, Base):
    __tablename__ = "library_cards"
    card_number = Column(String(20), primary_key=True)
    resident_id = Column(ForeignKey("residents.id"), nullable=False)
    city_code = Column(ForeignKey("cities.code"), nullable=False)
    owed = Column(Hundredths, nullable=False)


def seed(growth):
    for index, holder in enumerate(growth.holders[::2]):
        number, owed = growth.number("L", 6), growth.stream("owed", index).randint(1, 90)
        growth.add(
            Card, card_number=number, resident_id=holder.id, city_code=growth.city.code, owed=Decimal(owed).scaleb(-1)
        )


def samples(session, city):
    query = select(Resident).join(Card, Card.resident_id == Resident.id).where(Card.city_code == city)
    return {"people": {"with_library_card": as_sample(session.execute(query.order_by(Resident.id)).scalars().first())}}


router = APIRouter()


@router.post("/card", response_model=LibraryCard)
def show_card(body: PersonIn, here: InCity) -> LibraryCard:
    with here.read() as session:
        card = record_of(session, here, Card, body, "library_card_not_found", "没有找到借书证")
        owed = Decimal("0.00") if card.receipt_number else card.owed
        return LibraryCard(card_number=card.card_number, owed=owed)


@router.post("/cards/{card_number}/payments", response_model=Receipt)
def pay_card(card_number: str, body: PaymentIn, here: InCity, once: Once):
    def pay(session):
        card = session.get(Card, card_number, with_for_update=True)
        if card is None or card.city_code != here.code:
            raise CityError(404, "library_card_not_found", "没有找到借书证")
        names = {"paid_code": "library_fee_already_paid", "paid_message": "逾期费已经缴清"}
        return settle(session, here, card, card.owed, body, series="77", **names)

    return once.run(body, pay)


service = SandboxService(router, seed, samples)
