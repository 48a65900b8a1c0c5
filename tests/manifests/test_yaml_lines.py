"""Slips of the keyboard in YAML are seen by line; what is written well is left alone."""

from pathlib import Path

import pytest

from manifests.errors import ManifestError
from manifests.files import ROOT, read
from manifests.yaml_lines import slips


@pytest.mark.parametrize(
    ("line", "word"),
    [
        ("\ttitle: 停车费", "Tab"),
        ("  \t- 查停车费", "Tab"),
        ("title：停车费", "全角"),
        ("  - intent：greet", "全角"),
        ("    － 查信用分", "横线"),
        ("    — 查信用分", "横线"),
        ("    -查信用分", "空格"),
        ("title:停车费", "空格"),
        ("", None),
        ("# 说明：这里写什么", None),
        ("title: 停车费：按次", None),
        ("    - 车牌号：浙A12345", None),
        ("    - 停车费", None),
        ("url: http://127.0.0.1:8600", None),
        ("---", None),
    ],
)
def test_a_line(line: str, word: str | None) -> None:
    found = [what for _, what in slips(line)]
    assert len(found) == int(word is not None)
    assert word is None or word in found[0]


def test_the_line_of_the_slip_is_named_not_where_yaml_stumbles(tmp_path: Path) -> None:
    path = tmp_path / "parking.yml"
    path.write_text("title: 停车费\nplace： 50\ntasks:\n  x: 1\n", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"parking\.yml：第 2 行：冒号是全角的"):
        read(path)


def test_the_projects_own_files_have_none() -> None:
    files = [ROOT / "domain.yml", *(ROOT / "data").rglob("*.yml")]
    assert {path.name: found for path in files if (found := list(slips(path.read_text(encoding="utf-8"))))} == {}
