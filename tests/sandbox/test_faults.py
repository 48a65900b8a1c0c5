"""Faults asked for by a header or by an admin rule."""

import json
import time

import pytest

from sandbox.faults import FaultRegistry, parse_header

SERVICES = "/cities/330100/services"


@pytest.fixture
def naps(city):
    """Records how long the city sleeps, instead of sleeping."""
    slept = []

    async def sleep(seconds):
        slept.append(seconds)

    layer = city.http.app.middleware_stack
    while not hasattr(layer, "sleep"):
        layer = layer.app
    layer.sleep = sleep
    return slept


def ask(city, header, path=SERVICES):
    return city.http.get(path, headers={"X-Sandbox-Fault": header})


@pytest.mark.parametrize(
    "value",
    ["", "slow=", "slow=x", "slow=-1", "slow=61", "slow=nan", "error_500=1", "maintenance", "notice_never", "SLOW"],
)
def test_headers_without_sense(city, value):
    if value == "slow=":
        assert parse_header(value).seconds == 5
        return
    assert parse_header(value) is None
    answer = ask(city, value)
    assert (answer.status_code, answer.json()["code"]) == (400, "unknown_fault")


@pytest.mark.parametrize(("value", "seconds"), [("slow", 5), ("slow=5", 5), ("slow=0.5", 0.5), (" slow=2 ", 2)])
def test_slow_by_header(city, naps, value, seconds):
    assert ask(city, value).status_code == 200
    assert naps == [seconds]
    assert city.get(SERVICES).status_code == 200
    assert naps == [seconds]


def test_slow_really_waits(city):
    began = time.monotonic()
    assert ask(city, "slow=0.2").status_code == 200
    assert time.monotonic() - began >= 0.2


def test_error_500_by_header(city):
    answer = ask(city, "error_500")
    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert city.get(SERVICES).status_code == 200


def test_unavailable_by_header(city):
    answer = ask(city, "unavailable")
    assert (answer.status_code, answer.json()["code"], answer.headers["retry-after"]) == (503, "unavailable", "2")


def test_broken_json_by_header(city):
    answer = ask(city, "broken_json")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json"
    assert int(answer.headers["content-length"]) == len(answer.content) > 0
    with pytest.raises(ValueError):  # noqa: PT011  cut off where it may: between two characters, or within one
        json.loads(answer.content)


@pytest.mark.parametrize(("fault", "paid"), [("error_500", False), ("unavailable", False), ("broken_json", True)])
def test_what_a_fault_leaves_behind(city, fault, paid):
    bill = city.bills()["bills"][0]
    path = f"/cities/330100/utilities/bills/{bill['bill_id']}/payments"
    body = {"trade_number": "T1", "amount": bill["amount"]}
    city.http.post(path, json=body, headers={"Idempotency-Key": "k", "X-Sandbox-Fault": fault})
    other = city.write(path, **body)
    assert other.status_code == (409 if paid else 200)
    if paid:
        # The caller that could not read the answer asks again under its key and gets it.
        assert city.write(path, key="k", **body).status_code == 200


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("error_500", 500, "internal_error"), ("unavailable", 503, "unavailable"), ("maintenance", 503, "maintenance")],
)
def test_rules_last_until_cleared(city, kind, status, code):
    city.http.post("/admin/faults", json={"kind": kind, "path_prefix": "/cities"})
    for _ in range(3):
        answer = city.get(SERVICES)
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert city.http.delete("/admin/faults").json() == {"faults": []}
    assert city.get(SERVICES).status_code == 200


def test_maintenance_says_until_when_and_ends(city):
    city.http.post("/admin/faults", json={"kind": "maintenance", "path_prefix": "/cities", "seconds": 90})
    answer = city.get(SERVICES)
    assert answer.json()["until"] == "2026-11-24T10:01:30+08:00"
    assert answer.headers["retry-after"] == "90"
    city.clock.move(seconds=90)
    assert city.get(SERVICES).status_code == 200
    assert city.http.get("/admin/faults").json() == {"faults": []}


def test_maintenance_lasts_two_hours_unless_told(city):
    city.http.post("/admin/faults", json={"kind": "maintenance", "path_prefix": "/cities"})
    assert city.get(SERVICES).json()["until"] == "2026-11-24T12:00:00+08:00"


def test_a_rule_keeps_to_its_path_and_its_times(city, naps):
    city.http.post("/admin/faults", json={"kind": "error_500", "path_prefix": "/cities/330400", "times": 2})
    city.http.post("/admin/faults", json={"kind": "slow", "path_prefix": "/cities/330100", "seconds": 3, "times": 1})
    assert city.get(SERVICES).status_code == 200
    assert city.get(SERVICES).status_code == 200
    assert naps == [3]
    statuses = [city.get("/cities/330400/services").status_code for _ in range(3)]
    assert statuses == [500, 500, 200]
    assert city.http.get("/admin/faults").json() == {"faults": []}


def test_slow_and_failing_together(city, naps):
    city.http.post("/admin/faults", json={"kind": "slow", "path_prefix": "/cities", "seconds": 4})
    city.http.post("/admin/faults", json={"kind": "unavailable", "path_prefix": "/cities"})
    assert city.get(SERVICES).status_code == 503
    assert naps == [4]


def test_broken_json_by_rule_garbles_the_token_too(city):
    city.http.post("/admin/faults", json={"kind": "broken_json", "path_prefix": "/oauth", "times": 1})
    answer = city.http.post("/oauth/token", data={"grant_type": "client_credentials"})
    with pytest.raises(ValueError):  # noqa: PT011  cut off where it may: between two characters, or within one
        json.loads(answer.content)


def test_a_rule_for_everything_spares_admin_and_health(city):
    city.http.post("/admin/faults", json={"kind": "error_500"})
    assert city.get("/openapi.json").status_code == 500
    assert city.get("/health").json() == {"status": "ok"}
    assert city.http.get("/admin/faults").json()["faults"] == [
        {"kind": "error_500", "path_prefix": "/", "seconds": 5.0}
    ]
    city.http.delete("/admin/faults")


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "explode"}, {"kind": "slow", "seconds": 61}, {"kind": "slow", "seconds": -1},
     {"kind": "slow", "times": 0}, {"kind": "slow", "path_prefix": "cities"}],
)  # fmt: skip
def test_rules_without_sense(city, body):
    answer = city.http.post("/admin/faults", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
    assert city.http.get("/admin/faults").json() == {"faults": []}


def test_a_notice_rule_touches_no_request(clock):
    faults = FaultRegistry(clock)
    faults.add("notice_twice", "/cities", None, 1)
    assert faults.take(("slow", "error_500"), "/cities/330100") == []
    assert [fault.kind for fault in faults.take(("notice_twice", "notice_never"), None)] == ["notice_twice"]
    assert faults.take(("notice_twice", "notice_never"), None) == []
