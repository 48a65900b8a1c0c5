"""The tables of what has to be read out of sentences: how much is right at the least, and what is never made up."""

from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.readers.entities import EntityFinder
from bot.nlu.readers.found import Found
from tests.understanding.readings import (
    INVENTED,
    RIGHT,
    TABLES,
    UNREAD,
    WRONG,
    Row,
    finder,
    heard,
    judge,
    read_table,
)

LEAST_RIGHT = 0.97
MOST_WRONG_OR_INVENTED = 0.01


@pytest.fixture(scope="module")
def finds() -> EntityFinder:
    return finder()


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.stem)
def test_sentences_are_read_right(finds: EntityFinder, path: Path) -> None:
    rows = read_table(path)
    read = [(row, finds.find(row.text, row.today)) for row in rows]
    judged = Counter(judge(row, found) for row, found in read)
    told = "\n".join(f"{row.text}: {row.reads} {heard(found)}" for row, found in read if judge(row, found) != RIGHT)
    assert judged[RIGHT] >= LEAST_RIGHT * len(rows), told
    assert judged[WRONG] + judged[INVENTED] <= MOST_WRONG_OR_INVENTED * len(rows), told


@pytest.mark.parametrize(
    ("reads", "found", "how"),
    [
        ({"date": "2026-12-05"}, [("date", "2026-12-05", ())], RIGHT),
        ({"date": "2026-12-05"}, [("date", "2026-12-06", ())], WRONG),
        ({"date": "2026-12-05"}, [("date", "2026-12-05", ("2026-12-05", "2026-12-06"))], WRONG),
        ({"date": ["2026-12-05", "2026-12-06"]}, [("date", "2026-12-05", ("2026-12-05", "2026-12-06"))], RIGHT),
        ({"date": ["2026-12-05", "2026-12-06"]}, [("date", "2026-12-05", ())], UNREAD),
        ({"asked": "2026-12-05"}, [("date", "2026-12-05", ())], WRONG),
        ({"asked": "2026-12-05"}, [("date", "2026-12-05", ("2026-12-05", "2026-12-06"))], RIGHT),
        ({"asked": "2026-12-05"}, [], UNREAD),
        ({}, [("amount", "3.00", ())], INVENTED),
        ({"amount": "3.00"}, [], UNREAD),
        ({}, [], RIGHT),
    ],
)
def test_how_a_reading_is_judged(
    reads: dict[str, object], found: list[tuple[str, str, tuple[str, ...]]], how: str
) -> None:
    row = Row("dates", "", read_table(TABLES[0])[0].today, reads)
    assert judge(row, [Found(0, 1, entity, value, "", candidates) for entity, value, candidates in found]) == how
