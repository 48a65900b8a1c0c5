"""What a city has connected, and who is who."""


def codes(answer):
    return {one["code"]: one["status"] for one in answer.json()["services"]}


def test_services(city):
    assert set(codes(city.get("/cities/330100/services"))) == {
        "water", "electricity", "gas", "traffic", "hospital", "credit",
    }  # fmt: skip
    assert set(codes(city.get("/cities/330400/services"))) == {"water", "electricity", "traffic", "hospital"}
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
