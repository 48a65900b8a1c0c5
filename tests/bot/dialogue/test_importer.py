"""The importer makes one Rasa project of domain files, manifests and cities, and says in Chinese what it cannot use."""

from pathlib import Path

import pytest
from rasa.shared.core.training_data.structures import RuleStep
from rasa.shared.importers.importer import TrainingDataImporter

from bot.dialogue.importer import ServiceImporter
from bot.dialogue.mistakes import DataError, DomainConflictError

CONFIG = "importers: [{name: bot.dialogue.importer.ServiceImporter}]\nlanguage: zh\n"
DOMAIN = """intents: [greet]
actions: [action_leave_task, action_resume_task]
responses: {utter_greet: [{text: 你好}]}
slots: {city: {type: text, mappings: []}, city_code: {type: any, mappings: [{type: custom}]}}
"""
TRAFFIC = "responses: {utter_none: [{text: 没有违章}]}\n"
MANIFEST = """title: 交通违法
place: 20
city_services: {traffic: {title: 交通违法, path: traffic}}
tasks: {query_traffic_violation: {title: 查交通违法, asks: [plate_number], ends: look_up}}
"""
REGISTRY = "cities: [{code: '330100', name: 杭州, full_name: 杭州市, province: 浙江}]\n"
CITY = "words: {utter_greet: [{text: 杭州欢迎您}]}\n"
NLU = "nlu:\n- intent: greet\n  examples: |\n    - 你好\n"
STORY = "rules:\n- rule: greet\n  steps:\n  - intent: greet\n  - action: utter_greet\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    files = {
        "config.yml": CONFIG,
        "domain.yml": DOMAIN,
        "data/domain/traffic.yml": TRAFFIC,
        "data/nlu/common.yml": NLU,
        "data/stories/common.yml": STORY,
        "data/services/traffic.yml": MANIFEST,
        "data/cities/cities.yml": REGISTRY,
        "data/cities/330100.yml": CITY,
        # Rasa would take it for training data, by its keys.
        "data/gazetteers/cities.yml": "responses: {utter_city: [{text: 杭州}]}\nnlu: []\n",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    return tmp_path


def load(project: Path, data: str = "data") -> TrainingDataImporter:
    """As every Rasa command does it."""
    return TrainingDataImporter.load_from_config(
        str(project / "config.yml"), str(project / "domain.yml"), [str(project / data)]
    )


def load_everything(project: Path) -> None:
    """Read all that a training reads."""
    importer = load(project)
    importer.get_domain()
    importer.get_stories()
    importer.get_nlu_data()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("data/domain/credit.yml", "- a list\n", "credit.yml：要写成“名字: 值”"),
        ("data/domain/credit.yml", "intents: [unclosed\n", "credit.yml：第 1 行：括号没有成对"),
        ("data/domain/credit.yml", "responses:\n  utter_x:\n  - text： 好\n", "credit.yml：第 3 行：冒号是全角的"),
        (
            "data/domain/credit.yml",
            "responses:\n  utter_x:\n  - txt: 好\n",
            "credit.yml：第 3 行：不是这里可以写的：少了 text",
        ),
        ("data/domain/credit.yml", "slots: {x: {type: no_such_type, mappings: []}}\n", "no_such_type"),
        (
            "data/domain/credit.yml",
            "responses:\n  utter_x: []\n  utter_x: []\n",
            "第 3 行：utter_x 写了两次",
        ),
        ("data/services/traffic.yml", MANIFEST + "colour: red\n", "traffic.yml：colour：不认识这一项"),
        ("data/services/traffic.yml", "title: 交\n\tplace: 20\n", "traffic.yml：第 2 行：这一行缩进用了 Tab"),
        ("data/cities/330100.yml", "words: {utter_gret: [{text: 您好}]}\n", "330100.yml：words.utter_gret"),
        ("data/cities/330101.yml", "services: {}\n", "330101.yml：cities.yml 里没有代码 330101"),
        (
            "data/stories/common.yml",
            "rules:\n- rule: 打招呼\n  steps:\n\t- intent: greet\n",
            "common.yml：第 4 行：.*Tab",
        ),
        (
            "data/stories/common.yml",
            "rules:\n- rule: 打招呼\n  steps:\n  - slot_was_set: [{citi: 1}]\n  - action: utter_greet\n",
            "common.yml：「打招呼」：没有叫 citi 的槽位，是不是 city？",
        ),
        (
            "data/nlu/common.yml",
            "nlu:\n- intent： greet\n  examples: |\n    - 你好\n",
            "common.yml：第 2 行：冒号是全角的",
        ),
    ],
)
def test_what_cannot_be_used_is_said_in_chinese(project: Path, file: str, content: str, message: str) -> None:
    (project / file).write_text(content, encoding="utf-8")
    with pytest.raises(DataError, match=message):
        load_everything(project)


def test_a_missing_domain_file_is_named(project: Path) -> None:
    (project / "domain.yml").unlink()
    with pytest.raises(DataError, match=r"domain\.yml：没有这个文件"):
        load(project).get_domain()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            "responses: {utter_greet: [{text: 您好}]}\n",
            "credit.yml：responses 里的 utter_greet 在 domain.yml 里已经写过",
        ),
        ("slots: {city: {type: any, mappings: []}}\n", "slots 里的 city"),
        ("responses: {utter_none: [{text: 无}]}\n", "traffic.yml：responses 里的 utter_none 在 credit.yml 里"),
    ],
)
def test_one_name_declared_differently_is_refused(project: Path, content: str, message: str) -> None:
    (project / "data/domain/credit.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DomainConflictError, match=message):
        load(project).get_domain()


def test_one_name_declared_alike_is_no_conflict(project: Path) -> None:
    (project / "data/domain/credit.yml").write_text(TRAFFIC, encoding="utf-8")
    assert "utter_none" in load(project).get_domain().responses


def test_files_manifests_and_cities_make_one_domain(project: Path) -> None:
    domain = load(project).get_domain()
    assert {"greet", "query_traffic_violation"} <= set(domain.intents)
    assert domain.forms == {"query_traffic_violation_form": {"required_slots": ["plate_number"]}}
    assert "plate_number" in {slot.name for slot in domain.slots}
    assert "validate_query_traffic_violation_form" in domain.action_names_or_texts
    assert set(domain.responses) == {"utter_greet", "utter_none"}
    assert [variation["text"] for variation in domain.responses["utter_greet"]] == ["你好", "杭州欢迎您"]


def rules(project: Path) -> dict[str, list[str]]:
    """Each rule's actions, by its name."""
    steps = [step for step in load(project).get_stories().story_steps if isinstance(step, RuleStep)]
    return {
        step.block_name: [event.action_name for event in step.events if hasattr(event, "action_name")] for step in steps
    }


def test_each_task_starts_and_ends_by_a_rule(project: Path) -> None:
    found = rules(project)
    assert set(found) == {"greet", "查交通违法：开始", "查交通违法：办完", "一件事了结以后"}
    assert found["一件事了结以后"] == ["...", "action_resume_task"]
    assert found["查交通违法：开始"][-2:] == ["action_leave_task", "query_traffic_violation_form"]


def test_a_rule_of_the_same_name_replaces_the_generated_one(project: Path) -> None:
    mine = "rules:\n- rule: 查交通违法：开始\n  steps:\n  - intent: query_traffic_violation\n  - action: utter_none\n"
    (project / "data/stories/traffic.yml").write_text(mine, encoding="utf-8")
    found = rules(project)
    assert found["查交通违法：开始"][-1] == "utter_none"
    assert len(found) == 4


def test_a_project_without_manifests_and_cities_is_plain_rasa(project: Path) -> None:
    (project / "data/services/traffic.yml").unlink()
    (project / "data/services").rmdir()
    (project / "data/cities/cities.yml").unlink()
    assert set(load(project).get_domain().forms) == set()
    assert set(rules(project)) == {"greet"}


def test_domain_files_are_not_training_data(project: Path) -> None:
    importer = ServiceImporter(str(project / "config.yml"), str(project / "domain.yml"), str(project / "data"))
    assert [Path(path).name for path in importer._nlu_files] == ["common.yml"]
    assert [Path(path).parent.name for path in importer._story_files] == ["stories"]
    assert [e.get("text") for e in importer.get_nlu_data().intent_examples] == ["你好"]


def test_examples_are_read_once_whatever_the_language(project: Path) -> None:
    importer = ServiceImporter(str(project / "config.yml"), str(project / "domain.yml"), str(project / "data"))
    assert importer.get_nlu_data("zh") is importer.get_nlu_data() is importer.get_nlu_data(language="en")


def test_a_folder_as_domain_path_is_read_once(project: Path) -> None:
    importer = ServiceImporter(str(project / "config.yml"), str(project / "data/domain"), None)
    assert [path.name for path in importer.domain_files()] == ["traffic.yml"]


def test_no_domain_path_means_no_domain(project: Path) -> None:
    assert ServiceImporter(str(project / "config.yml"), None, None).get_domain().is_empty()
