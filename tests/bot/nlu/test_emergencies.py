"""Danger in a message: what is set, what is kept from one training to the next."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import emergencies
from bot.nlu.emergencies import EmergencyClassifier
from bot.nlu.emergency_files import Kind, read_kinds
from manifests import ManifestError

PLACES = ("厨房", "阳台", "楼上", "车库", "店里", "仓库", "隔壁", "山上")
FIRE = (
    "examples: |\n"
    + "".join(f"  - {place}着火了\n" for place in PLACES)
    + "".join(f"  - {place}烧起来了\n" for place in PLACES)
)
BESIDE = "beside: |\n" + "".join(f"  - {place}着火，我想挂号\n" for place in PLACES)
NEAR = "not: |\n" + "".join(f"  - {place}有火锅吃吗\n" for place in PLACES)
EVERYDAY = "examples: |\n" + "".join(f"  - {place}的水费多少\n" for place in PLACES)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one kind of danger."""
    made = tmp_path / "emergencies"
    made.mkdir()
    (made / "fire.yml").write_text(FIRE + BESIDE + NEAR, encoding="utf-8")
    (made / "everyday.yml").write_text(EVERYDAY, encoding="utf-8")
    return made


def trained(folder: Path, at: Path) -> EmergencyClassifier:
    """A component that has learnt from `folder`."""
    at.mkdir(exist_ok=True)
    context = ExecutionContext(GraphSchema({}))
    component = EmergencyClassifier.create({"emergencies": str(folder)}, LocalModelStorage(at), Resource("x"), context)
    component.train(TrainingData())
    return component


@pytest.mark.parametrize(
    ("text", "intent", "heard", "kind"),
    [
        ("地下室着火了", "out_of_scope", "emergency", "fire"),
        ("等下 楼上烧起来了", "affirm", "emergency", "fire"),
        ("山上着火，我想挂号", "book_hospital_appointment", "book_hospital_appointment", "fire"),
        ("山上着火，我想挂号", "affirm", "emergency", "fire"),
        ("楼上有火锅吃吗", "out_of_scope", "out_of_scope", None),
        ("店里的水费多少", "query_utility_bill", "query_utility_bill", None),
        ("", "nlu_fallback", "nlu_fallback", None),
    ],
)
def test_danger_has_the_last_word_and_a_task_beside_it_stays(folder, tmp_path, text, intent, heard, kind):
    message = Message({TEXT: text, INTENT: {"name": intent, "confidence": 0.9}})
    trained(folder, tmp_path / "model").process([message])
    assert message.get(INTENT)["name"] == heard
    assert [one["value"] for one in message.get(ENTITIES) or []] == ([kind] if kind else [])


def test_what_was_learnt_is_kept_until_its_own_files_change(folder, tmp_path, monkeypatch):
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    learnt = []
    learn = emergencies._learn
    monkeypatch.setattr(emergencies, "_learn", lambda *given: (learnt.append(1), learn(*given)))
    first = trained(folder, tmp_path / "a").hear("车库着火了")
    assert trained(folder, tmp_path / "b").hear("车库着火了") == first
    assert len(learnt) == 1
    before = EmergencyClassifier.fingerprint_addon({"emergencies": str(folder)})
    (folder / "fire.yml").write_text(FIRE + NEAR, encoding="utf-8")
    assert EmergencyClassifier.fingerprint_addon({"emergencies": str(folder)}) != before
    trained(folder, tmp_path / "c")
    assert len(learnt) == 2
    next((tmp_path / "cache").glob("emergencies-*.zip")).write_bytes(b"damaged")
    assert trained(folder, tmp_path / "d").hear("车库着火了")[0] == "fire"
    assert len(learnt) == 3


def test_a_folder_without_danger_hears_none(tmp_path):
    assert trained(tmp_path / "nothing", tmp_path / "model").hear("着火了") == (None, False, 0.0)


def test_a_part_that_is_no_text_is_said(folder):
    (folder / "fire.yml").write_text("examples:\n  - 着火了\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"fire.yml：examples"):
        read_kinds(folder)


def test_lines_without_a_dash_are_not_read(folder):
    (folder / "fire.yml").write_text("examples: |\n  - 着火了\n  起火了\n", encoding="utf-8")
    assert Kind("fire", ("着火了",)) in read_kinds(folder)
