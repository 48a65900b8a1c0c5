"""Writes into a city's or province's file that a service is offered, without touching the rest of it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.scaffold.templates import ScaffoldError
from manifests.files import read


def today() -> dt.date:
    """The day in the cities."""
    return dt.datetime.now(ZoneInfo("Asia/Shanghai")).date()


def offer(path: Path, code: str, since: dt.date, biller: str | None) -> None:
    """Add a city service.

    Args:
        path: the file.
        code: the city service's.
        since: the day since when it is offered.
        biller: who is owed for it; None where nothing is paid.

    Raises:
        ScaffoldError: there is no such file.
        ManifestError: the file cannot be used.
    """
    if not path.is_file():
        raise ScaffoldError(f"{path.name}：没有这个城市的文件，先用 bot new city {path.stem}")
    said, text = read(path), path.read_text(encoding="utf-8")
    if code not in (said.get("services") or {}):
        text = with_entry(text, "services", f"{code}: {since.isoformat()}")
    if biller is not None and code not in (said.get("billers") or {}):
        text = with_entry(text, "billers", f'{code}: "{biller}"')
    path.write_text(text, encoding="utf-8")


def with_entry(text: str, item: str, entry: str) -> str:
    """A YAML text with one more entry in a mapping at its top, in the way the mapping is written.

    Args:
        text: the file's.
        item: the mapping's name.
        entry: `name: value`.
    """
    flow = re.search(rf"^{item}: *\{{", text, re.MULTILINE)
    if flow is not None:
        rest = text[flow.end() :]
        comma = "" if rest.lstrip().startswith("}") else ", "
        return f"{text[: flow.end()]}{entry}{comma}{rest}"
    block = re.search(rf"^{item}:[ ]*(?:#.*)?\n", text, re.MULTILINE)
    if block is not None:
        return f"{text[: block.end()]}  {entry}\n{text[block.end() :]}"
    return f"{text.rstrip(chr(10))}\n{item}:\n  {entry}\n"
