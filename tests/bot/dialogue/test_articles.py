"""The importer makes of data/knowledge what any Rasa project with retrieval intents has."""

from pathlib import Path

import pytest
from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.training_data.structures import RuleStep
from rasa.shared.importers.importer import TrainingDataImporter

from bot.dialogue.mistakes import DataError

FILES = {
    "config.yml": "importers: [{name: bot.dialogue.importer.ServiceImporter}]\nlanguage: zh\n",
    "domain.yml": "intents: [greet, {tell_more: {use_entities: []}}]\nentities: [article]\n"
    "actions: [action_leave_task, action_resume_task, action_ask_again]\nresponses: {utter_greet: [{text: 你好}]}\n"
    "slots: {city_code: {type: any, mappings: [{type: custom}]}}\n",
    "data/nlu/common.yml": "nlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 您好\n",
    "data/services/parking.yml": "title: 停车费\nplace: 10\ncity_services: {parking: {title: 停车费, path: parking}}\n"
    "tasks: {pay_parking: {title: 交停车费, asks: [plate], ends: look_up}}\n",
    "data/cities/cities.yml": "cities:\n- {code: '330100', name: 杭州, full_name: 杭州市, province: 浙江}\n"
    "- {code: '330400', name: 嘉兴, full_name: 嘉兴市, province: 浙江}\n"
    "- {code: '320100', name: 南京, full_name: 南京市, province: 江苏}\n",
    "data/cities/330100.yml": "services: {}\n",
    "data/cities/330400.yml": "services: {}\n",
    "data/cities/320100.yml": "services: {}\n",
    "data/knowledge/parking.yml": """owner: 停车组
checked_on: 2026-11-01
review_by: 2027-05-01
articles:
  free_minutes:
    question: 头多久不收费？
    examples: |
      - 停车免费多久
      - 半小时内收钱吗
    answer: 以入口公示为准，{hotline} 能问。
    more: 收费标准由市发改委定。
    next: [pay_parking, handoff_human]
    source: 本市收费公示
    cities:
      "330000": {answer: 浙江三十分钟。}
      "330400": {answer: 嘉兴一小时。, more: 见路边牌子。}
""",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def load(project: Path) -> TrainingDataImporter:
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / "data")]
    )


def test_examples_stand_under_the_articles_retrieval_intent(project: Path) -> None:
    data = load(project).get_nlu_data()
    asked = [one for one in data.intent_examples if one.get("intent") == "ask_parking"]
    assert {one.get("text") for one in asked} == {"停车免费多久", "半小时内收钱吗", "头多久不收费？"}
    assert {one.get("intent_response_key") for one in asked} == {"ask_parking/free_minutes"}
    assert data.retrieval_intents == {"ask_parking"}


def test_the_domain_has_intent_action_and_answers(project: Path) -> None:
    domain = load(project).get_domain()
    assert domain.retrieval_intents == ["ask_parking"]
    assert "utter_ask_parking" in domain.action_names_or_texts
    common = domain.responses["utter_ask_parking/free_minutes"][0]
    assert [button["title"] for button in common["buttons"]] == ["再说细一点", "交停车费", "转人工"]
    assert domain.responses["utter_more_ask_parking_free_minutes"][0]["text"] == "收费标准由市发改委定。"


@pytest.mark.parametrize(
    ("city_code", "answer", "more"),
    [
        (None, "以入口公示为准，12345 能问。", "收费标准由市发改委定。"),
        ("320100", "以入口公示为准，12345 能问。", "收费标准由市发改委定。"),
        ("330100", "浙江三十分钟。", "收费标准由市发改委定。"),
        ("330400", "嘉兴一小时。", "见路边牌子。"),
    ],
)
def test_a_citys_answer_goes_before_its_provinces_and_both_before_the_common_one(
    project: Path, city_code: str | None, answer: str, more: str
) -> None:
    generator = TemplatedNaturalLanguageGenerator(load(project).get_domain().responses)
    slots = {"city_code": city_code, "hotline": "12345"}
    for name, text in (
        ("utter_ask_parking/free_minutes", answer),
        ("utter_more_ask_parking_free_minutes", more),
    ):
        said = generator.generate_from_slots(name, slots, "rest")
        assert said is not None
        assert said["text"] == text


def test_a_rule_answers_and_puts_the_open_question_again(project: Path) -> None:
    rules = [step for step in load(project).get_stories().story_steps if isinstance(step, RuleStep)]
    (rule,) = [step for step in rules if step.block_name == "停车费：有问就答"]
    said = [getattr(event, "action_name", None) or getattr(event, "intent_name", None) for event in rule.events]
    assert [name for name in said if name not in (None, "...", "action_listen")] == [
        "ask_parking",
        "utter_ask_parking",
        "action_ask_again",
    ]


def test_an_article_that_cannot_be_used_is_named(project: Path) -> None:
    path = project / "data/knowledge/parking.yml"
    path.write_text(path.read_text(encoding="utf-8").replace("    source: 本市收费公示\n", ""), encoding="utf-8")
    with pytest.raises(DataError, match=r"parking\.yml：articles\.free_minutes\.source：缺了这一项"):
        load(project).get_domain()
