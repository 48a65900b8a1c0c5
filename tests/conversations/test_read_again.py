"""Between the yes and the link the bill is read again at the city: paid, changed, or not to be had."""

from decimal import Decimal

import pytest
from sqlalchemy import create_engine, text

from tests.conversations.talk import Talk

UTILITIES = "/cities/330100/utilities"


@pytest.fixture
def quoted(house):
    """A conversation that waits for the yes to a water bill, and that bill."""
    house.reset_city()
    account = house.samples()["accounts"]["water"]["one_unpaid"]
    talk = Talk(house)
    talk.say(f"交水费，户号{account}")
    assert talk.requested() == "confirmation"
    return talk, account, house.bills("water", account)[0]


def change(house, statement, **values):
    """Change what the city has, as its own people would."""
    engine = create_engine(house.sandbox_url)
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1
    engine.dispose()


def test_paid_meanwhile_it_is_said_and_no_link_is_given(house, quoted):
    talk, account, bill = quoted
    answer = house.call(
        "POST",
        f"{UTILITIES}/bills/{bill['bill_id']}/payments",
        json={"trade_number": "at-the-counter", "amount": bill["amount"]},
        headers={"Idempotency-Key": "at-the-counter"},
    )
    assert answer.status_code == 200, answer.text
    said = talk.say("确认")
    assert "已经缴清" in said
    assert "http" not in said
    assert "at-the-counter" not in said
    assert talk.orders() == []
    assert talk.active_form() is None


def test_a_changed_amount_is_read_out_and_needs_its_own_yes(house, quoted):
    talk, account, bill = quoted
    change(house, "UPDATE bills SET amount = :amount WHERE bill_id = :id", amount=9995, id=bill["bill_id"])
    said = talk.say("确认")
    assert "99.95" in said
    assert "http" not in said
    assert talk.orders() == []
    assert talk.requested() == "confirmation"
    talk.say("确认")
    (order,) = talk.orders()
    assert order.amount == Decimal("99.95")
    assert talk.cashier_url()


@pytest.mark.parametrize("kind", ["unavailable", "error_500", "broken_json"])
def test_a_city_that_does_not_say_orders_nothing_and_keeps_the_quote(house, quoted, kind):
    talk, _, bill = quoted
    house.fault(kind=kind, path_prefix=UTILITIES)
    said = talk.say("确认")
    assert "没有下单" in said
    assert "http" not in said
    assert talk.orders() == []
    assert talk.requested() == "confirmation"
    assert bill["amount"] in said
    house.clear_faults()
    house.rest_circuits()
    talk.say("确认")
    (order,) = talk.orders()
    assert order.amount == Decimal(bill["amount"])
