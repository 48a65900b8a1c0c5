"""Words of cities: a variation a city, the city's over its province's over the common ones."""

from pathlib import Path
from typing import Any

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator

from bot.dialogue.words import with_local_words
from manifests import ManifestError, Places

REGISTRY = """cities:
- {code: "330100", name: 杭州, full_name: 杭州市, province: 浙江}
- {code: "330400", name: 嘉兴, full_name: 嘉兴市, province: 浙江}
- {code: "320100", name: 南京, full_name: 南京市, province: 江苏}
- {code: "320200", name: 无锡, full_name: 无锡市, province: 江苏}
"""
COMMON = {"utter_greet": [{"text": "您好"}], "utter_goodbye": [{"text": "再见"}]}


def places(folder: Path, **files: str) -> Places:
    (folder / "cities.yml").write_text(REGISTRY, encoding="utf-8")
    for code, content in files.items():
        (folder / f"{code.strip('_')}.yml").write_text(content, encoding="utf-8")
    return Places(folder)


@pytest.fixture
def zhejiang(tmp_path: Path) -> Places:
    return places(
        tmp_path,
        _330000="words: {utter_greet: [{text: 浙里您好}], utter_goodbye: [{text: 浙里再会}]}",
        _330100="services: {}",
        _330400="words: {utter_greet: [{text: 嘉兴您好}, {text: 南湖您好}]}",
        _320100="services: {}",
    )


def said(responses: dict[str, list[dict[str, Any]]], response: str, city_code: str) -> set[str]:
    """Everything Rasa's own generator may say for a response in a city."""
    generator = TemplatedNaturalLanguageGenerator(responses)
    answers = (generator.generate_from_slots(response, {"city_code": city_code}, "rest") for _ in range(40))
    return {answer["text"] for answer in answers if answer is not None}


@pytest.mark.parametrize(
    ("response", "city_code", "texts"),
    [
        ("utter_greet", "330100", {"浙里您好"}),
        ("utter_greet", "330400", {"嘉兴您好", "南湖您好"}),
        ("utter_greet", "320100", {"您好"}),
        ("utter_goodbye", "330400", {"浙里再会"}),
        ("utter_goodbye", "320100", {"再见"}),
    ],
)
def test_the_nearest_words_are_said(zhejiang: Places, response: str, city_code: str, texts: set[str]) -> None:
    assert said(with_local_words(COMMON, zhejiang), response, city_code) == texts


def test_only_served_cities_with_words_make_the_domain_larger(zhejiang: Places) -> None:
    whole = with_local_words(COMMON, zhejiang)
    assert [len(whole[name]) for name in ("utter_greet", "utter_goodbye")] == [1 + 1 + 2, 1 + 2]
    assert COMMON == {"utter_greet": [{"text": "您好"}], "utter_goodbye": [{"text": "再见"}]}


@pytest.mark.parametrize("code", ["330100", "330000"])
def test_words_for_a_response_that_is_not_there_are_refused(tmp_path: Path, code: str) -> None:
    files = {"_330100": "services: {}", f"_{code}": "words: {utter_gret: [{text: 您好}]}"}
    with pytest.raises(ManifestError, match=rf"{code}\.yml：words\.utter_gret：没有叫这个名字的回复"):
        with_local_words(COMMON, places(tmp_path, **files))
