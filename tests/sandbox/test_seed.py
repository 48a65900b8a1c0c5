"""The city grows the same from the same seed."""

import random
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric

from manifests import places, services
from sandbox.database import Database
from sandbox.plates import is_plate
from sandbox.registry import find_services
from sandbox.samples import collect_samples
from sandbox.seeding.grower import Grower
from sandbox.services.credit import CreditFactor, CreditRecord
from sandbox.services.hospital.tables import Doctor, Slot
from sandbox.services.traffic.tables import Decision, Violation
from sandbox.services.utility_bills.seeding import TARIFFS, billed_months
from sandbox.services.utility_bills.tables import Account, Bill
from sandbox.tables import Base, Resident, Vehicle

CITIES = ("330100", "330400")
MOMENT = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)


class Grown:
    """A database of its own, and what grows in it."""

    def __init__(self, url, seed, moment):
        self.moment = moment
        self.database = Database(url)
        self.grower = Grower(self.database, lambda: self.moment, places(), find_services(services()))
        self.grower.prepare(seed)

    def grow(self, *cities):
        for code in cities:
            self.grower.grow_all(places().city(code))
        return self


@pytest.fixture
def grow(tmp_path):
    """Grows both cities in a database of their own."""
    made = []

    def grow(seed=20260101, moment=MOMENT, cities=CITIES):
        made.append(Grown(f"sqlite:///{tmp_path}/{len(made)}.db", seed, moment))
        return made[-1].grow(*cities)

    yield grow
    for one in made:
        one.database.dispose()


@pytest.fixture
def session(seeded):
    """A look into the city all tests start from."""
    database = Database(f"sqlite:///{seeded}")
    with database.read() as session:
        yield session
    database.dispose()


def everything(grown):
    """All rows but the provider's key, which is nobody's to foretell."""
    with grown.database.engine.connect() as connection:
        rows = {
            table.name: sorted(map(tuple, connection.execute(table.select())), key=repr)
            for table in Base.metadata.sorted_tables
        }
    rows["meta"] = [row for row in rows["meta"] if row[0] != "provider_private_key"]
    return rows


def samples(grown):
    with grown.database.read() as session:
        found = [collect_samples(session, find_services(services()), code) for code in CITIES]
    # What is owed goes with the season; who owes does not.
    return [{name: value for name, value in one.items() if name != "owed"} for one in found]


def test_same_seed_same_city(grow):
    random.seed(1)
    one = grow()
    random.seed(2)
    assert everything(one) == everything(grow())


def test_other_seed_other_city(grow):
    one, two = samples(grow()), samples(grow(seed=7))
    assert one[0]["accounts"] != two[0]["accounts"]
    assert one[0]["people"] != two[0]["people"]


@pytest.mark.parametrize(
    "moment",
    [
        MOMENT + timedelta(days=1),
        datetime(2027, 1, 1, 0, 30, tzinfo=timezone.utc),
        datetime(2028, 2, 29, 15, 59, tzinfo=timezone.utc),
    ],
)
def test_samples_are_the_same_on_other_days(grow, moment):
    assert samples(grow()) == samples(grow(moment=moment))


def test_a_grown_city_is_left_alone(grow):
    one = grow()
    before = everything(one)
    one.moment += timedelta(days=1)
    one.grower.prepare(7)
    one.grow(*CITIES)
    assert everything(one) == before


def test_reset_gives_the_same_cities(grow):
    one = grow()
    before = everything(one)
    with one.database.write() as session:
        session.query(Bill).update({"trade_number": "T1"})
    one.grower.reset(20260101)
    assert everything(one) != before
    assert everything(one.grow(*CITIES)) == before


def test_people(session):
    residents = session.query(Resident).all()
    assert len({one.id_number for one in residents}) == len(residents) >= 80
    assert all(ric.is_valid(one.id_number) for one in residents)
    assert all(len(one.phone) == 11 for one in residents)
    assert session.query(Account).filter_by(city_code="330100", bill_type="water").count() == 60


def test_every_bill_adds_up(session):
    rows = session.query(Bill, Account).join(Account, Bill.account_id == Account.id).all()
    assert set(Counter(account.id for _, account in rows).values()) == {12}
    for bill, account in rows:
        assert bill.amount == TARIFFS[account.bill_type].amount(bill.usage) > 0
        assert (bill.receipt_number is None) == (bill.paid_at is None)
        assert bill.paid_at is None or bill.paid_at <= MOMENT
    unpaid = Counter(bill.account_id for bill, _ in rows if bill.paid_at is None)
    assert set(unpaid.values()) == {1, 2, 3}


@pytest.mark.parametrize(
    ("bill_type", "high", "low"), [("electricity", "-08", "-04"), ("gas", "-01", "-07"), ("water", "-07", "-02")]
)
def test_usage_goes_with_the_season(session, bill_type, high, low):
    def total(month):
        rows = session.query(Bill.usage).join(Account, Bill.account_id == Account.id)
        return sum(usage for (usage,) in rows.filter(Account.bill_type == bill_type, Bill.period.endswith(month)))

    assert total(high) > total(low)


@pytest.mark.parametrize(
    ("bill_type", "usage", "amount"),
    [
        ("water", "0", "0.00"), ("water", "18", "52.20"), ("water", "20", "59.90"), ("water", "30", "112.65"),
        ("electricity", "230", "123.74"), ("electricity", "400", "223.70"), ("electricity", "410.50", "232.50"),
        ("gas", "12.34", "38.25"), ("gas", "41", "137.95"),
    ],
)  # fmt: skip
def test_tiers(bill_type, usage, amount):
    assert TARIFFS[bill_type].amount(Decimal(usage)) == Decimal(amount)


@given(st.decimals(0, 2000, places=2), st.decimals(0, 500, places=2), st.sampled_from(sorted(TARIFFS)))
def test_more_usage_never_costs_less(usage, more, bill_type):
    assert TARIFFS[bill_type].amount(usage + more) >= TARIFFS[bill_type].amount(usage)


def test_billed_months():
    months = billed_months(date(2026, 3, 31))
    assert (months[0], months[1], months[2], months[-1]) == (
        date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2025, 3, 1),
    )  # fmt: skip
    assert len(months) == 12


def test_traffic(session):
    vehicles = session.query(Vehicle).all()
    assert len(vehicles) == 50
    assert all(is_plate(one.plate) for one in vehicles)
    assert {len(one.plate) for one in vehicles} == {7, 8}
    for violation in session.query(Violation):
        assert violation.occurred_at < MOMENT
    for decision in session.query(Decision):
        assert len(decision.decision_number) == 15
        assert decision.decided_at <= MOMENT


def test_credit_adds_up(session):
    for record in session.query(CreditRecord):
        factors = session.query(CreditFactor).filter_by(resident_id=record.resident_id)
        assert record.score == 550 + sum(factor.effect for factor in factors)
    assert session.query(CreditRecord).count() == 48


def test_receipts_are_alike_nowhere(session):
    receipts = [row[0] for table in (Bill, Decision) for row in session.query(table.receipt_number) if row[0]]
    assert len(receipts) == len(set(receipts)) > 500
    assert {len(number) for number in receipts} == {21}


def test_schedules(session):
    slots = session.query(Slot).all()
    days = {slot.date for slot in slots}
    assert (min(days), max(days)) == (date(2026, 11, 24), date(2026, 12, 8))
    assert {slot.period for slot in slots} == {"morning", "afternoon", "evening"}
    assert any(slot.remaining == 0 for slot in slots)
    assert {doctor.title for doctor in session.query(Doctor)} == {"主任医师", "副主任医师", "主治医师"}
