"""What a city has connected, and who is who."""

from datetime import date

from manifests import places, services

TODAY = date(2026, 11, 24)


def codes(answer):
    return {one["code"]: one["status"] for one in answer.json()["services"]}


def test_services(city):
    """What a city's file says, in the order of the manifests, as far as it has begun."""
    for code, more, less in (("330100", {"gas", "credit"}, set()), ("330400", {"water"}, {"gas", "credit"})):
        shown = list(codes(city.get(f"/cities/{code}/services")))
        offered = [one for one in services().city_services() if places().city(code).offers(one, TODAY)]
        assert shown == offered
        assert more <= set(shown)
        assert not less & set(shown)
    answer = city.get("/cities/110000/services")
    assert (answer.status_code, answer.json()["code"]) == (404, "service_not_connected")


def test_a_maintenance_is_announced(city):
    fault = {"kind": "maintenance", "path_prefix": "/cities/330100/utilities/gas", "seconds": 600}
    city.http.post("/admin/faults", json=fault)
    answer = city.get("/cities/330100/services")
    assert codes(answer) == {**dict.fromkeys(codes(answer), "available"), "gas": "maintenance"}
    gas = next(one for one in answer.json()["services"] if one["code"] == "gas")
    assert gas["until"] == "2026-11-24T10:10:00+08:00"
    city.clock.move(seconds=600)
    assert set(codes(city.get("/cities/330100/services")).values()) == {"available"}


def test_identity(city, person):
    path = "/cities/330100/identity/verification"
    known = city.samples()["people"]["patient"]
    assert city.ask(path, **known).json() == {"matched": True}
    assert city.ask(path, **{**known, "name": f" {known['name']} "}).json() == {"matched": True}
    assert city.ask(path, **{**known, "name": "李四"}).json() == {"matched": False}
    assert city.ask(path, **person()).json() == {"matched": False}
    assert city.ask(path, name="李四", id_number="1").json()["code"] == "invalid_id_number"
    assert city.ask("/cities/0/identity/verification", **known).json()["code"] == "service_not_connected"
