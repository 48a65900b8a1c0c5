"""The numbers of a list's lines, which are no part of what stands on the line: 1.3301091674 2、3301820301 ③浙AN4077."""

import re

_SIGN = re.compile(r"[\u2460-\u2473\u2474-\u2487\u2488-\u249b\u2776-\u277f]")
"""①, ⑴, ⒈, ❶ and those after them, as typed: some fold to a digit, which would become the first of the number."""
_TYPED = re.compile(
    r"(?<![\d.])(?:\d{1,2}[.、)）:：]|[(（]\d{1,2}[)）])(?= ?(?:\d{6}|[\u4e00-\u9fa5][a-z][ ·]?[0-9a-z]{4}))"
)
_LEAST = 2


def without_numbering(text: str, normal: str) -> str:
    """Put blanks in the place of a list's numbers, where there is a list; the length stays.

    Args:
        text: the message as typed.
        normal: the same in normal form.
    """
    signs = list(_SIGN.finditer(text))
    if len(signs) >= _LEAST:
        normal = "".join(" " if _SIGN.match(char) else plain for char, plain in zip(text, normal, strict=True))
    if len(_TYPED.findall(normal)) >= _LEAST:
        normal = _TYPED.sub(lambda match: " " * len(match.group()), normal)
    return normal
