"""The three ways to ask a service of a city: what is sent, and the type of what comes back."""

from __future__ import annotations

import json
from decimal import Decimal

import httpx
import pytest
import respx
from hypothesis import given
from hypothesis import strategies as st

from actions.city import CityConnection, IdentityMismatch, Invalid, NotFound, Party, Unavailable, payment
from city_api.directory import CityServices, IdentityVerification
from city_api.payments import Receipt
from city_api.traffic import Decision
from tests.actions.city.scripted_city import URL

PERSON = {"name": "张三", "id_number": "110101199003077475"}
SERVICES = {"services": [{"code": "water", "name": "自来水", "status": "available"}]}
RECEIPT = {"receipt_number": "R20261101000001", "paid_at": "2026-11-01T09:00:00+08:00"}
DECISIONS = "/cities/330100/traffic/decisions/"


def _decision(city: CityConnection, number: str) -> object:
    return city.get("decision", "traffic", "decisions", number, answer=Decision)


async def test_get(api: respx.MockRouter, city: CityConnection) -> None:
    route = api.get("/cities/330100/services").respond(json=SERVICES)
    answer = await city.get("services", "services", answer=CityServices, status="unpaid", date=None)
    request = route.calls.last.request
    assert isinstance(answer, CityServices)
    assert dict(request.url.params) == {"status": "unpaid"}
    assert (request.content, "Idempotency-Key" in request.headers) == (b"", False)
    assert request.headers["Authorization"] == "Bearer first"


async def test_search_keeps_the_person_out_of_the_url(api: respx.MockRouter, city: CityConnection) -> None:
    route = api.post("/cities/330100/identity/verification").respond(json={"matched": False})
    answer = await city.search("verify_identity", "identity", "verification", answer=IdentityVerification, **PERSON)
    request = route.calls.last.request
    assert answer == IdentityVerification(matched=False)
    assert (request.url.query, json.loads(request.content)) == (b"", PERSON)
    assert "Idempotency-Key" not in request.headers


async def test_write(api: respx.MockRouter, city: CityConnection) -> None:
    route = api.post("/cities/330100/utilities/bills/B1/payments").respond(json=RECEIPT)
    answer = await city.write(
        "pay_bill", "utilities", "bills", "B1", "payments", answer=Receipt, idempotency_key="k", amount="45.60"
    )
    request = route.calls.last.request
    assert isinstance(answer, Receipt)
    assert json.loads(request.content) == {"amount": "45.60"}
    assert request.headers["Idempotency-Key"] == "k"


@pytest.mark.parametrize("number", ["../admin/reset", "a/b", "?x=1", "#", "%2e%2e", "..\\..", "\u4e00 \u4e00"])
async def test_what_a_resident_says_cannot_leave_its_place_in_the_path(
    api: respx.MockRouter, city: CityConnection, number: str
) -> None:
    route = api.get(path__startswith=DECISIONS).respond(404, json={"code": "decision_not_found"})
    with pytest.raises(NotFound):
        await _decision(city, number)
    raw = route.calls.last.request.url.raw_path.decode()
    assert raw.startswith(DECISIONS)
    assert raw.count("/") == 5
    assert "?" not in raw


@given(st.text(st.characters(blacklist_categories=["Cs"]), min_size=1).filter(lambda said: said not in (".", "..")))
def test_nor_anything_else_that_could_be_said(said: str) -> None:
    path = CityConnection(Party("city", URL), "330100")._path(("traffic", "decisions", said))
    url = httpx.URL(URL).join(path)
    assert url.raw_path.decode().startswith(DECISIONS)
    assert (url.raw_path.count(b"/"), url.query, url.fragment, url.host) == (5, b"", "", "city.test")
    assert url.path.removeprefix(DECISIONS) == said


@pytest.mark.parametrize("number", ["", ".", ".."])
async def test_nor_point_at_another_place(api: respx.MockRouter, city: CityConnection, number: str) -> None:
    route = api.route(path__startswith="/cities").respond(json={})
    with pytest.raises(Invalid):
        await _decision(city, number)
    with pytest.raises(Invalid):
        await city.search("search", number, answer=Receipt)
    with pytest.raises(Invalid):
        await city.write("write", number, answer=Receipt, idempotency_key="k")
    with pytest.raises(Invalid):
        await CityConnection(city.party, number).get("services", "services", answer=CityServices)
    assert route.call_count == 0


async def test_identity_mismatch(api: respx.MockRouter, city: CityConnection) -> None:
    api.post("/cities/330100/credit/score").respond(422, json={"code": "identity_mismatch"})
    with pytest.raises(IdentityMismatch):
        await city.search("credit_score", "credit", "score", answer=Receipt, **PERSON)


@pytest.mark.parametrize(("amount", "written"), [("45.6", "45.60"), ("206", "206.00"), ("0.01", "0.01")])
def test_what_has_been_paid_is_told_with_two_places(amount: str, written: str) -> None:
    assert payment("T1", Decimal(amount)) == {"trade_number": "T1", "amount": written}


class TestKept:
    """An answer that is given again without asking."""

    @pytest.fixture
    def now(self, city: CityConnection) -> list[float]:
        now = [1000.0]
        city.party.clock = lambda: now[0]
        return now

    async def _services(self, city: CityConnection, keep: float = 600.0, **params: str | None) -> CityServices:
        return await city.get("services", "services", answer=CityServices, keep_seconds=keep, **params)

    async def test_for_as_long_as_it_may(self, api: respx.MockRouter, city: CityConnection, now: list[float]) -> None:
        route = api.get("/cities/330100/services").respond(json=SERVICES)
        for moment, asked in ((1000.0, 1), (1599.0, 1), (1600.0, 2), (2199.0, 2)):
            now[0] = moment
            assert (await self._services(city)).services[0].code == "water"
            assert route.call_count == asked

    async def test_only_where_it_is_asked_for(self, api: respx.MockRouter, city: CityConnection) -> None:
        route = api.get("/cities/330100/services").respond(json=SERVICES)
        for _ in range(3):
            await self._services(city, keep=0.0)
        assert route.call_count == 3

    async def test_for_the_same_question(self, api: respx.MockRouter, city: CityConnection, now: list[float]) -> None:
        route = api.get(path__startswith="/cities/330100").respond(json=SERVICES)
        for params in (
            {},
            {"department": None},
            {"department": "口腔科"},
            {"department": "内科"},
            {"hospital": "内科"},
        ):
            await self._services(city, **params)
        await city.get("services", "others", answer=CityServices, keep_seconds=600.0)
        assert route.call_count == 5

    async def test_in_its_own_city(self, api: respx.MockRouter, city: CityConnection, now: list[float]) -> None:
        here = api.get("/cities/330100/services").respond(json=SERVICES)
        there = api.get("/cities/330400/services").respond(json={"services": []})
        assert (await self._services(city)).services
        assert not (await self._services(CityConnection(city.party, "330400"))).services
        assert (here.call_count, there.call_count) == (1, 1)

    async def test_but_no_error(self, api: respx.MockRouter, city: CityConnection, now: list[float]) -> None:
        route = api.get("/cities/330100/services").respond(500)
        with pytest.raises(Unavailable):
            await self._services(city)
        route.respond(json=SERVICES)
        assert (await self._services(city)).services
