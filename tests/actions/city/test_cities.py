"""All cities: a connection for each (city, service) and nothing shared between them; what is offered where."""

from __future__ import annotations

import asyncio
import datetime as dt
import time
import tracemalloc
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import respx

from actions.city import Cities, CityError, InMaintenance, NotConnected, Unavailable
from actions.city import cities as cities_module
from actions.city.cities import ASKING_SECONDS, DIRECTORY, KNOWN_SECONDS, UNKNOWN_SECONDS
from actions.settings import Settings
from city_api.directory import CityServices
from manifests import Places, places, services
from tests.actions.city.scripted_city import URL

HANGZHOU, JIAXING, YIWU = "330100", "330400", "330782"
FILES = {
    "cities.yml": """
        cities:
        - {code: "330100", name: 杭州, full_name: 杭州市, province: 浙江}
        - {code: "330400", name: 嘉兴, full_name: 嘉兴市, province: 浙江}
        - {code: "330700", name: 金华, full_name: 金华市, province: 浙江}
        """,
    "330000.yml": "services: {water: 2025-01-01, electricity: 2025-01-01, gas: 2025-01-01}",
    "330100.yml": "services: {traffic: 2026-11-24, credit: 2026-11-25}",
    "330400.yml": """
        not_offered: [gas]
        api: {url_from: JIAXING_URL, credentials_from: JIAXING}
        apis: {electricity: {url_from: JIAXING_POWER_URL}}
        """,
}
DAY = dt.datetime(2026, 11, 24, 0, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))
"""Half an hour into a day in the city, and still the day before in Greenwich."""


class Clock:
    """The moment, moved by the test; the day in the city is always the same."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    today = SimpleNamespace(datetime=SimpleNamespace(now=lambda zone: DAY.astimezone(zone)))
    monkeypatch.setattr(cities_module, "dt", today)
    return Clock()


@pytest.fixture
def known(tmp_path: Path) -> Places:
    for name, text in FILES.items():
        (tmp_path / name).write_text(
            "\n".join(line[8:] if line.startswith(" " * 8) else line for line in text.split("\n"))
        )
    return Places(tmp_path)


Make = Callable[..., Cities]


@pytest.fixture
async def make(known: Places, clock: Clock) -> AsyncIterator[Make]:
    """Makes the cities, with these environment variables."""
    made: list[Cities] = []

    def make(**environ: str) -> Cities:
        settings = Settings(database_url="", ledger_key="", city_api_url=URL, city_client_secret="central")
        made.append(Cities(settings, known, environ=environ, clock=clock))
        return made[-1]

    yield make
    for cities in made:
        await cities.close()


@pytest.fixture
def cities(make: Make) -> Cities:
    return make()


def says(*statuses: tuple[str, str], **more: Any) -> dict[str, Any]:
    """What a city's directory answers."""
    return {"services": [{"code": code, "name": code, "status": status, **more} for code, status in statuses]}


WELL = says(("water", "available"), ("electricity", "available"), ("gas", "available"), ("traffic", "available"))


class TestApart:
    """The troubles of one service of one city are nobody else's."""

    async def _ask(self, cities: Cities, city: str, service: str) -> object:
        return await cities.at(city, service).get("look", service, answer=CityServices)

    async def test_one_connection_for_each(self, cities: Cities) -> None:
        assert cities.at(HANGZHOU, "water") is cities.at(HANGZHOU, "water")
        pairs = [(city, service) for city in (HANGZHOU, JIAXING) for service in ("water", "gas", DIRECTORY)]
        parties = [cities.at(*pair).party for pair in pairs]
        assert len({id(party) for party in parties}) == 6
        assert len({id(party.circuit) for party in parties}) == 6
        names = {HANGZHOU: "杭州", JIAXING: "嘉兴"}
        assert [party.name for party in parties] == [f"{names[city]}/{service}" for city, service in pairs]

    async def test_a_broken_service_shuts_itself_alone(self, api: respx.MockRouter, cities: Cities) -> None:
        broken = api.get(f"/cities/{JIAXING}/water").respond(500)
        api.get(path__startswith="/cities").respond(json=WELL)
        for _ in range(3):
            with pytest.raises(Unavailable) as caught:
                await self._ask(cities, JIAXING, "water")
        assert (caught.value.code, broken.call_count) == ("circuit_open", 5)
        for city, service in ((JIAXING, "electricity"), (HANGZHOU, "water"), (JIAXING, DIRECTORY)):
            assert await self._ask(cities, city, service)
            assert cities.at(city, service).party.circuit.closed
        await cities.offered(JIAXING, "water")

    async def test_each_has_its_own_token(self, api: respx.MockRouter, cities: Cities) -> None:
        refused = httpx.Response(401, json={"code": "invalid_client"})
        api["token"].mock(side_effect=[refused, httpx.Response(200, json={"access_token": "b", "expires_in": 3600})])
        api.get(path__startswith="/cities").respond(json=WELL)
        with pytest.raises(Unavailable, match="invalid_client"):
            await self._ask(cities, JIAXING, "water")
        assert await self._ask(cities, HANGZHOU, "water")

    async def test_one_that_hangs_holds_up_no_other(self, api: respx.MockRouter, cities: Cities) -> None:
        api.get(f"/cities/{JIAXING}/water").mock(side_effect=_hang)
        api.get(path__startswith="/cities").respond(json=WELL)
        hanging = asyncio.create_task(self._ask(cities, JIAXING, "water"))
        assert await asyncio.wait_for(self._ask(cities, JIAXING, "electricity"), 5)
        hanging.cancel()

    async def test_all_cities_are_small_until_they_are_asked(self) -> None:
        codes = [*services().city_services(), DIRECTORY]
        all_cities = Cities(Settings(database_url="", ledger_key=""), places())
        some = [(city, code) for city in places().served()[:40] for code in codes]
        for city, _ in some:
            places().city(city)
        tracemalloc.start()
        for pair in some:
            all_cities.at(*pair)
        each = tracemalloc.get_traced_memory()[0] / len(some)
        tracemalloc.stop()
        assert len(places().served()) * len(codes) * each < 64 * 1024 * 1024
        await all_cities.close()


async def _hang(_request: httpx.Request) -> httpx.Response:
    await asyncio.Event().wait()
    raise AssertionError("unreachable")


class TestByFile:
    """What the files say is known without asking."""

    @pytest.mark.parametrize(
        ("city", "service"),
        [
            pytest.param(JIAXING, "gas", id="the province offers it and this city does not"),
            pytest.param(JIAXING, "traffic", id="another city offers it"),
            pytest.param(HANGZHOU, "credit", id="from tomorrow"),
            pytest.param(HANGZHOU, "parking", id="no file speaks of it"),
            pytest.param("330700", "water", id="a city without a file"),
            pytest.param("999999", "water", id="no city"),
            pytest.param("330000", "water", id="a province"),
            pytest.param("", "water", id="nowhere"),
        ],
    )
    async def test_not_offered(self, api: respx.MockRouter, cities: Cities, city: str, service: str) -> None:
        route = api.route(path__startswith="/cities").respond(json=WELL)
        with pytest.raises(NotConnected):
            await cities.offered(city, service)
        assert route.call_count == 0

    async def test_from_today_by_the_citys_own_clock(self, api: respx.MockRouter, cities: Cities) -> None:
        api.get(f"/cities/{HANGZHOU}/services").respond(json=WELL)
        await cities.offered(HANGZHOU, "traffic")


class TestByTheCity:
    """What the city itself says of what its file offers."""

    async def _offered(self, cities: Cities, service: str = "water", city: str = HANGZHOU) -> CityError | None:
        try:
            await cities.offered(city, service)
        except CityError as error:
            return error
        return None

    async def test_maintenance(self, api: respx.MockRouter, cities: Cities) -> None:
        until = "2026-11-24T18:30:00+08:00"
        answer = says(("water", "maintenance"), until=until)
        answer["services"] += WELL["services"][1:]
        api.get(f"/cities/{HANGZHOU}/services").respond(json=answer)
        refusal = await self._offered(cities)
        assert isinstance(refusal, InMaintenance)
        assert refusal.until == dt.datetime.fromisoformat(until)
        assert await self._offered(cities, "electricity") is None

    async def test_not_known_there(self, api: respx.MockRouter, cities: Cities) -> None:
        api.get(f"/cities/{HANGZHOU}/services").respond(json=says(("electricity", "available")))
        assert isinstance(await self._offered(cities), NotConnected)
        assert await self._offered(cities, "electricity") is None

    @pytest.mark.parametrize("code", ["service_not_connected", "city_not_found"])
    async def test_the_city_not_known_there(self, api: respx.MockRouter, cities: Cities, code: str) -> None:
        api.get(f"/cities/{HANGZHOU}/services").respond(404, json={"code": code})
        assert isinstance(await self._offered(cities), NotConnected)

    @pytest.mark.parametrize(
        "failure",
        [
            httpx.Response(500),
            httpx.Response(200, text="{"),
            httpx.Response(404, text="<html>"),
            httpx.Response(503, json={"code": "maintenance"}),
            httpx.Response(401),
            httpx.ConnectError("down"),
        ],
    )
    async def test_one_that_does_not_say_is_believed_to_be_well(
        self, api: respx.MockRouter, cities: Cities, clock: Clock, failure: Any
    ) -> None:
        route = api.get(f"/cities/{HANGZHOU}/services").mock(side_effect=[failure] * 9)
        assert await self._offered(cities) is None
        asked = route.call_count
        clock.seconds += UNKNOWN_SECONDS - 0.1
        assert await self._offered(cities, "gas") is None
        assert route.call_count == asked
        clock.seconds += 0.1
        route.mock(side_effect=None, return_value=httpx.Response(200, json=says(("water", "maintenance"))))
        assert isinstance(await self._offered(cities), InMaintenance)
        assert route.call_count == asked + 1

    async def test_an_answer_is_kept_for_a_while(self, api: respx.MockRouter, cities: Cities, clock: Clock) -> None:
        route = api.get(f"/cities/{HANGZHOU}/services").respond(json=WELL)
        for seconds, asked in ((0.0, 1), (KNOWN_SECONDS - 0.1, 1), (0.1, 2)):
            clock.seconds += seconds
            assert await self._offered(cities) is None
            assert route.call_count == asked

    async def test_each_city_is_asked_for_itself(self, api: respx.MockRouter, cities: Cities) -> None:
        api.get(f"/cities/{HANGZHOU}/services").respond(json=says(("water", "maintenance")))
        api.get(f"/cities/{JIAXING}/services").respond(json=WELL)
        assert isinstance(await self._offered(cities), InMaintenance)
        assert await self._offered(cities, city=JIAXING) is None

    async def test_one_question_at_a_time(self, api: respx.MockRouter, cities: Cities) -> None:
        route = api.get(f"/cities/{HANGZHOU}/services").respond(json=WELL)
        assert await asyncio.gather(*(self._offered(cities) for _ in range(20))) == [None] * 20
        assert route.call_count == 1

    async def test_one_resident_who_goes_away_takes_the_question_from_nobody(
        self, api: respx.MockRouter, cities: Cities
    ) -> None:
        answer = asyncio.Event()

        async def slow(_request: httpx.Request) -> httpx.Response:
            await answer.wait()
            return httpx.Response(200, json=says(("water", "maintenance")))

        route = api.get(f"/cities/{HANGZHOU}/services").mock(side_effect=slow)
        gone, stays = (asyncio.create_task(self._offered(cities)) for _ in range(2))
        await asyncio.sleep(0.02)
        gone.cancel()
        await asyncio.sleep(0)
        answer.set()
        assert isinstance(await asyncio.wait_for(stays, 5), InMaintenance)
        assert route.call_count == 1

    async def test_a_slow_one_holds_nobody_up_and_is_believed_when_it_answers(
        self, api: respx.MockRouter, cities: Cities, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert ASKING_SECONDS < 1
        monkeypatch.setattr(cities_module, "ASKING_SECONDS", 0.05)
        answer, asked = asyncio.Event(), []

        async def slow(request: httpx.Request) -> httpx.Response:
            asked.append(request)
            await answer.wait()
            return httpx.Response(200, json=says(("water", "maintenance")))

        api.get(f"/cities/{HANGZHOU}/services").mock(side_effect=slow)
        started = time.monotonic()
        assert [await self._offered(cities) for _ in range(3)] == [None] * 3
        assert time.monotonic() - started < ASKING_SECONDS
        assert len(asked) == 1
        answer.set()
        await cities._asking[HANGZHOU]
        assert isinstance(await self._offered(cities), InMaintenance)
        assert len(asked) == 1

    async def test_what_it_said_stands_while_it_is_slow(
        self, api: respx.MockRouter, cities: Cities, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cities_module, "ASKING_SECONDS", 0.02)
        route = api.get(f"/cities/{HANGZHOU}/services").respond(json=says(("water", "maintenance")))
        assert isinstance(await self._offered(cities), InMaintenance)
        clock.seconds += KNOWN_SECONDS
        route.mock(side_effect=_hang)
        assert isinstance(await self._offered(cities), InMaintenance)

    async def test_nothing_goes_on_after_closing(self, api: respx.MockRouter, make: Make) -> None:
        cities = make()
        api.get(f"/cities/{HANGZHOU}/services").mock(side_effect=_hang)
        waiting = asyncio.create_task(self._offered(cities))
        await asyncio.sleep(0.02)
        await cities.close()
        assert await asyncio.wait_for(waiting, 5) is None
        assert cities._asking[HANGZHOU].cancelled()


class TestWhereAndWho:
    """A city's own address and credentials come from the variables that its file names."""

    OWN = {
        "JIAXING_URL": "http://jiaxing.test/api",
        "JIAXING_POWER_URL": "http://power.test",
        "JIAXING_CLIENT_ID": "bianmin-jx",
        "JIAXING_CLIENT_SECRET": "hidden-jx",
    }

    async def _asked(self, cities: Cities, city: str, service: str) -> tuple[str, str, str]:
        """The address that was asked, and the client id and secret that were shown there."""
        with respx.mock(assert_all_called=False) as router:
            token = router.post(path__regex="/oauth/token$").respond(json={"access_token": "t", "expires_in": 3600})
            asked = router.get(path__regex="/cities/").respond(json=WELL)
            await cities.at(city, service).get("look", service, answer=CityServices)
            form = httpx.QueryParams(token.calls.last.request.content.decode())
            assert token.calls.last.request.url.host == asked.calls.last.request.url.host
            return str(asked.calls.last.request.url), form["client_id"], form["client_secret"]

    @pytest.mark.parametrize(
        ("environ", "city", "service", "url", "client"),
        [
            (OWN, JIAXING, "water", f"http://jiaxing.test/api/cities/{JIAXING}/water", ("bianmin-jx", "hidden-jx")),
            (
                OWN,
                JIAXING,
                DIRECTORY,
                f"http://jiaxing.test/api/cities/{JIAXING}/directory",
                ("bianmin-jx", "hidden-jx"),
            ),
            (
                OWN,
                JIAXING,
                "electricity",
                f"http://power.test/cities/{JIAXING}/electricity",
                ("bianmin-jx", "hidden-jx"),
            ),
            (OWN, HANGZHOU, "water", f"{URL}/cities/{HANGZHOU}/water", ("bianmin", "central")),
            ({}, JIAXING, "water", f"{URL}/cities/{JIAXING}/water", ("bianmin", "central")),
            ({"JIAXING_URL": ""}, JIAXING, "water", f"{URL}/cities/{JIAXING}/water", ("bianmin", "central")),
        ],
    )
    async def test_asked(
        self, make: Make, environ: dict[str, str], city: str, service: str, url: str, client: tuple[str, str]
    ) -> None:
        assert await self._asked(make(**environ), city, service) == (url, *client)

    async def test_half_of_the_credentials_are_none(self, make: Make) -> None:
        half = {name: value for name, value in self.OWN.items() if name != "JIAXING_CLIENT_SECRET"}
        with pytest.raises(Unavailable, match="not_configured"):
            make(**half).at(JIAXING, "water")

    async def test_no_secret_is_shown(self, make: Make) -> None:
        cities = make(**self.OWN)
        connection = cities.at(JIAXING, "water")
        tokens: Any = connection.party._tokens
        assert "hidden-jx" not in repr(tokens._credentials) + repr(cities) + repr(connection.party)


@pytest.mark.parametrize("matched", [True, False])
async def test_a_name_and_an_id_number_are_checked_where_the_city_keeps_them(
    api: respx.MockRouter, cities: Cities, matched: bool
) -> None:
    api.post(f"/cities/{JIAXING}/identity/verification").respond(json={"matched": matched})
    assert await cities.verify_identity(JIAXING, "张三", "110101199003077475") is matched
    assert list(cities._connections) == [(JIAXING, DIRECTORY)]
