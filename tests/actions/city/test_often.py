"""Who guesses at names and ID numbers, or looks up one number after the other, is to wait; nobody else is."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator

import httpx
import pytest
import respx

from actions.city import Cities, CityError, IdentityMismatch, NotFound, TooOften
from actions.city.often import HowOften, asking
from actions.settings import Settings
from city_api.credit import CreditScore
from serving.counting import Counter, read
from tests.actions.city.scripted_city import URL, api, no_waits

__all__ = ["api", "no_waits"]

NAME, ID_NUMBER, OTHER = "张三", "110101199003077475", "11010119900307109X"


@pytest.fixture
async def cities(api: respx.MockRouter) -> AsyncIterator[Cities]:
    how_often = HowOften(Counter(uuid.uuid4().bytes), read("3 per minute"))
    made = Cities(Settings(database_url="", ledger_key="", city_api_url=URL), environ={}, how_often=how_often)
    api.post("/cities/330100/identity/verification").mock(side_effect=verified)
    yield made
    await made.close()


def verified(request: httpx.Request) -> httpx.Response:
    return httpx.Response(200, json={"matched": f'"{NAME}"' in request.content.decode()})


async def check(cities: Cities, who: str, name: str = "李四", id_number: str = ID_NUMBER) -> bool | None:
    """What the city says, None where it is not asked."""
    with asking(who):
        try:
            return await cities.verify_identity("330100", name, id_number)
        except TooOften:
            return None


async def test_a_conversation_that_guesses_is_to_wait(cities: Cities, api: respx.MockRouter) -> None:
    numbers = [f"11010119900307{one:04d}" for one in range(5)]
    said = [await check(cities, "a", id_number=number) for number in numbers]
    assert said == [False, False, False, None, None]
    with asking("a"), pytest.raises(TooOften) as raised:
        await cities.verify_identity("330100", NAME, OTHER)
    assert 0 < raised.value.seconds <= 60
    assert raised.value.what == ""
    assert await check(cities, "b", id_number=numbers[4]) is False


async def test_a_number_that_is_guessed_at_is_to_wait_in_every_conversation(cities: Cities) -> None:
    said = [await check(cities, who) for who in "abcde"]
    assert said == [False, False, False, None, None]
    assert await check(cities, "f", id_number=OTHER) is False


async def test_the_right_ones_do_not_count_and_are_not_held_up(cities: Cities) -> None:
    assert [await check(cities, "a", NAME) for _ in range(5)] == [True] * 5
    assert [await check(cities, who) for who in "bcd"] == [False] * 3
    assert await check(cities, "a", NAME) is True  # who has told the right ones
    assert await check(cities, "e", NAME) is None  # who might be guessing
    assert await check(cities, "a", "李四") is None


async def test_a_service_that_says_the_same_counts_the_same(cities: Cities, api: respx.MockRouter) -> None:
    asked = api.post("/cities/330100/credit/score").respond(422, json={"code": "identity_mismatch"})
    errors: list[type[CityError]] = []
    with asking("a"):
        for _ in range(5):
            with pytest.raises(CityError) as raised:
                await cities.at("330100", "credit").search(
                    "score", "credit", "score", answer=CreditScore, name="李四", id_number=ID_NUMBER
                )
            errors.append(raised.type)
    assert errors == [IdentityMismatch] * 3 + [TooOften] * 2
    assert asked.call_count == 3


async def test_what_else_a_city_answers_does_not_count(cities: Cities, api: respx.MockRouter) -> None:
    api.post("/cities/330100/credit/score").respond(404, json={"code": "credit_record_not_found"})
    with asking("a"):
        for _ in range(5):
            with pytest.raises(NotFound):
                await cities.at("330100", "credit").search(
                    "score", "credit", "score", answer=CreditScore, name=NAME, id_number=ID_NUMBER
                )
    assert await check(cities, "a", NAME) is True


async def test_in_the_background_nothing_is_counted(cities: Cities) -> None:
    assert [await cities.verify_identity("330100", "李四", ID_NUMBER) for _ in range(9)] == [False] * 9


async def test_different_ones_are_counted_by_conversation() -> None:
    how_often = HowOften(Counter(uuid.uuid4().bytes))
    with asking("a"):
        for value in ["x", "y", "x", "y"]:
            await how_often.look_up("2 per hour", "plate", "车牌号", value)
        with pytest.raises(TooOften) as raised:
            await how_often.look_up("2 per hour", "plate", "车牌号", "z")
        assert raised.value.what == "车牌号"
        await how_often.look_up(None, "plate", "车牌号", "z")
    with asking("b"):
        await how_often.look_up("2 per hour", "plate", "车牌号", "z")
    await how_often.look_up("1 per hour", "plate", "车牌号", "outside")


async def test_the_manifests_limits_are_switched_off() -> None:
    how_often = HowOften(Counter(uuid.uuid4().bytes), by_manifest=False)
    with asking("a"):
        for value in "xyz":
            await how_often.look_up("1 per hour", "plate", "车牌号", value)
