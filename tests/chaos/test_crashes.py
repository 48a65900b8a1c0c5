"""The action server is killed again and again while residents pay and the other side fails; afterwards every yuan is found.

Short here. `BIANMIN_LONG=1 pytest -m long -s tests/chaos` has 100 flows (`BIANMIN_CHAOS_FLOWS`), on SQLite and PostgreSQL, and prints
what became of them; `BIANMIN_CHAOS_SEED` repeats the choices of a run, though not its moments.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.actions.ledger.databases import database_url
from tests.chaos.audit import STRANGER, Audit
from tests.chaos.flows import Flow, make_flows
from tests.chaos.mischief import Mischief
from tests.conversations.town import Town
from tests.house import start_house, stop_house

LONG = bool(os.environ.get("BIANMIN_LONG"))
FLOWS = int(os.environ.get("BIANMIN_CHAOS_FLOWS") or (100 if LONG else 8))
# In CI the same choices each time, so that a run says something of the change.
SEED = int(os.environ.get("BIANMIN_CHAOS_SEED") or (1 if os.environ.get("CI") else random.randrange(10**6)))
RESIDENTS_AT_ONCE = 3
REST_SECONDS = 90.0


def kill_until(over: Callable[[], bool], town: Any, chance: random.Random) -> int:
    """Kill the action server at random moments and start it again, until it is over; how often.

    Not in a thread of its own: a child that is tied to its parent ends with the thread that has started it.
    """
    kills = 0
    while not over():
        time.sleep(chance.uniform(0.2, 5.0))
        town.kill_actions()
        kills += 1
        time.sleep(chance.uniform(0.0, 0.5))
        town.restart_actions()
    return kills


@pytest.mark.long
@pytest.mark.parametrize("database", ["sqlite", "postgresql"] if LONG else ["sqlite"])
def test_whatever_dies_every_yuan_is_found(database: str, trained_model: Path, tmp_path: Path) -> None:
    with database_url(database, tmp_path) as url:
        house = start_house(tmp_path, trained_model, DATABASE_URL=url)
        try:
            weather(Town(house), database)
        finally:
            stop_house(house)


def weather(town: Town, database: str) -> None:
    """Let the storm pass over the house, and look at what is left."""
    mischief, audit = Mischief(town), Audit(town)
    flows = make_flows(FLOWS, SEED)
    with ThreadPoolExecutor(RESIDENTS_AT_ONCE) as residents:
        talks = [residents.submit(flow.run, town, mischief) for flow in flows]
        kills = kill_until(lambda: all(talk.done() for talk in talks), town, random.Random(SEED))
    for talk in talks:
        talk.result()
    town.clear_faults()
    mischief.forget_keys()
    town.wait_for(audit.is_at_rest, REST_SECONDS)
    came_to, wrong = audit.findings()
    day = audit.let_days_pass()
    town.kill_actions()
    town.restart_actions()
    town.wait_for(lambda: audit.is_compared(day), REST_SECONDS)
    differences = audit.differences()
    report(database, flows, kills, came_to)
    mischief.close()
    audit.close()
    town.ledger.close()
    assert wrong == []
    assert differences == {STRANGER}
    assert [flow.trouble for flow in flows if flow.trouble] == []
    assert kills > 0
    if LONG:  # of so few flows chance may let hardly one through
        assert sum(flow.came_to == "paid" for flow in flows) >= FLOWS / 3, (
            "hardly anybody could pay: this run says little"
        )


def report(database: str, flows: list[Flow], kills: int, came_to: Counter[str]) -> None:
    """Print what happened."""
    print(f"\n{database}: seed {SEED}, {len(flows)} flows, {kills} kills; trades: {dict(came_to)}")
    for (meets, deed, end), count in sorted(Counter((flow.meets, flow.deed, flow.came_to) for flow in flows).items()):
        print(f"  {count:3} met {meets:20} {deed:24} {end}")
