"""A file of articles says whose question is answered with what, and what is wrong with it in Chinese."""

from pathlib import Path

import pytest

from manifests import ManifestError, services
from manifests.knowledge import FOLDER, HANDOFF, more_of, questions, read_all, read_knowledge

WRITTEN = """owner: 停车组
checked_on: 2026-11-01
review_by: 2027-05-01
articles:
  free_minutes:
    question: 头多久不收费？
    examples: |
      - 停车免费多久
      -   半小时内收钱吗
      这句没有横线
    answer: 以入口公示为准。
    source: 本市收费公示
    review_by: 2026-12-01
"""


def written(folder: Path, text: str = WRITTEN) -> Path:
    path = folder / "parking.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_names_examples_and_days_follow_from_the_file(tmp_path: Path) -> None:
    known = read_knowledge(written(tmp_path))
    assert known.intent_of("free_minutes") == "ask_parking/free_minutes"
    assert known.response_of("free_minutes") == "utter_ask_parking/free_minutes"
    assert more_of("ask_parking/free_minutes") == "utter_more_ask_parking_free_minutes"
    assert known.articles["free_minutes"].asked() == ("停车免费多久", "半小时内收钱吗")
    assert known.review_day("free_minutes").isoformat() == "2026-12-01"


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("    source: 本市收费公示\n", "", "articles.free_minutes.source：缺了这一项"),
        ("    answer:", "    anwser:", "articles.free_minutes.anwser：不认识这一项"),
        ("review_by: 2027-05-01", "review_by: 明年", "review_by：要写日期"),
        ("  free_minutes:", "  Free:", "不合这个格式"),
        ("owner: 停车组\n", "", "owner：缺了这一项"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, says: str) -> None:
    with pytest.raises(ManifestError, match=says):
        read_knowledge(written(tmp_path, WRITTEN.replace(old, new, 1)))


def test_this_projects_articles_lead_to_what_there_is() -> None:
    tasks = {intent for intent, _, _ in services().tasks()}
    known = list(read_all(FOLDER))
    assert sum(len(one.articles) for one in known) >= 150
    assert {one.name for one in known} <= {*services().names(), "common"}
    for one in known:
        for article in one.articles.values():
            assert set(article.next) <= tasks | {HANDOFF}


def test_what_stands_in_brackets_is_on_no_button() -> None:
    assert "ask_common/praise" not in questions()
    assert questions()["ask_utility_bills/late_fee"].endswith("？")
