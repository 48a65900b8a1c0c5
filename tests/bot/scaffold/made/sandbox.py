"""Run in a copy of the project in which six services were made: the sandbox serves each of them."""

import pytest

HANGZHOU = "/cities/330100"


def records(city, name, whose):
    """What the city says of one of its samples."""
    path = f"{HANGZHOU}/{name.replace('_', '-')}/records"
    return city.ask(path, **whose) if isinstance(whose, dict) else city.get(f"{path}/{whose}")


@pytest.mark.parametrize("name", ["look_person", "look_plate_number", "look_number"])
def test_a_record(city, name):
    samples = city.samples()[name]
    assert "balance" in records(city, name, samples["with_record"]).json()
    nobody = samples.get("without_record", "浙A0000D" if "plate" in name else "99999999999")
    assert records(city, name, nobody).json()["code"] == f"{name}_not_found"


@pytest.mark.parametrize("name", ["pay_person", "pay_plate_number", "pay_number"])
def test_fees_and_the_payment_of_one(city, name):
    samples = city.samples()[name]
    counts = [len(records(city, name, samples[kind]).json()["fees"]) for kind in ("none", "one", "two")]
    assert counts == [0, 1, 2]
    first, second = records(city, name, samples["two"]).json()["fees"]
    assert first["since"] < second["since"]
    path = f"{HANGZHOU}/{name.replace('_', '-')}/fees/{first['fee_id']}/payments"
    assert city.write(path, trade_number="T1", amount="0.01").json()["code"] == "amount_mismatch"
    assert "receipt_number" in city.write(path, trade_number="T1", amount=first["amount"]).json()
    assert city.write(path, trade_number="T2", amount=first["amount"]).json()["code"] == "fee_already_paid"
    assert records(city, name, samples["two"]).json()["fees"] == [second]
