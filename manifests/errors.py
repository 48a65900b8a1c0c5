"""What is wrong with a manifest, in words for the person who edits it."""

from __future__ import annotations

from pathlib import Path

from pydantic import ValidationError

PYDANTIC_WORDS = {
    "value_error.missing": "缺了这一项",
    "value_error.extra": "不认识这一项，可能拼错了",
    "type_error.integer": "要写整数",
    "type_error.str": "要写文字，数字要加引号",
    "type_error.list": "要写成一列：[…, …]",
    "type_error.tuple": "要写成一列：[…, …]",
    "type_error.dict": "要写成“名字: 值”",
    "value_error.date": "要写日期，如 2026-01-31",
    "value_error.const": "不是可以写的值",
    "value_error.str.regex": "不合这个格式：{pattern}",
    "value_error.tuple.length": "要写 {expected_length} 个，现在是 {actual_length} 个",
    "type_error.none.not_allowed": "后面没有写值",
}
"""pydantic's error types that an editor of YAML meets, as they are told; what stands in braces comes from pydantic."""


class ManifestError(ValueError):
    """A manifest cannot be used. The message is Chinese and names the file, the item, and what is wrong with it."""


def told(path: Path, error: ValidationError) -> ManifestError:
    """pydantic's findings as one error, an item a line.

    Args:
        path: the manifest's file.
        error: what pydantic found.
    """
    lines = []
    for finding in error.errors():
        where = ".".join(str(part) for part in finding["loc"] if part not in ("__root__", "__key__"))
        words = PYDANTIC_WORDS.get(finding["type"])
        wrong = finding["msg"] if words is None else words.format(**finding.get("ctx", {}))
        lines.append(f"{path.name}：{where or '整个文件'}：{wrong}")
    return ManifestError("\n".join(lines))
