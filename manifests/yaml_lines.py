"""Slips of the keyboard that make a line of YAML mean something else; YAML's own error often names another line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SLIPS = (
    (re.compile(r"^ *\t"), "这一行缩进用了 Tab，要用空格"),
    (re.compile(r"^\s*(?:- )?\s*[A-Za-z_][\w/]*\s*："), "冒号是全角的“：”，要用半角 : 再加一个空格"),
    (re.compile(r"^\s*[－—–]\s*\S"), "开头的横线不是半角的 -，这一行没有收进去"),
    (re.compile(r"^\s*-(?![-\s])[^\s:：]*[\u4e00-\u9fff]"), "开头的 - 后面少一个空格，这一行没有收进去"),
    (re.compile(r"^\s*(?:- )?\w+:(?=[^\s/])(?![\d/])[\u4e00-\u9fff“\"']"), "冒号后面少一个空格"),
    (
        re.compile(r"^\s*(?:- )?[A-Za-z_]\w*: +[“”].*[“”]\s*$"),
        '最外面的引号是中文的“ ”，会当成话说出来，要换成半角的 "',
    ),
)

_BRACKET = re.compile(r"[\[\]{}]")
_SAID = re.compile(r"\"[^\"]*\"|'[^']*'|#.*")
_QUOTED = re.compile(r'^\s*(?:- )?[A-Za-z_][\w/]*: +"')


def slips(text: str) -> Iterator[tuple[int, str]]:
    """The lines that look mistyped: their number, from 1, and what is wrong.

    Args:
        text: what a YAML file holds.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if line.lstrip().startswith("#"):
            continue
        slip = next((what for pattern, what in _SLIPS if pattern.search(line)), None)
        if slip is not None:
            yield number, slip


def broken(text: str, mark: Any) -> tuple[int | None, str]:
    """The line because of which a text is no YAML, from 1, and what is wrong with it.

    Args:
        text: what the file holds; `slips` sees nothing in it.
        mark: the place that the YAML reader names, or None.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        quotes = line.replace('\\"', "").count('"')
        if _QUOTED.match(line) and "{" not in line.partition('"')[0] and quotes != 2:
            if quotes % 2:
                return number, '引号没有成对：这一行少了一个半角的 "'
            return number, "引号里面又有半角引号，话在那里断开了；里面的改用中文的“ ”"
    if mark is None:
        return None, "不合 YAML 的写法（缩进、冒号、引号）"
    stumbled = min(mark.line + 1, len(text.splitlines()) or 1)
    opened = _left_open(text) if stumbled == len(text.splitlines()) else None
    if opened is not None:
        return opened, "括号没有成对：从这一行起少了一个 ] 或 }"
    above = [line for line in text.splitlines()[: stumbled - 1] if line.strip() and not line.lstrip().startswith("#")]
    here = _indent(text.splitlines()[stumbled - 1])
    is_child = bool(above) and above[-1].rstrip().endswith((":", "|")) and here > _indent(above[-1])
    if above and here != _indent(above[-1]) and not is_child:
        told = f"缩进不对：这一行前面有 {here} 个空格，上一行有 {_indent(above[-1])} 个；同一层的要对齐"
        return stumbled, f"{told}，下一层的多空两格"
    return stumbled, "不合 YAML 的写法（缩进、冒号、引号），和上下同样的行比一比"


def _left_open(text: str) -> int | None:
    """The line of the bracket that nothing closes."""
    depth, opened = 0, None
    for number, line in enumerate(text.splitlines(), start=1):
        for mark in _BRACKET.findall(_SAID.sub("", line)):
            depth = max(0, depth + (1 if mark in "[{" else -1))
            opened = None if depth == 0 else opened or number
    return opened


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
