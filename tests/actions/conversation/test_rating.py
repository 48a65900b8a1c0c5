"""A rating is one of five, and is kept without whose it is."""

import pytest
from rasa_sdk.executor import CollectingDispatcher
from structlog.testing import capture_logs

from actions.conversation.rating import RATINGS, KeepRating
from bot.dialogue.importer import ServiceImporter
from bot.runtime.settings import ROOT
from tests.actions.conversation.trackers import heard, slots_set


async def rate(*said, **slots):
    """Give a rating; the slots that are set, and what stands in the log."""
    tracker = heard("rate_service", "/rate_service", *(("service_rating", value) for value in said), slots=slots)
    with capture_logs() as lines:
        events = await KeepRating().run(CollectingDispatcher(), tracker, {})
    return slots_set(events), lines


@pytest.mark.parametrize("rating", RATINGS)
async def test_it_is_kept_and_counted_without_whose_it_is(rating):
    slots, (line,) = await rate(rating, last_task_done="query_credit_score", outcome="told", person_name="王芳")
    assert slots == {"service_rating": rating}
    assert line == {
        "event": "service_rated",
        "log_level": "info",
        "rating": rating,
        "instead_of": None,
        "task": "query_credit_score",
        "outcome": "told",
        "city_code": "330100",
        "channel": None,
    }


async def test_a_second_one_says_which_it_takes_the_place_of():
    _, (line,) = await rate("满意", service_rating="不满意")
    assert line["instead_of"] == "不满意"


@pytest.mark.parametrize("said", [(), ("五星",), ("满意 ",)])
async def test_anything_else_is_no_rating(said):
    assert await rate(*said) == ({}, [])


def test_the_domain_and_the_buttons_have_the_same_five():
    domain = ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), []).get_domain()
    slot = next(slot for slot in domain.slots if slot.name == "service_rating")
    (asked,) = domain.responses["utter_ask_service_rating"]
    assert slot.values[:-1] == list(RATINGS)
    assert [button["title"] for button in asked["buttons"]] == list(RATINGS)
    assert [button["payload"] for button in asked["buttons"]] == [
        f'/rate_service{{"service_rating": "{rating}"}}' for rating in RATINGS
    ]
