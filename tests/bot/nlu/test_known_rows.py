"""What is remembered of examples is what would be found again, and nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import example_rows, kept, lexicon
from bot.nlu.kept import cache_folder, forget, write
from bot.nlu.known_rows import rows_of
from bot.nlu.linear import Row, Rows, train_on


class Maker:
    """Finds an example's characters, and says for which it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def make(self, text: str) -> Row:
        self.asked.append(text)
        return {char: 1.0 / len(text) for char in sorted(set(text))}


def as_dicts(rows: Rows) -> list[dict[str, float]]:
    return [
        {rows.names[column]: value for column, value in zip(row.indices, row.data, strict=True)} for row in rows.matrix
    ]


def asked_and_given(texts: list[str], folder: Path | None, key: str = "k") -> tuple[list[str], list[dict[str, float]]]:
    maker = Maker()
    return maker.asked, as_dicts(rows_of(texts, maker.make, key, folder))


@pytest.mark.parametrize("texts", [[], ["水"], ["水费", "电费", "水费"], ["电费", "气"], ["气", "电费", "水费", "新"]])
def test_rows_are_the_same_with_and_without_a_memory(tmp_path: Path, texts: list[str]) -> None:
    fresh = asked_and_given(texts, None)[1]
    assert fresh == [dict(Maker().make(text)) for text in texts]
    for before in ([], ["水费", "电费"], ["费水电", "x", "y"]):
        asked_and_given(before, tmp_path)
        assert asked_and_given(texts, tmp_path)[1] == fresh


def test_only_what_is_new_is_asked_for(tmp_path: Path) -> None:
    assert asked_and_given(["水费", "电费"], tmp_path)[0] == ["水费", "电费"]
    assert asked_and_given(["电费", "水费", "电费"], tmp_path)[0] == []
    assert asked_and_given(["电费", "气费"], tmp_path)[0] == ["气费"]
    # What was left out is forgotten.
    assert asked_and_given(["水费"], tmp_path)[0] == ["水费"]


def test_another_key_knows_nothing_and_has_the_only_file(tmp_path: Path) -> None:
    asked_and_given(["水费"], tmp_path, "a")
    assert asked_and_given(["水费"], tmp_path, "b")[0] == ["水费"]
    assert [file.name for file in tmp_path.iterdir()] == ["example-features-b.npz"]


@pytest.mark.parametrize("content", [b"", b"x" * 100, b"PK\x03\x04"])
def test_a_broken_file_is_no_memory(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "example-features-k.npz").write_bytes(content)
    assert asked_and_given(["水费"], tmp_path)[0] == ["水费"]
    assert asked_and_given(["水费"], tmp_path)[0] == []


def test_forgotten_it_is_asked_for_again(tmp_path: Path) -> None:
    asked_and_given(["水费"], tmp_path)
    (tmp_path / "cache.db").touch()
    forget(tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["cache.db"]
    assert asked_and_given(["水费"], tmp_path)[0] == ["水费"]


def test_the_model_is_the_same_to_the_last_bit(tmp_path: Path) -> None:
    texts = ["交水费", "水费多少", "查违章", "违章罚款", "你好", "您好啊"]
    labels = ["bill", "bill", "traffic", "traffic", "greet", "greet"]
    asked_and_given(texts[3:] + ["别的"], tmp_path)
    fresh, known = (train_on(rows_of(texts, Maker().make, "k", folder), labels) for folder in (None, tmp_path))
    assert known.vocabulary == fresh.vocabulary
    assert np.array_equal(known.weights, fresh.weights)


def test_outside_of_a_training_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("RASA_CACHE_DIRECTORY", raising=False)
    assert cache_folder() is None
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    assert cache_folder() == tmp_path


def test_a_write_that_fails_leaves_what_was(tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    write(file, lambda partial: partial.write_text("1"))
    with pytest.raises(RuntimeError):
        write(file, lambda partial: (_ for _ in ()).throw(RuntimeError))
    assert file.read_text() == "1"


def test_the_lexicon_is_found_once_for_the_same_gazetteers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[object] = []
    monkeypatch.delenv("RASA_CACHE_DIRECTORY", raising=False)
    monkeypatch.setattr(lexicon, "read_lexicon", lambda gazetteers: asked.append(gazetteers) or {"n": len(asked)})
    assert [lexicon.kept_lexicon({"a": 1}), lexicon.kept_lexicon({"a": 1})] == [{"n": 1}, {"n": 2}]
    monkeypatch.setenv("RASA_CACHE_DIRECTORY", str(tmp_path))
    given = [lexicon.kept_lexicon(gazetteers) for gazetteers in ({"a": 1}, {"a": 1}, {"a": 2}, {"a": 2}, {"a": 1})]
    assert given == [{"n": 3}, {"n": 3}, {"n": 4}, {"n": 4}, {"n": 5}]
    written = kept.code()
    monkeypatch.setattr(kept, "code", lambda: written + b"changed")
    assert lexicon.kept_lexicon({"a": 1}) == {"n": 6}
    (file,) = tmp_path.iterdir()
    for damaged in ("{", file.read_text().replace("6", "9")):
        file.write_text(damaged)
        assert lexicon.kept_lexicon({"a": 1})["n"] in (7, 8)


def test_features_are_known_for_the_same_code_and_gazetteers_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    key = example_rows._key("gazetteers: 1")
    assert key == example_rows._key("gazetteers: 1") != example_rows._key("gazetteers: 2")
    written = kept.code()
    monkeypatch.setattr(example_rows, "code", lambda: written + b"changed")
    assert example_rows._key("gazetteers: 1") != key


def test_a_flipped_bit_in_what_is_remembered_is_noticed(tmp_path: Path) -> None:
    asked_and_given(["水费", "电费"], tmp_path)
    file = tmp_path / "example-features-k.npz"
    content = file.read_bytes()
    file.write_bytes(content.replace(np.float64(0.5).tobytes(), np.float64(0.25).tobytes()))
    assert file.read_bytes() != content
    assert asked_and_given(["水费", "电费"], tmp_path)[0] == ["水费", "电费"]
