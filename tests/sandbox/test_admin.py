"""Control of the sandbox."""

import logging

import pytest
from starlette.testclient import TestClient


@pytest.mark.parametrize("host", ["10.0.0.7", "192.168.1.2", "testclient", "::ffff:8.8.8.8"])
@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/admin/samples"), ("POST", "/admin/reset"), ("DELETE", "/admin/faults")]
)
def test_for_this_machine_alone(city, host, method, path):
    stranger = TestClient(city.http.app, client=(host, 50000))
    answer = stranger.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (403, "loopback_only")


def test_samples(city):
    samples = city.samples()
    assert set(samples) >= {"city", "accounts", "owed", "plates", "decision_numbers", "people"}
    assert set(samples["accounts"]) >= {"water", "electricity", "gas"}
    for kinds in (samples["accounts"][bill_type] for bill_type in ("water", "electricity", "gas")):
        assert set(kinds) == {"one_unpaid", "two_unpaid", "none_unpaid"}
        assert all(len(number) == 10 and number.isdigit() for number in kinds.values())
        assert samples["owed"][kinds["none_unpaid"]] == "0.00"
    assert set(samples["plates"]) >= {"camera_unconfirmed", "decided_unpaid", "clean"}
    assert set(samples["decision_numbers"]) == {"unpaid", "paid"}
    assert set(samples["people"]) >= {"with_credit", "without_credit", "patient"}
    assert all(samples["plates"][kind] for kind in ("camera_unconfirmed", "decided_unpaid", "clean"))
    assert all(samples["decision_numbers"].values())


def test_samples_follow_what_happens(city):
    before = city.samples()
    number = before["accounts"]["water"]["one_unpaid"]
    bill = city.bills()["bills"][0]
    assert before["owed"][number] == bill["amount"]
    city.write(f"/cities/330100/utilities/bills/{bill['bill_id']}/payments", trade_number="T1", amount=bill["amount"])
    assert city.samples()["accounts"]["water"]["one_unpaid"] not in (None, number)


def test_samples_of_another_city(city):
    samples = city.http.get("/admin/samples", params={"city": "330400"}).json()
    assert {"water", "electricity"} <= set(samples["accounts"])
    assert "gas" not in samples["accounts"]
    assert samples["people"]["with_credit"] is None
    assert city.http.get("/admin/samples", params={"city": "1"}).json()["code"] == "service_not_connected"


def test_reset(city):
    before = city.samples()
    bill = city.bills()["bills"][0]
    path = f"/cities/330100/utilities/bills/{bill['bill_id']}/payments"
    city.write(path, key="k", trade_number="T1", amount=bill["amount"])
    city.trade()
    city.http.post("/admin/faults", json={"kind": "error_500", "path_prefix": "/nowhere"})
    assert city.http.post("/admin/reset").json() == {"status": "ok", "seed": 20260101}
    assert city.samples() == before
    assert city.http.get("/admin/faults").json() == {"faults": []}
    assert city.get("/payments/trades/T0001").status_code == 404
    assert city.write(path, key="k", trade_number="T2", amount=bill["amount"]).status_code == 200


def test_openapi_and_unknown_paths(city):
    paths = city.get("/openapi.json").json()["paths"]
    assert "/cities/{city}/utilities/{bill_type}/accounts/{account_number}/bills" in paths
    assert city.get("/nowhere").json() == {"code": "not_found", "message": "没有这个接口"}
    assert city.http.delete("/health").json()["code"] == "method_not_allowed"


def test_a_crash_tells_nothing(city, monkeypatch):
    def crash(*_):
        raise RuntimeError("secret of the house")

    monkeypatch.setattr(city.database, "read", crash)
    answer = city.get("/cities/330100/hospitals")
    assert (answer.status_code, answer.json()) == (500, {"code": "internal_error", "message": "系统内部错误"})


def test_nobody_is_in_the_log(city, caplog):
    with caplog.at_level(logging.DEBUG, logger="sandbox"):
        samples = city.samples()
        number, person = samples["accounts"]["water"]["two_unpaid"], samples["people"]["with_credit"]
        plate = samples["plates"]["camera_unconfirmed"]
        city.bills("two_unpaid")
        city.get(f"/cities/330100/traffic/vehicles/{plate}/violations")
        end = samples["engine_numbers"]["camera_unconfirmed"]
        for number in end, "A0000Z":
            city.ask(f"/cities/330100/traffic/vehicles/{plate}/violations/search", engine_number=number)
        city.ask("/cities/330100/credit/score", **person)
        city.ask("/cities/330100/credit/score", name=person["name"], id_number=person["id_number"][:-1] + "Z")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("sandbox")]
    assert any("/utilities/{bill_type}/accounts/{account_number}/bills 200" in line for line in lines)
    for secret in (number, plate, end, "A0000Z", person["name"], person["id_number"]):
        assert not any(secret in line for line in lines)


def test_another_seed_is_another_city(city):
    accounts = city.samples()["accounts"]
    assert city.http.post("/admin/reset", params={"seed": 7}).json()["seed"] == 7
    assert city.samples()["accounts"] != accounts
    city.http.post("/admin/reset")
    assert city.samples()["accounts"] == accounts
