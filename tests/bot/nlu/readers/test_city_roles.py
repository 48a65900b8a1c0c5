"""Whether a request is about a city, and that the dialogue hears of it."""

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.nlu.extractor import as_rasa_has_it
from bot.nlu.readers.entities import EntityFinder
from tests.bot.nlu.conftest import TUESDAY

T, P = "target", "passing"


@pytest.mark.parametrize(
    ("said", "roles"),
    [
        ("水费", []),
        ("嘉兴", [("嘉兴", T)]), ("嘉兴市吧", [("嘉兴", T)]), ("换到嘉兴", [("嘉兴", T)]), ("城市：嘉兴", [("嘉兴", T)]), ("城市换一下 衢州", [("衢州", T)]),
        ("定位错了，我在温州", [("温州", T)]), ("我在上海", [("上海", T)]), ("我搬到佛山了，换成那边的", [("佛山", T)]), ("我想用苏州的服务 切过去", [("苏州", T)]),
        ("嘉兴的水费", [("嘉兴", T)]), ("嘉兴水费", [("嘉兴", T)]), ("在嘉兴交电费", [("嘉兴", T)]), ("查嘉兴违章", [("嘉兴", T)]), ("宁波老家的水费我想在这里交", [("宁波", T)]),
        ("绍兴那套房的电费", [("绍兴", T)]), ("苏州那次违章能查到吗", [("苏州", T)]), ("我在杭州的信用分", [("杭州", T)]), ("我在苏州，要交电费", [("苏州", T)]),
        ("我在北京开车，有没有被抓拍", [("北京", T)]), ("杭州市第一人民医院", [("杭州", T)]), ("嘉兴怎么查违章", [("嘉兴", T)]),
        ("杭州和嘉兴的水费", [("杭州", T), ("嘉兴", T)]), ("杭州、嘉兴还有宁波的电费", [("杭州", T), ("嘉兴", T), ("宁波", T)]),
        ("我在北京出差，帮家里交下水费", [("北京", P)]), ("开车去上海那趟有没有被拍", [("上海", P)]), ("从嘉兴回来，查下违章", [("嘉兴", P)]),
        ("我老家是安徽阜阳的", [("阜阳", P)]), ("我是温州人，交水费", [("温州", P)]), ("我在广州上班，查家里电费", [("广州", P)]), ("从杭州到上海的高铁", [("杭州", P), ("上海", P)]),
        ("我在嘉兴出差，查嘉兴的水费", [("嘉兴", T)]), ("我在北京出差，交嘉兴的水费", [("北京", P), ("嘉兴", T)]),
    ],
)  # fmt: skip
def test_roles(finder: EntityFinder, said: str, roles: list[tuple[str, str]]) -> None:
    found = [one for one in finder.find(said, TUESDAY) if one.entity == "city"]
    assert [(one.value, one.role) for one in found] == roles


def test_only_cities_have_a_role(finder: EntityFinder) -> None:
    roles = {one.entity: one.role for one in finder.find("明天上午挂市一院口腔科，户号3301234567", TUESDAY)}
    assert set(roles.values()) == {""}


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("换到肃州", ("苏州", "宿州")),
        ("换到宿洲", ("宿州", "苏州")),
        ("换到福洲", ("福州", "抚州")),
        ("换到宿州", ()),
        ("换到苏州", ()),
        ("换到家兴", ()),
    ],
)
def test_a_name_by_ear_may_mean_several(finder: EntityFinder, said: str, values: tuple[str, ...]) -> None:
    (city,) = finder.find(said, TUESDAY)
    assert city.candidates == values
    assert not values or city.value == values[0]


def test_the_tracker_keeps_role_and_candidates(finder: EntityFinder) -> None:
    said = ("换到肃州", "我在北京出差")
    entities = [as_rasa_has_it(one) for part in said for one in finder.find(part, TUESDAY)]
    domain = Domain.from_dict({"intents": ["switch_city"], "entities": ["city"]})
    uttered = UserUttered("，".join(said), {"name": "switch_city"}, entities)
    again = Event.from_parameters(uttered.as_dict())
    assert again is not None
    tracker = DialogueStateTracker.from_events("somebody", [again], domain=domain)
    assert tracker.latest_message is not None
    kept = [(one["value"], one["role"], one.get("candidates")) for one in tracker.latest_message.entities]
    assert kept == [("苏州", "target", ["苏州", "宿州"]), ("北京", "passing", None)]
    assert list(tracker.get_latest_entity_values("city", entity_role="target")) == ["苏州"]
    assert list(tracker.get_latest_entity_values("city", entity_role="passing")) == ["北京"]
    assert "city" in str(domain.get_active_state(tracker))
