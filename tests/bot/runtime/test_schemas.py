"""Rasa's own schemas are parsed once; every other file is read each time."""

import inspect
from pathlib import Path
from typing import Any

import pytest
from rasa.shared.constants import DOMAIN_SCHEMA_FILE
from rasa.shared.utils import io, validation

from bot.runtime import schemas

SCHEMA = schemas._PACKAGE / "shared/nlu/training_data/schemas/responses.yml"


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    seen: list[str] = []
    rasas = schemas._rasas

    def read(filename: Any, *arguments: Any) -> Any:
        seen.append(str(filename))
        return rasas(filename, *arguments)

    monkeypatch.setattr(schemas, "_rasas", read)
    schemas._parsed.cache_clear()
    return seen


def test_a_schema_is_parsed_once_and_given_as_a_copy(parsed: list[str]) -> None:
    first = schemas.read_yaml_file(SCHEMA)
    assert first == io.read_yaml(SCHEMA.read_text())
    first.clear()
    assert schemas.read_yaml_file(str(SCHEMA))
    assert parsed == [str(SCHEMA)]


def test_other_files_and_other_readers_are_not_remembered(parsed: list[str], tmp_path: Path) -> None:
    file = tmp_path / "a.yml"
    for content in ("a: 1", "a: 2"):
        file.write_text(content)
        assert schemas.read_yaml_file(file) == io.read_yaml(content)
        schemas.read_yaml_file(SCHEMA, ["safe", "rt"])
    assert len(parsed) == 4


def test_installed_it_is_what_rasa_reads_with(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(io, "read_yaml_file", schemas._rasas)
    schemas.install()
    assert io.read_yaml_file is schemas.read_yaml_file
    validation.validate_yaml_schema("version: '3.1'\nintents: [greet]", DOMAIN_SCHEMA_FILE)


def test_rasa_still_parses_its_schemas_for_each_file() -> None:
    """Once Rasa does not, this module can go."""
    source = inspect.getsource(validation.validate_yaml_schema)
    assert "schema_content = rasa.shared.utils.io.read_yaml_file(schema_file)" in source
    assert list(inspect.signature(schemas._rasas).parameters) == ["filename", "reader_type"]
