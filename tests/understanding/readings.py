"""Scores what is read out of sentences against a table: right, a wrong value, something invented, something unread.

    python -m tests.understanding.readings [table.yml …]

prints the rows that are not right, and the sums of each table.
"""

import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.lexicon import kept_lexicon
from bot.nlu.readers.asides import WHEN
from bot.nlu.readers.city_roles import PASSING
from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.found import Found

FOLDER = Path(__file__).parent
TABLES = tuple(FOLDER / f"reading_{name}.yml" for name in ("first", "second", "third", "fourth", "fifth"))
RIGHT, WRONG, INVENTED, UNREAD = "right", "wrong value", "invented", "unread"
NOT_COUNTED = {"department", "case_kind", "ordinal"}
ASKED = "asked"
"""In a table: a day that something in the sentence contradicts, so that it must be heard with another beside."""


@dataclass(frozen=True)
class Row:
    """One sentence of a table.

    Args:
        table: of the file, dates, sums or numbers.
        text: as a resident types it.
        today: the day it is typed.
        reads: entity → the value, or the values that may all be meant.
    """

    table: str
    text: str
    today: date
    reads: dict[str, Any]


def read_table(path: Path) -> list[Row]:
    """Read a table from its file."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    today = content.pop("today")
    return [Row(table, text, today, reads) for table, rows in content.items() for text, reads in rows]


def heard(found: Iterable[Found]) -> dict[str, set[str]]:
    """Give what was found: entity → its values, with every candidate. A day said in passing is not the one that is meant."""
    values: dict[str, set[str]] = {}
    for one in found:
        if one.entity not in NOT_COUNTED and not (one.entity in WHEN and one.role == PASSING):
            values.setdefault(one.entity, set()).update({one.value, *one.candidates})
    return values


def judge(row: Row, found: Iterable[Found]) -> str:
    """Tell how a sentence was read; of several faults the worst counts: a wrong value, an invented one, an unread one."""
    got = heard(found)
    wanted = {entity: set(value if isinstance(value, list) else [value]) for entity, value in row.reads.items()}
    asked = wanted.pop(ASKED, None)
    if asked:
        days = got.pop("date", set())
        if not asked <= days or len(days) < 2:
            return WRONG if days else UNREAD
    if any(got[entity] - wanted[entity] for entity in wanted if entity in got):
        return WRONG
    if set(got) - set(wanted):
        return INVENTED
    return RIGHT if got == wanted else UNREAD


def finder() -> EntityFinder:
    """Give the finder over the project's own data."""
    gazetteers = read_gazetteers()
    return EntityFinder(gazetteers, kept_lexicon(gazetteers))


def main(paths: list[Path]) -> None:
    """Print what is not right, and the sums."""
    finds = finder()
    for path in paths:
        judged: dict[str, Counter[str]] = {}
        for row in read_table(path):
            found = finds.find(row.text, row.today)
            how = judge(row, found)
            judged.setdefault(row.table, Counter())[how] += 1
            if how != RIGHT:
                print(f"{row.table}: {row.text}: {how}: wanted {row.reads}, got {heard(found)}")
        for table, counts in [*judged.items(), ("all", sum(judged.values(), Counter()))]:
            print(path.stem, table, sum(counts.values()), dict(counts))


if __name__ == "__main__":
    main([Path(given) for given in sys.argv[1:]] or list(TABLES))
