from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifests.errors import ManifestError
from manifests.files import read


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "330400.yml：要写成“名字: 值”，现在是空的或者别的写法"),
        ("- water", "330400.yml：要写成“名字: 值”，现在是空的或者别的写法"),
        ("plate_prefix：浙F", "330400.yml：第 1 行：冒号是全角的“：”，要用半角 : 再加一个空格"),
        ("# 嘉兴：\nplate_prefix：浙F", "330400.yml：第 2 行：冒号是全角的“：”，要用半角 : 再加一个空格"),
        ("a: 1\nplate_prefix：浙F\nb: 2", "330400.yml：第 2 行：冒号是全角的“：”，要用半角 : 再加一个空格"),
        ("services:\n\twater: 2025-01-01", "330400.yml：第 2 行：这一行缩进用了 Tab，要用空格"),
        (
            "a: 1\n b: 2",
            "330400.yml：第 2 行：缩进不对：这一行前面有 1 个空格，上一行有 0 个；同一层的要对齐，下一层的多空两格",
        ),
        ("services: {water: 2025-01-01", "330400.yml：第 1 行：括号没有成对：从这一行起少了一个 ] 或 }"),
        ("a: 1\nb: 2\na: 3", "330400.yml：第 3 行：a 写了两次"),
        ("services:\n  gas: 1\n  water: 2\n  gas: 3", "330400.yml：第 4 行：gas 写了两次"),
        ("services: {gas: 1, gas: 1}", "330400.yml：第 1 行：gas 写了两次"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, content: str, told: str) -> None:
    path = tmp_path / "330400.yml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(ManifestError) as refused:
        read(path)
    assert str(refused.value) == told


def test_a_day_that_does_not_exist_is_told(tmp_path: Path) -> None:
    path = tmp_path / "330400.yml"
    path.write_text("services: {water: 2025-02-30}", encoding="utf-8")
    with pytest.raises(ManifestError, match=r"^330400.yml：有一个值不对（日期要真有这一天）"):
        read(path)


def test_a_file_that_is_missing_or_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "330400.yml"
    with pytest.raises(ManifestError, match="^330400.yml：没有这个文件$"):
        read(path)
    path.write_bytes("plate_prefix: 浙F".encode("gb18030"))
    with pytest.raises(ManifestError, match="^330400.yml：不是 UTF-8 编码"):
        read(path)


def test_what_a_merge_brings_may_be_said_again(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_text("a: &a {x: 1, y: 2}\nb: &b {z: 3}\nc:\n  <<: *a\n  <<: *b\n  x: 4", encoding="utf-8")
    assert read(path)["c"] == {"x": 4, "y": 2, "z": 3}


@given(st.text(max_size=40))
def test_whatever_is_written_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, content: str) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yml"
    path.write_bytes(content.encode("utf-8", "surrogatepass"))
    try:
        told = None if isinstance(read(path), dict) else "no mapping"
    except ManifestError as error:
        told = str(error)
    assert told is None or told.startswith("any.yml：")
