"""Slow, down, broken, refused: what a caller hears, how often the party is asked, and when it no longer is."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from decimal import Decimal

import httpx
import pytest
import respx
from rasa_sdk.executor import CollectingDispatcher

from actions.city import CityConnection, Party, Unavailable, payment, turn
from actions.city.errors import InMaintenance, NotFound
from actions.city.party import Request
from actions.city.tokens import Credentials
from actions.conversation.turn import Turn
from actions.services.hospital import booked
from actions.services.traffic.proof import violations
from city_api.directory import CityServices, IdentityVerification
from city_api.payments import Receipt
from city_api.utility_bills import Bills
from tests.actions.city.conftest import CITY
from tests.actions.city.scripted_city import URL
from tests.actions.conversation.trackers import heard

SERVICES = {"services": [{"code": "water", "name": "自来水", "status": "available"}]}
RECEIPT = {"receipt_number": "R20261101000001", "paid_at": "2026-11-01T09:00:00+08:00"}
GUARD = 5.0
"""Seconds after which a test gives up a call that should have ended by itself."""

OUT_OF_TIME = ("timeout", "deadline")
"""On a busy machine a tiny budget may be gone before the request is sent."""


async def _hang(_request: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


def _search(city: CityConnection) -> Awaitable[object]:
    return city.search(
        "verify_identity",
        *("identity", "verification"),
        answer=IdentityVerification,
        name="张三",
        id_number="110101199003077475",
    )


def _read(city: CityConnection) -> Awaitable[CityServices]:
    return city.get("services", "services", answer=CityServices)


def _write(city: CityConnection, key: str = "T") -> Awaitable[object]:
    return city.write(
        "pay_bill",
        *("utilities", "bills", "B1", "payments"),
        answer=Receipt,
        idempotency_key=key,
        **payment("T", Decimal("1.00")),
    )


FAILURES = [
    pytest.param(httpx.Response(500), "unavailable", id="500"),
    pytest.param(httpx.Response(502, text="<html>"), "unavailable", id="a gateway's page"),
    pytest.param(httpx.Response(503, json={"code": "unavailable"}), "unavailable", id="503"),
    pytest.param(httpx.Response(200, text='{"services": ['), "unexpected_answer", id="broken JSON"),
    pytest.param(httpx.Response(200, content=b"\xff\xfe\x00"), "unexpected_answer", id="bytes"),
    pytest.param(httpx.Response(200, text=""), "unexpected_answer", id="empty"),
    pytest.param(httpx.Response(200, json=[1]), "unexpected_answer", id="another JSON"),
    pytest.param(httpx.ConnectError("refused"), "unreachable", id="down"),
    pytest.param(httpx.RemoteProtocolError("cut"), "unreachable", id="cut off"),
    pytest.param(httpx.ConnectTimeout("slow"), "timeout", id="slow to connect"),
    pytest.param(httpx.ReadTimeout("slow"), "timeout", id="slow to answer"),
]


@pytest.mark.parametrize("call", [_read, _search, _write])
@pytest.mark.parametrize(("failure", "code"), FAILURES)
async def test_failure_has_a_name_and_is_tried_again(
    api: respx.MockRouter,
    city: CityConnection,
    failure: object,
    code: str,
    call: Callable[[CityConnection], Awaitable[object]],
) -> None:
    route = api.route(path__startswith="/cities").mock(side_effect=[failure, failure, failure, failure])
    with pytest.raises(Unavailable) as caught:
        await call(city)
    assert caught.value.code == code
    assert route.call_count == 3


async def test_it_helps_to_ask_again(api: respx.MockRouter, city: CityConnection) -> None:
    answers = [httpx.Response(500), httpx.ReadTimeout("slow"), httpx.Response(200, json=SERVICES)]
    api.get("/cities/330100/services").mock(side_effect=answers)
    assert [service.code for service in (await _read(city)).services] == ["water"]


async def test_every_try_of_a_write_has_the_same_key(api: respx.MockRouter, city: CityConnection) -> None:
    route = api.post("/cities/330100/utilities/bills/B1/payments")
    route.mock(side_effect=[httpx.Response(500), httpx.Response(200, json=RECEIPT)])
    await _write(city, "key-1")
    assert [call.request.headers["Idempotency-Key"] for call in route.calls] == ["key-1", "key-1"]


async def test_a_write_without_key_is_never_tried_again(api: respx.MockRouter, party: Party) -> None:
    route = api.post("/cities/330100/anything").respond(500)
    with pytest.raises(Unavailable):
        await party.call(Request("anything", "POST", "/cities/330100/anything", body={}), Receipt)
    assert route.call_count == 1


@pytest.mark.parametrize("response", [httpx.Response(404, json={"code": "account_not_found"}), httpx.Response(403)])
async def test_what_cannot_get_better_is_asked_once(
    api: respx.MockRouter, city: CityConnection, response: httpx.Response
) -> None:
    route = api.get("/cities/330100/services").mock(return_value=response)
    with pytest.raises((NotFound, Unavailable)):
        await _read(city)
    assert route.call_count == 1


class TestRetryAfter:
    async def test_short_is_waited_for(self, api: respx.MockRouter, city: CityConnection) -> None:
        busy = httpx.Response(503, json={"code": "unavailable"}, headers={"Retry-After": "0"})
        route = api.get("/cities/330100/services").mock(side_effect=[busy, httpx.Response(200, json=SERVICES)])
        await _read(city)
        assert route.call_count == 2

    async def test_longer_than_a_resident_waits_is_not(self, api: respx.MockRouter, city: CityConnection) -> None:
        busy = httpx.Response(503, json={"code": "unavailable"}, headers={"Retry-After": "2"})
        route = api.get("/cities/330100/services").mock(return_value=busy)
        with pytest.raises(Unavailable) as caught:
            await _read(city)
        assert (route.call_count, caught.value.retry_after) == (1, 2.0)

    async def test_maintenance_is_an_answer(self, api: respx.MockRouter, city: CityConnection) -> None:
        body = {"code": "maintenance", "until": "2026-11-24T18:30:00+08:00"}
        route = api.get("/cities/330100/services").respond(503, json=body, headers={"Retry-After": "3600"})
        with pytest.raises(InMaintenance) as caught:
            await _read(city)
        assert caught.value.until is not None
        assert (route.call_count, caught.value.until.isoformat()) == (1, "2026-11-24T18:30:00+08:00")


class TestToken:
    async def test_one_for_all_calls_at_once(self, api: respx.MockRouter, city: CityConnection) -> None:
        api.get("/cities/330100/services").respond(json=SERVICES)
        await asyncio.gather(*(_read(city) for _ in range(5)))
        await _read(city)
        assert api["token"].call_count == 1
        form = dict(httpx.QueryParams(api["token"].calls[0].request.content.decode()))
        assert form == {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": "secret"}

    async def test_refused_is_renewed_even_for_a_write_without_key(self, api: respx.MockRouter, party: Party) -> None:
        tokens = [httpx.Response(200, json={"access_token": name, "expires_in": 3600}) for name in ("old", "new")]
        api["token"].mock(side_effect=tokens)
        route = api.post("/cities/330100/anything")
        route.mock(side_effect=[httpx.Response(401, json={"code": "invalid_token"}), httpx.Response(200, json=RECEIPT)])
        await party.call(Request("anything", "POST", "/cities/330100/anything", body={}), Receipt)
        assert [call.request.headers["Authorization"] for call in route.calls] == ["Bearer old", "Bearer new"]

    async def test_refused_again_is_an_outage_not_a_loop(self, api: respx.MockRouter, city: CityConnection) -> None:
        route = api.get("/cities/330100/services").respond(401, json={"code": "invalid_token"})
        with pytest.raises(Unavailable) as caught:
            await _read(city)
        assert (caught.value.code, route.call_count) == ("invalid_token", 2)

    async def test_our_credentials_refused(self, api: respx.MockRouter, city: CityConnection) -> None:
        api["token"].respond(401, json={"code": "invalid_client"})
        with pytest.raises(Unavailable) as caught:
            await _read(city)
        assert (caught.value.code, api["token"].call_count) == ("invalid_client", 1)

    @pytest.mark.parametrize("response", [httpx.Response(500), httpx.Response(200, json={"token": "x"})])
    async def test_none_to_be_had(self, api: respx.MockRouter, city: CityConnection, response: httpx.Response) -> None:
        api["token"].mock(return_value=response)
        with pytest.raises(Unavailable):
            await _read(city)

    async def test_about_to_end_is_renewed_before(self, api: respx.MockRouter) -> None:
        now = [1000.0]
        party = Party("city", URL, credentials=Credentials("id", "secret"), clock=lambda: now[0])
        api["token"].respond(json={"access_token": "x", "expires_in": 100})
        api.get("/cities/330100/services").respond(json=SERVICES)
        for moment, asked in ((1000.0, 1), (1069.0, 1), (1070.0, 2)):
            now[0] = moment
            await _read(CityConnection(party, CITY))
            assert api["token"].call_count == asked
        await party.close()


class TestDeadline:
    async def test_a_call_that_hangs_ends(self, api: respx.MockRouter) -> None:
        party = Party("city", URL, budget=0.2)
        api.get("/cities/330100/services").mock(side_effect=_hang)
        with pytest.raises(Unavailable) as caught:
            await asyncio.wait_for(_read(CityConnection(party, CITY)), GUARD)
        assert caught.value.code in OUT_OF_TIME
        await party.close()

    async def test_a_token_that_hangs_ends_too(self, api: respx.MockRouter) -> None:
        party = Party("city", URL, credentials=Credentials("id", "secret"), budget=0.2)
        api["token"].mock(side_effect=_hang)
        with pytest.raises(Unavailable) as caught:
            await asyncio.wait_for(_read(CityConnection(party, CITY)), GUARD)
        assert caught.value.code in OUT_OF_TIME
        await party.close()

    async def test_the_turn_is_over(self, api: respx.MockRouter, city: CityConnection) -> None:
        route = api.get("/cities/330100/services").respond(json=SERVICES)
        with turn(asyncio.get_running_loop().time() - 1), pytest.raises(Unavailable) as caught:
            await _read(city)
        assert (caught.value.code, route.call_count) == ("deadline", 0)

    async def test_the_turns_deadline_bounds_what_the_calls_own_would_not(self, api: respx.MockRouter) -> None:
        party = Party("city", URL, budget=60)
        api.get("/cities/330100/services").mock(side_effect=_hang)
        with turn(asyncio.get_running_loop().time() + 0.05), pytest.raises(Unavailable):
            await asyncio.wait_for(_read(CityConnection(party, CITY)), GUARD)
        await party.close()

    async def test_no_further_try_when_too_little_is_left(self, api: respx.MockRouter) -> None:
        now = [0.0]
        party = Party("city", URL, budget=2.5, clock=lambda: now[0])

        def slow(_request: httpx.Request) -> httpx.Response:
            now[0] += 2.1
            return httpx.Response(500)

        route = api.get("/cities/330100/services").mock(side_effect=slow)
        with pytest.raises(Unavailable):
            await _read(CityConnection(party, CITY))
        assert route.call_count == 1
        await party.close()

    async def test_a_call_that_hangs_holds_up_no_other(self, api: respx.MockRouter, city: CityConnection) -> None:
        api.get("/cities/330100/services").mock(side_effect=_hang)
        api.get("/cities/330400/services").respond(json=SERVICES)
        hanging = asyncio.create_task(_read(city))
        assert await asyncio.wait_for(_read(CityConnection(city.party, "330400")), GUARD)
        hanging.cancel()


class TestCircuit:
    @pytest.fixture
    def now(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        now = [1000.0]
        monkeypatch.setattr("circuitbreaker.monotonic", lambda: now[0])
        return now

    async def _fail(self, city: CityConnection) -> str:
        with pytest.raises(Unavailable) as caught:
            await _read(city)
        return caught.value.code

    async def test_opens_and_recovers(self, api: respx.MockRouter, city: CityConnection, now: list[float]) -> None:
        route = api.get("/cities/330100/services").respond(500)
        assert [await self._fail(city) for _ in range(3)] == ["unavailable", "circuit_open", "circuit_open"]
        assert route.call_count == 5
        now[0] += 5.1
        route.respond(json=SERVICES)
        assert await _read(city)
        assert city.party.circuit.closed

    async def test_opens_again_when_the_first_try_fails(
        self, api: respx.MockRouter, city: CityConnection, now: list[float]
    ) -> None:
        route = api.get("/cities/330100/services").respond(500)
        await self._fail(city)
        await self._fail(city)
        now[0] += 5.1
        assert await self._fail(city) == "circuit_open"
        assert route.call_count == 6

    async def test_an_answer_that_is_no_success_keeps_it_closed(
        self, api: respx.MockRouter, city: CityConnection
    ) -> None:
        api.get("/cities/330100/services").respond(404, json={"code": "service_not_connected"})
        for _ in range(10):
            with pytest.raises(Exception, match="service_not_connected"):
                await _read(city)
        assert city.party.circuit.closed

    async def test_a_call_given_up_by_its_caller_does_not_close_it(
        self, api: respx.MockRouter, city: CityConnection
    ) -> None:
        api.get("/cities/330100/services").respond(500)
        await self._fail(city)
        api.get("/cities/330400/services").mock(side_effect=_hang)
        given_up = asyncio.create_task(_read(CityConnection(city.party, "330400")))
        await asyncio.sleep(0.05)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        assert city.party.circuit.failure_count == 3

    async def test_a_call_with_no_time_left_says_nothing_about_the_party(
        self, api: respx.MockRouter, city: CityConnection
    ) -> None:
        api.get("/cities/330100/services").mock(side_effect=_hang)
        for _ in range(6):
            with turn(asyncio.get_running_loop().time() + 0.01):
                assert await self._fail(city) in OUT_OF_TIME
        assert city.party.circuit.failure_count == 0

    async def test_one_a_party(self, api: respx.MockRouter, city: CityConnection) -> None:
        api.get("/cities/330100/services").respond(500)
        await self._fail(city)
        await self._fail(city)
        other = Party("payment_provider", URL)
        assert city.party.circuit.opened
        assert other.circuit.closed
        await other.close()


async def test_nothing_personal_in_any_log_line(
    api: respx.MockRouter, city: CityConnection, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    slots = {"person_name": "张三", "id_number": "110101199003077475"}
    patient = Turn(CollectingDispatcher(), heard("inform", slots=slots))
    answer = {"plate_number": "浙A12345", "account_number": "3301234567", "id_number": "110101199003077475"}
    for status in (200, 404, 422, 500):
        api.route(path__startswith="/cities").respond(status, json={"code": "x", "message": json.dumps(answer)})
        for call in (
            city.get("bills", *("utilities", "water", "accounts", "3301234567", "bills"), answer=Bills),
            violations(city, "浙A12345", "open", engine_number="AB1234"),
            booked(city, patient),
        ):
            with pytest.raises(Exception) as caught:  # noqa: PT011
                await call
            caplog.handler.format(logging.makeLogRecord({"msg": "raised", "exc_info": caught._excinfo}))
    written = caplog.text + "".join(capsys.readouterr()) + repr(caught.value)
    for personal in ("3301234567", "A12345", "AB1234", "110101199003077475", "张三"):
        assert personal not in written
