"""What is known of a file is what it would say if it were read, and nothing is known that could be otherwise."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.core.domain import Domain
from rasa.shared.core.training_data import loading
from rasa.shared.exceptions import YamlException
from rasa.shared.importers.utils import training_data_from_paths

from bot.dialogue.data_files import domain_of, examples_of, steps_of
from bot.dialogue.known_files import FILE, KnownFiles

DOMAINS = (
    "intents: [greet, {pay: {use_entities: []}}]\nresponses: {utter_greet: [{text: 你好}, {text: 早}]}\n",
    "slots: {city: {type: text, mappings: []}}\nactions: [action_pay]\nforms: {pay_form: {required_slots: [city]}}\n",
)
STORIES = "rules:\n- rule: 问好\n  steps:\n  - intent: greet\n  - action: utter_greet\n"
EXAMPLES = (
    "nlu:\n- intent: greet\n  examples: |\n    - 你好\n    - 早\n    - 你好\n"
    "- intent: pay\n  examples: |\n    - 交[水费](bill)\n- synonym: water\n  examples: |\n    - 水费\n",
    "nlu:\n- intent: greet\n  examples: |\n    - 早\n- regex: digits\n  examples: |\n    - \\d+\n"
    "- intent: ask/late\n  examples: |\n    - 会晚吗\nresponses: {utter_ask/late: [{text: 不会}]}\n",
)


class Reader:
    """Reads a file's text, and says how often."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self.read = 0

    def of(self, file: Path, made: Any = None, kind: str = "text", warning: type[Warning] | None = None) -> Any:
        def read() -> Any:
            self.read += 1
            if warning:
                warnings.warn("odd", warning, stacklevel=1)
            return file.read_text() if made is None else made

        known = KnownFiles(self.folder)
        try:
            return known.read(kind, file, read, lambda content: content, lambda content: content)
        finally:
            known.keep()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.yml"
    path.write_text("a: 1")
    return path


@pytest.fixture
def reader(tmp_path: Path) -> Reader:
    return Reader(tmp_path / "cache")


def test_a_file_is_read_once_and_a_changed_one_again(file: Path, reader: Reader) -> None:
    assert [reader.of(file), reader.of(file), reader.read] == ["a: 1", "a: 1", 1]
    file.write_text("a: 2")
    assert [reader.of(file), reader.read] == ["a: 2", 2]
    # What it said before is forgotten.
    file.write_text("a: 1")
    assert [reader.of(file), reader.read] == ["a: 1", 3]


def test_a_kind_that_is_not_read_is_not_forgotten(file: Path, reader: Reader) -> None:
    for kind in ("one", "other", "one", "other"):
        reader.of(file, kind=kind)
    assert reader.read == 2


def test_without_a_folder_nothing_is_known(file: Path) -> None:
    reader = Reader(None)
    assert [reader.of(file), reader.of(file), reader.read] == ["a: 1", "a: 1", 2]


@pytest.mark.parametrize("damage", [b"", b"x", b"\n", None])
def test_what_is_damaged_is_not_trusted(file: Path, reader: Reader, damage: bytes | None) -> None:
    reader.of(file)
    kept = reader.folder / FILE  # type: ignore[operator]
    content = kept.read_bytes()
    # A file whose last figure is another is still well formed.
    kept.write_bytes(content.replace(b"a: 1", b"a: 7") if damage is None else damage)
    assert kept.read_bytes() != content
    assert [reader.of(file), reader.read] == ["a: 1", 2]
    assert [reader.of(file), reader.read] == ["a: 1", 2]


@pytest.mark.parametrize("made", [{1: "a number for a key"}, ("a", "tuple"), {"a", "set"}, float("nan")])
def test_what_json_would_not_give_back_is_read_each_time(file: Path, reader: Reader, made: Any) -> None:
    assert [reader.of(file, made), reader.of(file, made), reader.read] == [made, made, 2]


def test_what_an_environment_variable_decides_is_read_each_time(file: Path, reader: Reader) -> None:
    file.write_text("a: ${HOME}")
    reader.of(file)
    reader.of(file)
    assert reader.read == 2


def test_what_is_warned_of_is_warned_of_again(file: Path, reader: Reader) -> None:
    for _ in range(2):
        with pytest.warns(UserWarning, match="odd"):
            reader.of(file, warning=UserWarning)
    assert reader.read == 2


def test_a_mistake_is_said_each_time(tmp_path: Path) -> None:
    (tmp_path / "domain.yml").write_text("responses: {utter_x: [{txt: 好}]}")
    for _ in range(2):
        known = KnownFiles(tmp_path / "cache")
        with pytest.raises(YamlException):
            domain_of([tmp_path / "domain.yml"], known)
        known.keep()


def written(folder: Path, contents: tuple[str, ...]) -> list[str]:
    paths = [folder / f"{number}.yml" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_text(content, encoding="utf-8")
    return [str(path) for path in paths]


@pytest.fixture(params=["new", "known"])
def known(request: pytest.FixtureRequest, tmp_path: Path) -> KnownFiles:
    """What is known at the first reading, and at one after it."""
    if request.param == "known":
        before = KnownFiles(tmp_path / "cache")
        domain_of([Path(file) for file in written(tmp_path, DOMAINS)], before)
        steps_of(written(tmp_path, (STORIES,)), Domain.empty(), before)
        examples_of(written(tmp_path, EXAMPLES), "zh", before)
        before.keep()
        assert (tmp_path / "cache" / FILE).read_text().count("\n") == 6  # a hash, and five files
    return KnownFiles(tmp_path / "cache")


def test_a_domain_is_as_rasa_reads_it(tmp_path: Path, known: KnownFiles) -> None:
    files = written(tmp_path, DOMAINS)
    assert domain_of([Path(file) for file in files], known).as_dict() == Domain.load(files).as_dict()


def test_rules_are_as_rasa_reads_them(tmp_path: Path, known: KnownFiles) -> None:
    domain = Domain.load(written(tmp_path, DOMAINS))
    files = written(tmp_path, (STORIES,))
    ours, rasas = steps_of(files, domain, known), loading.load_data_from_files(files, domain)
    assert [step.as_story_string() for step in ours] == [step.as_story_string() for step in rasas] != []
    assert [step.source_name for step in ours] == files


def test_examples_are_as_rasa_reads_them(tmp_path: Path, known: KnownFiles) -> None:
    files = written(tmp_path, EXAMPLES)
    ours, rasas = examples_of(files, "zh", known), training_data_from_paths(files, "zh")
    assert [one.data for one in ours.training_examples] == [one.data for one in rasas.training_examples]
    assert ours.fingerprint() == rasas.fingerprint()
    for name in ("entity_synonyms", "regex_features", "lookup_tables", "responses"):
        assert getattr(ours, name) == getattr(rasas, name)
    for one in ours.training_examples:  # the hash that came with it is its own
        told, one._cached_fingerprint = one.fingerprint(), None
        assert one.fingerprint() == told
