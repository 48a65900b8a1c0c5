"""What an account owes, and the paying of a bill."""

import threading
from decimal import Decimal

import pytest

BILLS = "/cities/{city}/utilities/{bill_type}/accounts/{number}/bills"


def path_of(bill):
    return f"/cities/330100/utilities/bills/{bill['bill_id']}/payments"


@pytest.mark.parametrize(
    ("city_code", "bill_type", "number", "status", "code"),
    [
        ("330100", "water", "0000000000", 404, "account_not_found"),
        ("330100", "water", "x' OR '1'='1", 404, "account_not_found"),
        ("330400", "gas", "3304000000", 404, "service_not_connected"),
        ("999999", "water", "3301000000", 404, "service_not_connected"),
        ("330100", "heating", "3301000000", 422, "invalid_request"),
    ],
)
def test_no_bills(city, city_code, bill_type, number, status, code):
    answer = city.get(BILLS.format(city=city_code, bill_type=bill_type, number=number))
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_an_account_belongs_to_its_bill_type_and_city(city):
    number = city.samples()["accounts"]["water"]["one_unpaid"]
    for city_code, bill_type in (("330100", "gas"), ("330400", "water")):
        answer = city.get(BILLS.format(city=city_code, bill_type=bill_type, number=number))
        assert answer.json()["code"] == "account_not_found"


@pytest.mark.parametrize(("bill_type", "unit"), [("water", "立方米"), ("electricity", "千瓦时"), ("gas", "立方米")])
@pytest.mark.parametrize(("kind", "count"), [("none_unpaid", 0), ("one_unpaid", 1), ("two_unpaid", 2)])
def test_unpaid_bills(city, bill_type, unit, kind, count):
    answer = city.bills(kind, bill_type)
    assert len(answer["bills"]) == count
    assert answer["account"]["account_number"] == city.samples()["accounts"][bill_type][kind]
    for bill in answer["bills"]:
        assert set(bill) == {"bill_id", "period", "usage", "unit", "amount", "status", "due_on"}
        assert (bill["unit"], bill["status"]) == (unit, "unpaid")


def test_bills_of_a_year(city):
    answer = city.bills("two_unpaid", "electricity", "all")
    periods = [bill["period"] for bill in answer["bills"]]
    assert periods == sorted(periods, reverse=True)
    assert (len(periods), periods[0], periods[-1]) == (12, "2026-10", "2025-11")
    assert [bill["status"] for bill in answer["bills"]] == ["unpaid"] * 2 + ["paid"] * 10
    assert answer["bills"][0]["due_on"] == "2026-11-25"
    paid = answer["bills"][2]
    assert paid["receipt_number"].startswith("R")
    assert len(paid["receipt_number"]) == 21
    assert paid["paid_at"].endswith("+08:00")


def test_nobody_is_recognised(city):
    account = city.bills()["account"]
    assert account["holder_name_masked"].count("*") == len(account["holder_name_masked"]) - 1
    assert not any(character.isdigit() for character in account["address_masked"])


def test_pay_a_bill(city):
    number = city.samples()["accounts"]["water"]["one_unpaid"]
    bill = city.bills()["bills"][0]
    answer = city.write(path_of(bill), trade_number="T1", amount=bill["amount"])
    assert answer.status_code == 200
    assert answer.json()["paid_at"] == "2026-11-24T10:00:00+08:00"
    shown = next(one for one in city.get(
        f"/cities/330100/utilities/water/accounts/{number}/bills", status="all"
    ).json()["bills"] if one["bill_id"] == bill["bill_id"])  # fmt: skip
    assert (shown["status"], shown["receipt_number"]) == ("paid", answer.json()["receipt_number"])


def test_a_bill_is_paid_once(city):
    bill = city.bills()["bills"][0]
    first = city.write(path_of(bill), trade_number="T1", amount=bill["amount"])
    second = city.write(path_of(bill), trade_number="T2", amount=bill["amount"])
    assert (second.status_code, second.json()["code"]) == (409, "bill_already_paid")
    assert second.json()["receipt_number"] == first.json()["receipt_number"]
    assert second.json()["trade_number"] == "T1"


def test_a_bill_is_paid_once_by_eight_at_once(city):
    bill = city.bills()["bills"][0]
    together, statuses = threading.Barrier(8), []

    def pay(number):
        together.wait()
        statuses.append(city.write(path_of(bill), trade_number=f"T{number}", amount=bill["amount"]).status_code)

    threads = [threading.Thread(target=pay, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] + [409] * 7


@pytest.mark.parametrize("difference", ["0.01", "-0.01", "100"])
def test_the_amount_must_be_right(city, difference):
    bill = city.bills()["bills"][0]
    answer = city.write(
        path_of(bill), trade_number="T1", amount=str(Decimal(bill["amount"]) + Decimal(difference) + Decimal("0.00"))
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "amount_mismatch")
    assert answer.json()["amount"] == bill["amount"]
    assert city.bills()["bills"] == [bill]


@pytest.mark.parametrize("amount", ["", "1", "1.5", "-1.00", "01.00", "1.00\n", "1e2", "１.00", "NaN", "999999999.00"])
def test_amounts_without_form(city, amount):
    bill = city.bills()["bills"][0]
    answer = city.write(path_of(bill), trade_number="T1", amount=amount)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


def test_no_such_bill(city):
    answer = city.write("/cities/330100/utilities/bills/B0/payments", trade_number="T1", amount="1.00")
    assert (answer.status_code, answer.json()["code"]) == (404, "bill_not_found")
    bill = city.bills()["bills"][0]
    elsewhere = f"/cities/330400/utilities/bills/{bill['bill_id']}/payments"
    assert city.write(elsewhere, trade_number="T1", amount=bill["amount"]).json()["code"] == "bill_not_found"
