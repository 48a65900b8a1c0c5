from pathlib import Path

import pytest
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import check
from bot.nlu.gazetteer_files import read_gazetteers


def tokens(text: str) -> list[tuple[str, int]]:
    return [("我要", 0), ("交", 2), ("水费", 3)]


@pytest.mark.parametrize(("start", "end", "problems"), [(3, 5, 0), (2, 5, 0), (4, 5, 1), (3, 4, 1)])
def test_misaligned(start: int, end: int, problems: int) -> None:
    entity = {"start": start, "end": end, "value": "water", "entity": "bill_type"}
    message = Message({"text": "我要交水费", "intent": "pay_utility_bill", "entities": [entity]})
    assert len(list(check.misaligned([message], tokens))) == problems


def test_in_two_intents_sees_through_script_and_width() -> None:
    messages = [
        Message({"text": "查水费", "intent": "query_utility_bill"}),
        Message({"text": "查水费", "intent": "query_utility_bill"}),
        Message({"text": "查水費", "intent": "pay_utility_bill"}),
    ]
    assert len(list(check.in_two_intents(messages))) == 1


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


def test_main_says_what_is_wrong_in_the_examples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = "version: '3.1'\nnlu:\n- intent: greet\n  examples: |\n    - 你好\n- intent: goodbye\n  examples: |\n    - 你好\n"
    (tmp_path / "nlu.yml").write_text(data, encoding="utf-8")
    assert check.main(tmp_path) == 1
    assert "你好" in capsys.readouterr().err


def test_the_projects_own_data_is_in_order() -> None:
    assert check.main() == 0
