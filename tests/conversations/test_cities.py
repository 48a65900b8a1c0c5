"""Cities of several provinces: asked for once, each with its words, its services and its own system."""

import shutil

import pytest

from manifests import places
from tests.conversations.talk import Talk
from tests.conversations.town import Town
from tests.house import start_house, stop_house

NOBODY_THERE = "http://127.0.0.1:9"
XINING = """# 西宁: added by this one file; its system answers at its own address, and the common one at none.
services: {water: 2025-01-01, traffic: 2025-01-01}
api: {url_from: XINING_CITY_API_URL}
billers: {water: "{full_name}供水集团"}
plate_prefix: 青A
account_numbers: {water: {digits: [10, 10], stands_on: 水费通知单}}
"""


@pytest.fixture(scope="module")
def country(trained_model, tmp_path_factory):
    """A house that knows no resident's city, with a city more."""
    folder = tmp_path_factory.mktemp("country")
    shutil.copytree(places().folder, folder / "cities")
    (folder / "cities" / "630100.yml").write_text(XINING, encoding="utf-8")
    running = start_house(
        folder,
        trained_model,
        BIANMIN_DEFAULT_CITY="",
        BIANMIN_LIKELY_CITIES="630100,330400",
        BIANMIN_CITIES_FOLDER=str(folder / "cities"),
        BIANMIN_CITY_API_URL=NOBODY_THERE,
        BIANMIN_PAYMENT_API_URL="{sandbox}",
        XINING_CITY_API_URL="{sandbox}",
    )
    yield Town(running)
    stop_house(running)


def titles(talk):
    """The titles of the buttons of the last answer."""
    return [button["title"] for reply in talk.replies for button in reply.get("buttons", [])]


def test_where_the_resident_is_comes_before_everything_else_and_is_asked_once(country):
    talk = Talk(country)
    talk.say("查信用分，我叫王小明")
    assert talk.requested() == "city"
    assert titles(talk) == ["西宁", "嘉兴"]
    talk.say("不知道啊")
    assert talk.requested() == "city"
    talk.press("嘉兴")
    assert talk.slot("city_code") == "330400"
    assert "还没有接入" in talk.said
    assert talk.active_form() is None
    talk.say("交电费")
    assert talk.requested() == "account_number"


def test_a_plate_says_where(country):
    talk = Talk(country)
    talk.say("查违章，川A12345")
    assert titles(talk)[0] == "成都"


def test_a_city_nobody_serves_is_said_and_another_asked_for(country):
    talk = Talk(country)
    talk.say("交水费")
    assert "还没有接入" in talk.say("拉萨")
    assert talk.requested() == "city"


def test_each_city_has_its_words_and_offers_what_it_has(country):
    talk = Talk(country)
    assert "嘉兴" not in talk.say("你好")
    talk.say("换到嘉兴")
    assert "嘉兴便民助手" in talk.say("你好")
    assert "查信用分" not in titles(talk)
    assert "交水电燃气费" in titles(talk)
    talk.say("换到成都")
    assert "嘉兴便民助手" not in talk.say("你好")
    assert "查信用分" in titles(talk)


def test_what_a_city_does_not_offer_is_said_before_anything_is_asked(country):
    talk = Talk(country)
    talk.say("换到嘉兴")
    assert "还没有接入" in talk.say("交燃气费")
    assert talk.active_form() is None


def test_a_city_of_one_file_is_served_by_its_own_system(country):
    water = country.sandbox.get("/admin/samples", params={"city": "630100"}).json()["accounts"]["water"]
    talk = Talk(country)
    talk.say("换到西宁")
    talk.say("查水费")
    assert "水费通知单" in talk.said
    assert "西宁市供水集团" in talk.say(water["one_unpaid"])
    # The others' common address is dead; nothing of that reaches 西宁.
    talk.say("换到嘉兴")
    assert "没有回应" in talk.say("查水费 户号3304123456")
    talk.say("换到西宁")
    assert "西宁市供水集团" in talk.say(f"查水费 户号{water['one_unpaid']}")
