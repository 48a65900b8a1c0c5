"""YAML files of data/ as plain mappings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from manifests.errors import ManifestError
from manifests.yaml_lines import broken, slips

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder."""

NAME_TAGS = frozenset({"tag:yaml.org,2002:str", "tag:yaml.org,2002:int"})
"""Of the keys that are compared; << is no name, and may stand beside what it brings."""

# libyaml's loader where it was built: ten times as fast, and 352 cities are 352 files.
_SafeLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):
    """A safe loader that refuses a name that is written twice: YAML would keep the last one and say nothing."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if key.tag in NAME_TAGS]
        if len(set(names)) != len(names):
            twice = next(name for place, name in enumerate(names) if name in names[:place])
            line = [key.start_mark.line for key, _ in node.value if key.value == twice][1]
            raise _WrittenTwice(twice, line)
        built: dict[Any, Any] = super().construct_mapping(node, deep)
        return built


class _WrittenTwice(Exception):
    def __init__(self, name: str, line: int) -> None:
        super().__init__(f"第 {line + 1} 行：{name} 写了两次")


def read(path: Path) -> dict[str, Any]:
    """What a YAML file holds.

    Args:
        path: the file.

    Raises:
        ManifestError: it is missing, is not UTF-8 or YAML, says a name twice, or is no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise ManifestError(f"{path.name}：没有这个文件") from None
    except UnicodeDecodeError:
        raise ManifestError(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8") from None
    try:
        content = yaml.load(text, _Loader)  # noqa: S506  # a safe loader, either way
    except _WrittenTwice as error:
        raise ManifestError(f"{path.name}：{error}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise ManifestError(f"{path.name}：{_what_is_wrong(text, error)}") from None
    if not isinstance(content, dict):
        slip = next((f"第 {number} 行：{what}" for number, what in slips(text)), None)
        raise ManifestError(f"{path.name}：{slip or '要写成“名字: 值”，现在是空的或者别的写法'}")
    return content


def unreadable(text: str, mark: Any) -> str:
    """Where and why a text is no YAML: a slip of the keyboard where one is seen, else the line that YAML stumbled over.

    Args:
        text: what the file holds.
        mark: the place that the YAML reader names, or None.
    """
    stumbled = mark.line + 1 if mark is not None else None
    for number, slip in slips(text):
        if stumbled is None or number <= stumbled + 1:
            return f"第 {number} 行：{slip}"
    line, what = broken(text, mark)
    return f"第 {line} 行：{what}" if line is not None else f"某一行{what}"


def _what_is_wrong(text: str, error: Exception) -> str:
    if isinstance(error, yaml.YAMLError):
        return unreadable(text, getattr(error, "problem_mark", None))
    # A date such as 2025-02-30 is built, not parsed, and has no place.
    return f"有一个值不对（日期要真有这一天）：{error}"
