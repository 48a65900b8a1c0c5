"""What follows from the resident's city: words, services, the menu; and which cities are likely."""

import datetime as dt
from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services
from actions.conversation.cities import account_facts, arrive, city_facts, likely, served
from actions.conversation.courtesy import Greet, Help, OfferChoices, TakeNote
from actions.conversation.menu import is_offered, menu_buttons, offered_titles
from actions.conversation.turn import Turn
from actions.services import load_handlers
from manifests import places, services
from tests.actions.conversation.trackers import NOWHERE, heard, slots_set

load_handlers()
JIAXING = {"city": "嘉兴", "city_code": "330400"}
TODAY = dt.date(2026, 11, 24)


def turn(*entities, intent="inform", text="", ranking=(), **slots):
    """A turn with these slots known."""
    tracker = heard(intent, text, *entities, slots=slots)
    tracker.latest_message["intent_ranking"] = [{"name": name, "confidence": 0.5} for name in ranking]
    return Turn(CollectingDispatcher(), tracker)


def titles(found):
    """The titles of the buttons that an action offered."""
    (message,) = found.messages
    return [button["title"] for button in message["buttons"]]


class TestMenu:
    def test_every_task_that_has_a_place_while_the_city_is_unknown(self):
        wanted = [(task.title, f"/{intent}") for intent, task, _ in services().menu()]
        assert menu_buttons(turn(**NOWHERE)) == wanted

    def test_only_what_the_city_offers(self):
        offered = [title for title, _ in menu_buttons(turn(**JIAXING))]
        assert "查信用分" not in offered
        assert "交水电燃气费" in offered

    @given(st.sampled_from(places().served()))
    def test_in_each_city_exactly_what_its_file_offers(self, code):
        city = places().city(code)
        offered = {payload for _, payload in menu_buttons(turn(city=city.name, city_code=code))}
        for intent, _, service in services().menu():
            is_there = any(city.offers(part, dt.date.today()) for part in service.city_services)  # noqa: DTZ011
            assert (f"/{intent}" in offered) is is_there

    @pytest.mark.parametrize("action", [Greet, Help])
    async def test_greeting_and_help_have_it(self, action):
        dispatcher = CollectingDispatcher()
        await action().run(dispatcher, heard("greet", slots=JIAXING), {})
        assert titles(dispatcher) == [title for title, _ in menu_buttons(turn(**JIAXING))]

    @pytest.mark.parametrize(("slots", "response"), [(JIAXING, "utter_help"), (NOWHERE, "utter_help_without_city")])
    async def test_help_without_a_city_has_its_own_words(self, slots, response):
        dispatcher = CollectingDispatcher()
        await Help().run(dispatcher, heard("help", slots=slots), {})
        assert dispatcher.messages[0]["response"] == response

    async def test_what_is_not_offered_here_is_offered_nowhere_else(self):
        dispatcher = CollectingDispatcher()
        tracker = turn(ranking=["query_credit_score", "query_utility_bill"], **JIAXING).tracker
        await OfferChoices().run(dispatcher, tracker, {})
        assert titles(dispatcher) == ["查水电燃气费"]
        dispatcher = CollectingDispatcher()
        tracker = turn(("department", "口腔科"), ("id_number", "110101199003077475"), **JIAXING).tracker
        await TakeNote().run(dispatcher, tracker, {})
        assert titles(dispatcher) == ["预约挂号"]


class TestOffered:
    def test_one_part_of_a_service_is_enough(self):
        bills, city = services()["utility_bills"], places().city("330400")
        assert not city.offers("gas", TODAY)
        assert is_offered(bills, city, TODAY)
        assert not is_offered(services()["credit"], city, TODAY)
        assert not is_offered(bills, city, dt.date(2024, 12, 31))

    def test_they_are_a_sentence(self):
        every = offered_titles(None, TODAY)
        assert (
            every == "、".join(service.title for service in list(services())[:-1]) + f"和{list(services())[-1].title}"
        )
        assert offered_titles(places().city("330400"), dt.date(2024, 12, 31)) == ""


class TestFacts:
    def test_of_a_city(self):
        facts = city_facts(places().city("330400"), TODAY)
        assert (facts["city"], facts["city_code"], facts["plate_example"]) == ("嘉兴", "330400", "浙F12345")

    @pytest.mark.parametrize(
        ("code", "service", "form"),
        [("330400", "water", "10 位数字"), ("330400", "gas", "号码"), ("", "water", "号码")],
    )
    def test_of_its_account_numbers(self, code, service, form):
        assert account_facts(places().city(code), service)["account_form"] == form

    @given(st.sampled_from(places().served()))
    def test_every_city_has_them_all(self, code):
        assert all(value is not None for value in city_facts(places().city(code), TODAY).values())

    def test_arriving_sets_what_is_another_there_and_nothing_else(self):
        arrived = turn()
        arrive(arrived, places().city("330400"))
        first = slots_set(arrived.events)
        assert first["city_code"] == "330400"
        arrived.events.clear()
        arrive(arrived, places().city("330400"))
        assert arrived.events == []


class TestServed:
    @pytest.mark.parametrize(
        ("said", "code"),
        [
            ("嘉兴", "330400"),
            ("330400", "330400"),
            ("义乌", "330782"),
            ("晋州", "130100"),
            ("拉萨", None),
            ("不是地方", None),
            ("", None),
        ],
    )
    def test_by_name_or_code(self, said, code):
        city = served(said)
        assert (city.code if city is not None else None) == code

    @given(st.sampled_from(places().served()))
    def test_every_city_with_a_file_by_its_code(self, code):
        assert served(code).code == code

    @given(st.sampled_from(places().served()))
    def test_every_city_with_a_file_by_its_name(self, code):
        name = places().city(code).name
        assert served(name).name == name


class TestLikely:
    def _likely(self, *entities, named=("330100", "320100")):
        settings = SimpleNamespace(likely_cities=named)
        with context.use(Services(cities=MagicMock(), payments=MagicMock(), ledger=MagicMock(), settings=settings)):
            return [city.name for city in likely(turn(*entities, **NOWHERE))]

    def test_those_of_the_settings(self):
        assert self._likely() == ["杭州", "南京"]

    def test_the_plates_own_comes_first(self):
        assert self._likely(("plate_number", "浙F12345")) == ["嘉兴", "杭州", "南京"]

    def test_each_once(self):
        assert self._likely(("plate_number", "苏A12345")) == ["南京", "杭州"]

    def test_a_plate_from_nowhere_and_a_code_that_is_none(self):
        assert self._likely(("plate_number", "使A12345"), named=("999999", "330100")) == ["杭州"]

    def test_another_number_is_no_plate(self):
        assert self._likely(("account_number", "浙F12345")) == ["杭州", "南京"]

    @given(st.sampled_from([code for code in places().served() if places().city(code).says.plate_prefix]))
    def test_every_city_is_likely_by_its_plate(self, code):
        city = places().city(code)
        assert city.name in self._likely(("plate_number", f"{city.says.plate_prefix}12345"), named=())
