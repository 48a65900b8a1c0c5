"""Our data as a plain Rasa project: Rasa reads it by itself, and it holds what we hold."""

from collections import Counter
from pathlib import Path

import pytest
import yaml
from rasa.core.utils import AvailableEndpoints
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter

from bot.bench.stock import project
from bot.dialogue.importer import ServiceImporter
from bot.runtime.settings import ROOT


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stock") / "project"
    project.write(folder)
    return folder


@pytest.fixture(scope="module")
def plain(written: Path) -> TrainingDataImporter:
    """What Rasa's own importer makes of it."""
    return TrainingDataImporter.load_from_config(
        str(written / "config.yml"), str(written / "domain.yml"), [str(written / "data")]
    )


@pytest.fixture(scope="module")
def ours() -> ServiceImporter:
    return ServiceImporter(str(ROOT / "config.yml"), str(ROOT / "domain.yml"), [str(ROOT / "data")])


def test_it_is_read_by_rasas_own_importer(written: Path) -> None:
    config = yaml.safe_load((written / "config.yml").read_text(encoding="utf-8"))
    assert "importers" not in config
    importer = RasaFileImporter(str(written / "config.yml"), str(written / "domain.yml"), [str(written / "data")])
    assert importer.get_stories().story_steps


def test_it_shows_our_action_server_the_secret(written: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(project.ACTIONS_URL, "http://127.0.0.1:9/webhook")
    monkeypatch.setenv(project.ACTIONS_SHOWN, "given-by-the-house")
    action = AvailableEndpoints.read_endpoints(str(written / "endpoints.yml")).action
    assert action is not None
    assert (action.url, action.headers) == (
        "http://127.0.0.1:9/webhook",
        {"Authorization": "Bearer given-by-the-house"},
    )


def test_no_component_of_ours_is_named_in_it(written: Path) -> None:
    for name in ("config.yml", "endpoints.yml", "credentials.yml"):
        text = (written / name).read_text(encoding="utf-8")
        assert "bot." not in text
        assert "connectors." not in text
    config = yaml.safe_load((written / "config.yml").read_text(encoding="utf-8"))
    assert [one["name"] for part in ("pipeline", "policies") for one in config[part] if "." in one["name"]] == []


def test_the_domain_is_the_same(plain: TrainingDataImporter, ours: ServiceImporter) -> None:
    mine, theirs = ours.get_domain().as_dict(), plain.get_domain().as_dict()
    assert theirs["session_config"] == mine["session_config"]
    assert theirs["responses"] == mine["responses"]
    for section in ("slots", "forms"):
        assert theirs[section].keys() == mine[section].keys()
    assert set(plain.get_domain().action_names_or_texts) == set(ours.get_domain().action_names_or_texts)
    assert set(plain.get_domain().intents) == set(ours.get_domain().intents)


def test_the_rules_are_the_same(plain: TrainingDataImporter, ours: ServiceImporter) -> None:
    def steps(importer: TrainingDataImporter) -> Counter[tuple[str, ...]]:
        # Rasa names its checkpoints by chance.
        return Counter((step.block_name, *map(str, step.events)) for step in importer.get_stories().story_steps)

    assert steps(plain) == steps(ours)
    assert len(steps(ours)) > 10


def test_each_intent_has_a_sample_of_its_examples(plain: TrainingDataImporter, ours: ServiceImporter) -> None:
    mine = {(one.get("intent"), one.get("text")) for one in ours.get_nlu_data().intent_examples}
    theirs = [(one.get("intent"), one.get("text")) for one in plain.get_nlu_data().intent_examples]
    assert set(theirs) <= mine
    counts, whole = Counter(intent for intent, _ in theirs), Counter(intent for intent, _ in mine)
    assert counts == {intent: min(count, project.EXAMPLES) for intent, count in whole.items()}


def test_the_same_data_is_known_again_and_other_data_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = project.write(tmp_path / "project")
    (tmp_path / "project" / "data" / "left-over.yml").write_text("rules: []", encoding="utf-8")
    assert project.write(tmp_path / "project") == first
    assert not (tmp_path / "project" / "data" / "left-over.yml").exists()
    monkeypatch.setattr(project, "EXAMPLES", 5)
    assert project.write(tmp_path / "project") != first


@pytest.mark.parametrize(
    ("count", "most", "taken"), [(3, 5, ["0", "1", "2"]), (10, 5, ["0", "2", "4", "6", "8"]), (7, 3, ["0", "2", "4"])]
)
def test_a_sample_is_spread_from_the_first_to_the_last(count: int, most: int, taken: list[str]) -> None:
    assert project.spread([str(number) for number in range(count)], most) == taken


def test_a_rule_that_replaces_a_generated_one_stands_once(tmp_path: Path, ours: ServiceImporter) -> None:
    (generated,) = (
        text for name, text in project.rules(ours, ROOT).items() if name.endswith("generated-from-manifests.yml")
    )
    name = yaml.safe_load(generated)["rules"][0]["rule"]
    (tmp_path / "data/stories").mkdir(parents=True)
    (tmp_path / "data/stories/mine.yml").write_text(
        yaml.safe_dump({"rules": [{"rule": name, "steps": [{"intent": "greet"}]}]}), encoding="utf-8"
    )
    found = [rule["rule"] for text in project.rules(ours, tmp_path).values() for rule in yaml.safe_load(text)["rules"]]
    assert found.count(name) == 1
