"""Slips of the keyboard that make a line of YAML mean something else; YAML's own error often names another line."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SLIPS = (
    (re.compile(r"^ *\t"), "这一行缩进用了 Tab，要用空格"),
    (re.compile(r"^\s*(?:- )?\s*[A-Za-z_][\w/]*\s*："), "冒号是全角的“：”，要用半角 : 再加一个空格"),
    (re.compile(r"^\s*[－—–]\s*\S"), "开头的横线不是半角的 -，这一行没有收进去"),
    (re.compile(r"^\s*-(?![-\s])[^\s:：]*[\u4e00-\u9fff]"), "开头的 - 后面少一个空格，这一行没有收进去"),
    (re.compile(r"^\s*(?:- )?\w+:(?=[^\s/])(?![\d/])[\u4e00-\u9fff“\"']"), "冒号后面少一个空格"),
)


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
