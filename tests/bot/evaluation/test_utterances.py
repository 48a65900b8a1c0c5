"""The development set's file, and the ways in which it can be wrong."""

from datetime import date
from pathlib import Path

import pytest

from bot.evaluation.utterances import DevelopmentSetError, Utterance, read_development_set

HEAD = "today: 2026-11-24\n"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "`today`"),
        ("utterances: [{text: 你好, intent: greet}]", "`today`"),
        ("today: tomorrow\nutterances: [{text: 你好, intent: greet}]", "`today`"),
        (HEAD, "`utterances`"),
        (HEAD + "utterances: []", "`utterances`"),
        (HEAD + "utterances: [你好]", "utterance 1"),
        (HEAD + "utterances: [{text: 你好, intent: greet}, {text: 你好}]", "utterance 2"),
        (HEAD + "utterances: [{text: 123, intent: inform}]", "utterance 1"),
        (HEAD + "utterances: [{text: 水费, intent: inform, entities: [water]}]", "mapping"),
        (HEAD + "utterances: [{text: 三块五, intent: inform, entities: {amount: 3.50}}]", "`amount`"),
        (HEAD + "utterances: [{text: 明天, intent: inform, entities: {date: 2026-11-25}}]", "`date`"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path: Path, content: str, said: str) -> None:
    path = tmp_path / "set.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(DevelopmentSetError, match=said):
        read_development_set(path)


def test_one_value_and_several_are_read(tmp_path: Path) -> None:
    path = tmp_path / "set.yml"
    path.write_text(
        HEAD + "utterances:\n"
        '  - {text: 水电费一起交, intent: pay_utility_bill, entities: {bill_type: ["water", "electricity"]}}\n'
        '  - {text: 三块五, intent: inform, entities: {amount: "3.50"}}\n'
        "  - {text: 你好, intent: greet}\n",
        encoding="utf-8",
    )
    development = read_development_set(path)
    assert development.today == date(2026, 11, 24)
    assert development.utterances == (
        Utterance(
            "水电费一起交", "pay_utility_bill", frozenset({("bill_type", "water"), ("bill_type", "electricity")})
        ),
        Utterance("三块五", "inform", frozenset({("amount", "3.50")})),
        Utterance("你好", "greet"),
    )


def test_ours_is_whole() -> None:
    development = read_development_set()
    texts = [one.text for one in development.utterances]
    assert len(texts) >= 600
    assert len(set(texts)) == len(texts)
