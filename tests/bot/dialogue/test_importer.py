"""The importer reads the domain from all its files, training data from the right folders, and refuses conflicts."""

from pathlib import Path

import pytest
from rasa.shared.core.domain import InvalidDomain
from rasa.shared.importers.importer import TrainingDataImporter

from bot.dialogue.importer import DomainConflictError, ServiceImporter

CONFIG = "importers: [{name: bot.dialogue.importer.ServiceImporter}]\nlanguage: zh\n"
DOMAIN = "intents: [greet]\nresponses: {utter_greet: [{text: 你好}]}\nslots: {city: {type: text, mappings: []}}\n"
TRAFFIC = "intents: [query_traffic_violation]\nresponses: {utter_none: [{text: 没有违章}]}\n"
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
        # Rasa would take each of these for training data, by their keys.
        "data/cities/330100.yml": "responses: {utter_city: [{text: 杭州}]}\nnlu: []\n",
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


@pytest.mark.parametrize(
    "content", ["- a list\n", "intents: [unclosed\n", "intents: {}\nslots: {city: {type: no_such_type}}\n"]
)
def test_a_broken_domain_file_is_an_error_not_an_empty_domain(project: Path, content: str) -> None:
    (project / "data/domain/credit.yml").write_text(content, encoding="utf-8")
    with pytest.raises(Exception, match=r"credit\.yml|no_such_type"):
        load(project).get_domain()


def test_a_missing_domain_file_is_named(project: Path) -> None:
    (project / "domain.yml").unlink()
    with pytest.raises(InvalidDomain, match=r"No domain file at .*domain\.yml"):
        load(project).get_domain()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("responses: {utter_greet: [{text: 您好}]}\n", "responses: 'utter_greet' is declared in domain.yml"),
        ("slots: {city: {type: any, mappings: []}}\n", "slots: 'city'"),
        ("responses: {utter_none: [{text: 无}]}\n", r"responses: 'utter_none' is declared in .*credit.yml"),
    ],
)
def test_one_name_declared_differently_is_refused(project: Path, content: str, message: str) -> None:
    (project / "data/domain/credit.yml").write_text(content, encoding="utf-8")
    with pytest.raises(DomainConflictError, match=message):
        load(project).get_domain()


def test_one_name_declared_alike_is_no_conflict(project: Path) -> None:
    (project / "data/domain/credit.yml").write_text(TRAFFIC, encoding="utf-8")
    assert "utter_none" in load(project).get_domain().responses


def test_the_domain_is_merged_and_city_files_are_left_out(project: Path) -> None:
    domain = load(project).get_domain()
    assert {"greet", "query_traffic_violation"} <= set(domain.intents)
    assert set(domain.responses) == {"utter_greet", "utter_none"}


def test_domain_files_are_not_training_data(project: Path) -> None:
    importer = ServiceImporter(str(project / "config.yml"), str(project / "domain.yml"), str(project / "data"))
    assert [Path(path).name for path in importer._nlu_files] == ["common.yml"]
    assert [Path(path).parent.name for path in importer._story_files] == ["stories"]
    assert [e.get("text") for e in importer.get_nlu_data().intent_examples] == ["你好"]


def test_a_folder_as_domain_path_is_read_once(project: Path) -> None:
    importer = ServiceImporter(str(project / "config.yml"), str(project / "data/domain"), None)
    assert [path.name for path in importer.domain_files()] == ["traffic.yml"]


def test_no_domain_path_means_no_domain(project: Path) -> None:
    assert ServiceImporter(str(project / "config.yml"), None, None).get_domain().is_empty()
