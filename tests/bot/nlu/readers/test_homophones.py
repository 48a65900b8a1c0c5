import pytest

from bot.nlu.readers.homophones import Homophones
from bot.nlu.syllables import everyday_characters, syllable_table

PHRASES = [
    {"entity": "bill_type", "value": "water", "text": "水费"},
    {"entity": "bill_type", "value": "water", "text": "水表"},
    {"entity": "department", "value": "口腔科", "text": "口腔科"},
    {"entity": "hospital", "value": "市第一人民医院", "text": "市一院"},
    {"entity": "hospital", "value": "市第二人民医院", "text": "市第二"},
]
CITIES = [
    {"value": name, "name": name, "full_name": f"{name}市", "aliases": [], "everyday": False, "county": False}
    for name in ("嘉兴", "苏州", "宿州")
]


BY_EAR = [
    {"entity": "bill_type", "names": ["水费"], "beside": ["交", "欠"]},
    {"entity": "department", "endings": ["科"], "at_least": 3},
    {"entity": "hospital", "endings": ["院"], "at_least": 3},
]


@pytest.fixture(scope="module")
def homophones() -> Homophones:
    return Homophones(
        {"phrases": PHRASES, "cities": CITIES, "by_ear": BY_EAR}, syllable_table(everyday_characters()), ["税费"]
    )


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("", []),
        ("睡费", []),
        ("交税费", []),
        ("换个家兴的", []),
        ("是第二个", []),
        ("交睡费", [("bill_type", "water")]),
        ("随费欠多少", [("bill_type", "water")]),
        ("挂口强科", [("department", "口腔科")]),
        ("去是一院", [("hospital", "市第一人民医院")]),
        ("换到家兴", [("city", "嘉兴")]),
    ],
)
def test_find(homophones: Homophones, said: str, found: list[tuple[str, str]]) -> None:
    assert [(one.entity, one.value) for one in homophones.find(said, ())] == found


def test_what_is_found_already_is_not_looked_for(homophones: Homophones) -> None:
    assert list(homophones.find("交睡费", {"bill_type"})) == []
