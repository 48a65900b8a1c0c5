"""YAML files of data/ as plain mappings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from manifests.errors import ManifestError
from manifests.yaml_lines import slips

ROOT = Path(__file__).resolve().parents[1]
"""The project's folder."""

# libyaml's loader where it was built: ten times as fast, and 352 cities are 352 files.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(path: Path) -> dict[str, Any]:
    """What a YAML file holds.

    Args:
        path: the file.

    Raises:
        ManifestError: it is missing, is not UTF-8 or YAML, or is no mapping.
    """
    text = ""
    try:
        text = path.read_text(encoding="utf-8")
        content = yaml.load(text, _Loader)  # noqa: S506  # a safe loader, either way
    except FileNotFoundError:
        raise ManifestError(f"{path.name}：没有这个文件") from None
    except UnicodeDecodeError:
        raise ManifestError(f"{path.name}：不是 UTF-8 编码，请另存为 UTF-8") from None
    except yaml.YAMLError as error:
        raise ManifestError(f"{path.name}：{unreadable(text, getattr(error, 'problem_mark', None))}") from None
    if not isinstance(content, dict):
        raise ManifestError(f"{path.name}：要写成“名字: 值”，现在是空的或者别的写法")
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
    where = f"第 {stumbled} 行" if stumbled is not None else "某一行"
    return f"{where}不合 YAML 的写法（缩进、冒号、引号、Tab）"
