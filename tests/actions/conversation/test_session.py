"""Where a session starts: in the city before, else the channel's, else the setting's, else nowhere yet."""

from types import SimpleNamespace
from unittest.mock import MagicMock

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import context
from actions.context import Services
from actions.conversation.session import CHANNEL_SAYS, StartSession
from tests.actions.conversation.trackers import NOWHERE, heard, said, slots_set


async def start(default_city="", form=None, **slots):
    """Start a session; the slots it sets, and what was said."""
    settings = SimpleNamespace(default_city=default_city)
    services = Services(cities=MagicMock(), payments=MagicMock(), ledger=MagicMock(), settings=settings)
    dispatcher = CollectingDispatcher()
    with context.use(services):
        events = await StartSession().run(dispatcher, heard("greet", slots=slots, form=form), {})
    return slots_set(events), said(dispatcher)


HANGZHOU, JIAXING = {"city_code": "330100"}, {"city_code": "330400"}


@pytest.mark.parametrize(
    ("before", "channel", "setting", "city"),
    [
        (None, None, "", None),
        (None, None, "330400", "嘉兴"),
        (None, JIAXING, "", "嘉兴"),
        (None, JIAXING, "330100", "嘉兴"),
        ("330100", JIAXING, "", "杭州"),
        ("330100", None, "330400", "杭州"),
        (None, {"city_code": "999999"}, "330400", "嘉兴"),
        (None, {"city_code": 330400}, "", "嘉兴"),
        (None, {"city_code": None}, "330400", "嘉兴"),
        (None, {}, "330400", "嘉兴"),
        (None, "330100", "330400", "嘉兴"),
        (None, ["330100"], "330400", "嘉兴"),
        (None, {"city_code": "../330100"}, "", None),
        ("999999", JIAXING, "", "嘉兴"),
    ],
)
async def test_the_city(before, channel, setting, city):
    kept, _ = await start(setting, city=None, city_code=before, **{CHANNEL_SAYS: channel})
    assert kept.get("city") == city
    assert (kept.get("city_code") is None) is (city is None)


async def test_nowhere_all_services_are_named_and_the_hotline_of_all_cities():
    kept, _ = await start(**NOWHERE)
    assert "信用分" in kept["offered"]
    assert (kept["hotline"], kept["plate_example"]) == ("12345", "京A12345")


async def test_somewhere_only_its_own():
    kept, _ = await start("330400", **NOWHERE)
    assert "信用分" not in kept["offered"]
    assert kept["plate_example"] == "浙F12345"


async def test_what_manifests_remember_is_kept_and_nothing_else():
    slots = {"known_accounts": {"330100/water": "3301234567"}, "plate_number": "浙A12345", "waiting_tasks": [{}]}
    kept, _ = await start(**slots, follow_up={"intent": "x"}, last_task={"intent": "x"}, phone="13800138000")
    from_the_city = {"city", "city_code", "hotline", "plate_example", "offered"}
    assert set(kept) == {"known_accounts", "plate_number", "visit", *from_the_city}


async def test_a_first_visit_and_a_later_one():
    services = Services(
        cities=MagicMock(), payments=MagicMock(), ledger=MagicMock(), settings=SimpleNamespace(default_city="")
    )
    before = heard("greet")
    first = Tracker("test", {}, {}, [], False, None, {}, "action_listen")
    with context.use(services):
        visits = [
            slots_set(await StartSession().run(CollectingDispatcher(), tracker, {}))["visit"]
            for tracker in (first, before)
        ]
    assert visits == ["first", "returning"]


async def test_a_form_that_is_gone_is_not_offered():
    assert (await start(form="gone_form"))[1] == []
