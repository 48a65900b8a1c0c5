"""A model that was trained with what an earlier training had kept is the one that is trained from nothing."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.storage import local_model_storage
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io as rasa_io

from bot.nlu.gazetteer_files import GAZETTEERS
from bot.runtime import settings, training

DOMAIN = """intents: [greet, pay]
actions: [action_pay]
responses: {utter_greet: [{text: 你好}], utter_bye: [{text: 再见}]}
"""
EXAMPLES = """nlu:
- intent: greet
  examples: |
    - 你好
    - 您好啊
    - 早上好
- intent: pay
  examples: |
    - 交水费
    - 我要去市一院挂号
    - 电费多少钱
"""
STORIES = """rules:
- rule: 问好
  steps:
  - intent: greet
  - action: utter_greet
- rule: 交费
  steps:
  - intent: pay
  - action: action_pay
"""
EDITS = {
    "a response": ("domain.yml", "text: 你好", "text: 您好，请讲"),
    "an example": ("data/nlu/common.yml", "    - 早上好\n", "    - 早上好\n    - 大家好，大一院在哪\n"),
    "a story": ("data/stories/common.yml", "  - action: action_pay", "  - action: action_pay\n  - action: utter_bye"),
    "a gazetteer": ("gazetteers/hospitals.yml", "市一院,", "市一院, 大一院,"),
}
Train = Callable[[Path, Path], dict[str, Any]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    config = (settings.ROOT / settings.CONFIG_FILE).read_text(encoding="utf-8")
    root = tmp_path / "project"
    shutil.copytree(GAZETTEERS, root / "gazetteers")
    for part in ("tokenizer.CityTokenizer", "extractor.CityEntityExtractor", "classifier.CityIntentClassifier"):
        named = f"  - name: bot.nlu.{part}\n"
        assert named in config
        config = config.replace(named, f"{named}    gazetteers: {root / 'gazetteers'}\n")
    files = {
        "config.yml": config,
        "domain.yml": DOMAIN,
        "data/nlu/common.yml": EXAMPLES,
        "data/stories/common.yml": STORIES,
    }
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, encoding="utf-8")
    return root


@pytest.fixture
def train(project: Path, monkeypatch: pytest.MonkeyPatch) -> Train:
    """Train, with what is kept in a folder, and give what is in the model."""
    monkeypatch.chdir(project)
    # Put back what a training puts into Rasa.
    for place, name in (
        (TrainingData, "merge"),
        (TrainingData, "fingerprint"),
        (local_model_storage, "TarSafe"),
        (rasa_io, "read_yaml_file"),
    ):
        monkeypatch.setattr(place, name, getattr(place, name))
    monkeypatch.setattr(TrainingData, "sanitize_examples", staticmethod(TrainingData.sanitize_examples))

    def run(cache: Path, model: Path) -> dict[str, Any]:
        monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(cache))
        assert training.train(model, force=False) == 0
        return content_of(model)

    return run


def content_of(model: Path) -> dict[str, Any]:
    """What is in a model, but for the names and times that Rasa makes up at each training."""
    content: dict[str, Any] = {}
    with tarfile.open(model) as archive:
        for member in archive.getmembers():
            file = archive.extractfile(member)
            read = file.read() if file else b""
            if member.name.endswith(".npz"):
                content.update(
                    {f"{member.name}/{key}": value.tolist() for key, value in np.load(io.BytesIO(read)).items()}
                )
            elif member.name.endswith("metadata.json"):
                content["domain"] = json.loads(read)["domain"]
            elif member.name.endswith(".json"):
                content[member.name] = json.loads(read)
            else:
                content[member.name] = read
    return content


@pytest.mark.parametrize("edit", EDITS)
def test_a_model_is_the_same_by_what_was_kept_and_from_nothing(
    project: Path, train: Train, tmp_path: Path, edit: str
) -> None:
    before = train(tmp_path / "kept", project / "before.tar.gz")
    file, old, new = EDITS[edit]
    text = (project / file).read_text(encoding="utf-8")
    assert old in text
    (project / file).write_text(text.replace(old, new), encoding="utf-8")
    edited = train(tmp_path / "kept", project / "edited.tar.gz")
    assert edited == train(tmp_path / "nothing", project / "anew.tar.gz")
    assert edited != before


def test_what_was_kept_and_is_damaged_leaves_no_trace(project: Path, train: Train, tmp_path: Path) -> None:
    before = train(tmp_path / "kept", project / "before.tar.gz")
    damaged = [path for pattern in ("*.npz", "*.json", "files.txt") for path in (tmp_path / "kept").glob(pattern)]
    assert len(damaged) >= 3  # the lexicon is written by the first training of a process
    for path in damaged:
        content = path.read_bytes()
        path.write_bytes(content[: len(content) // 2] + b"0" + content[len(content) // 2 + 1 :])
    file, old, new = EDITS["an example"]
    text = (project / file).read_text(encoding="utf-8")
    (project / file).write_text(text.replace(old, new), encoding="utf-8")
    train(tmp_path / "kept", project / "edited.tar.gz")
    (project / file).write_text(text, encoding="utf-8")
    assert train(tmp_path / "kept", project / "again.tar.gz") == before
