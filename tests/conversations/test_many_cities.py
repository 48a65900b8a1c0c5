"""Conversations all over the country while some cities' systems are broken: the others feel nothing.

Short here; `make test-long` has 1,000 conversations over all cities with ten of them broken.
"""

import os
import time
from concurrent.futures import ThreadPoolExecutor
from statistics import median

import pytest

from manifests import places
from tests.conversations.talk import Talk

LONG = bool(os.environ.get("BIANMIN_LONG"))
CITIES, BROKEN, CONVERSATIONS = (352, 10, 1000) if LONG else (8, 2, 24)
RESIDENTS_AT_ONCE = 4


@pytest.fixture
def cities(house):
    """Cities from over the country: name → an account with one unpaid water bill; every one of them grown."""
    house.reset_city()
    served = [code for code in places().served() if "water" in places().city(code).says.services]
    found = {}
    for code in served[:: max(1, len(served) // CITIES)][:CITIES]:
        samples = house.sandbox.get("/admin/samples", params={"city": code}, timeout=60).json()
        found[places().city(code).name] = (code, samples["accounts"]["water"]["one_unpaid"])
    yield found
    house.clear_faults()


@pytest.mark.long
def test_a_citys_trouble_is_its_own(house, cities):
    broken = list(cities)[:: len(cities) // BROKEN][:BROKEN]
    for number, name in enumerate(broken):
        kind = {"kind": "slow", "seconds": 5} if number % 2 else {"kind": "error_500"}
        house.fault(**kind, path_prefix=f"/cities/{cities[name][0]}/utilities")

    def look_up(number):
        """One resident's conversation; the city, the answer, and the seconds it took."""
        name = list(cities)[number % len(cities)]
        talk = Talk(house)
        talk.say(f"换到{name}")
        started = time.monotonic()
        return name, talk.say(f"查水费，户号{cities[name][1]}"), time.monotonic() - started

    with ThreadPoolExecutor(RESIDENTS_AT_ONCE) as residents:
        answers = list(residents.map(look_up, range(CONVERSATIONS)))
    well = [(name, said, seconds) for name, said, seconds in answers if name not in broken]
    ill = [(name, said) for name, said, _ in answers if name in broken]
    assert [(name, said) for name, said, _ in well if "未缴" not in said] == []
    assert all("没有回应" in said for _, said in ill)
    assert len(ill) >= BROKEN
    print(f"{len(well)} well, p50 {median(seconds for *_, seconds in well) * 1000:.0f} ms; {len(ill)} in broken cities")
