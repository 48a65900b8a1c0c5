import pytest

from bot.nlu import check
from bot.nlu.gazetteer_files import read_gazetteers


@pytest.mark.parametrize(
    ("rows", "problems"),
    [
        ([], 0),
        ([("hospital", "甲", "一院"), ("hospital", "甲", "一院")], 0),
        ([("hospital", "甲", "一院"), ("hospital", "乙", "一院")], 1),
        ([("hospital", "甲", "一院"), ("", "", "一院")], 1),
        ([("hospital", "甲", "儿科医院"), ("department", "儿科", "儿科")], 0),
    ],
)
def test_ambiguous_aliases(rows: list[tuple[str, str, str]], problems: int) -> None:
    phrases = [{"entity": entity, "value": value, "text": text} for entity, value, text in rows]
    assert len(list(check.ambiguous_aliases(phrases))) == problems


def test_every_alias_of_the_project_is_found_and_a_covered_one_is_named() -> None:
    gazetteers = read_gazetteers()
    assert list(check.lost_aliases(gazetteers)) == []
    gazetteers["phrases"].append({"entity": "city", "value": "某地", "text": "水费"})
    assert len(list(check.lost_aliases(gazetteers))) == 1
