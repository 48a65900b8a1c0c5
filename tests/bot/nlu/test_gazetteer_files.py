from pathlib import Path

import pytest
import yaml
from stdnum import numdb

from bot.nlu.gazetteer_files import CITIES, GAZETTEERS, GazetteerError, digest, read_gazetteers, words


def copied(folder: Path) -> Path:
    for path in GAZETTEERS.glob("*.yml"):
        (folder / path.name).write_bytes(path.read_bytes())
    return folder


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(GazetteerError, match="bill_types.yml"):
        read_gazetteers(tmp_path)


def test_a_topic_has_one_home(tmp_path: Path) -> None:
    path = copied(tmp_path) / "topics.yml"
    path.write_text(path.read_text("utf-8") + "  bill: [账单]\n", encoding="utf-8")
    with pytest.raises(GazetteerError, match="bill"):
        read_gazetteers(tmp_path)


@pytest.mark.parametrize("content", ["", "- a", "a: [", "bill_types:\n  - {aliases: [水费]}"])
def test_a_broken_file_is_refused(tmp_path: Path, content: str) -> None:
    (copied(tmp_path) / "bill_types.yml").write_text(content, encoding="utf-8")
    with pytest.raises(GazetteerError):
        read_gazetteers(tmp_path)


def test_an_edit_changes_the_digest_and_the_words(tmp_path: Path) -> None:
    before = read_gazetteers(copied(tmp_path))
    path = tmp_path / "hospitals.yml"
    path.write_text(path.read_text("utf-8") + "  - {value: 市第九人民医院, aliases: [市九院]}\n", encoding="utf-8")
    after = read_gazetteers(tmp_path)
    assert digest(before) == digest(read_gazetteers()) != digest(after)
    assert set(words(after)) - set(words(before)) == {"市九院", "市第九人民医院"}


def test_cities_are_those_of_gb_2260() -> None:
    registered = yaml.safe_load((CITIES / "cities.yml").read_text("utf-8"))["cities"]
    cities = [city for city in registered if city["code"].endswith("00")]  # prefectures; the rest are counties
    assert len({city["code"] for city in cities}) == len({city["name"] for city in cities}) == len(cities) == 337
    table = numdb.get("cn/loc")
    for city in cities:
        (_, province), *rest = table.info(city["code"])
        assert city["province"] in province["province"], city
        # A municipality's code is that of its districts, 市辖区.
        assert rest[0][1]["county"].split(",")[-1].split("]")[-1] in (city["full_name"], "市辖区"), city
