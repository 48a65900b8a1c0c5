"""Payments as residents of many cities make them: what each says, what it meets on the way, what it does with the link."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from manifests import places
from tests.chaos.mischief import Mischief
from tests.conversations.talk import Talk

TRIES = 14
"""How often a resident begins anew while the house is down again and again."""
PAUSE_SECONDS = 0.6


@dataclass(frozen=True)
class Kind:
    """One kind of payment.

    Attributes:
        service: that a city must have, by its code.
        sample: where in a city's samples what is paid stands.
        said: how it is asked for.
        office: the path of the city's office that takes the money, or none where nobody else could pay the same.
    """

    service: str
    sample: tuple[str, ...]
    said: str
    office: str = ""


KINDS = {
    "water": Kind("water", ("accounts", "water", "one_unpaid"), "交水费，户号{}", "utilities/bills"),
    "electricity": Kind("electricity", ("accounts", "electricity", "one_unpaid"), "交电费，户号{}", "utilities/bills"),
    "all_water": Kind("water", ("accounts", "water", "two_unpaid"), "把水费都交了，户号{}", "utilities/bills"),
    "all_power": Kind(
        "electricity", ("accounts", "electricity", "two_unpaid"), "电费全部交清，户号{}", "utilities/bills"
    ),
    "heating": Kind("heating", ("heating_accounts", "one"), "交取暖费，户号{}", "heating/bills"),
    "parking": Kind("parking", ("plates", "parking_one"), "交停车费，{}", "parking/stays"),
    "fine": Kind("traffic", ("decision_numbers", "unpaid"), "交罚款，决定书编号{}", "traffic/decisions"),
    "top_up": Kind("bus_card", ("bus_cards", "low"), "给公交卡{}充50元"),
}

DEEDS = ("pays", "pays", "pays", "pays", "presses_twice", "gives_up", "pays_what_was_given_up", "never_pays")


@dataclass
class Flow:
    """One resident, one payment.

    Attributes:
        number: of the flow.
        kind: one of KINDS.
        city: its code.
        meets: one of the mischiefs.
        deed: what is done with the link.
        came_to: how far it came: `no_link`, `not_paid`, `given_up`, `paid`.
    """

    number: int
    kind: str
    city: str
    meets: str
    deed: str
    came_to: str = "no_link"
    trouble: list[str] = field(default_factory=list)

    def run(self, town: Any, mischief: Mischief) -> None:
        """Have the conversation, whatever dies meanwhile."""
        kind, talk = KINDS[self.kind], Talk(town)
        value: Any = town.sandbox.get("/admin/samples", params={"city": self.city}, timeout=60).json()
        for name in kind.sample:
            value = value[name]
        said = kind.said.format(value)
        self._until(talk, lambda: places().city(self.city).name in talk.say(f"换到{places().city(self.city).name}"))
        if not self._until(talk, lambda: (self._hear(talk, said), self._hear(talk, "确认"), _link(talk))[-1]):
            return
        order = talk.orders()[-1]
        mischief.before_paying(self.meets, order, kind.office)
        if self.meets == "unknown_trade":
            with mischief.unknown(order):
                self._hear(talk, "我付好了")
        self.came_to = "not_paid"
        if self.deed in ("gives_up", "pays_what_was_given_up"):
            self._hear(talk, "取消付款")
            self.came_to = "given_up"
            if self.deed == "pays_what_was_given_up":
                mischief.open_again(order)
        if self.deed not in ("gives_up", "never_pays"):
            for _ in range(2 if self.deed == "presses_twice" else 1):
                page = httpx.post(f"{order.cashier_url}/confirmation", timeout=10, follow_redirects=True)
            self.came_to = "paid" if page.status_code == httpx.codes.OK else self.came_to
        for _ in range(3):
            self._hear(talk, "我付好了")
            time.sleep(PAUSE_SECONDS)

    def _hear(self, talk: Talk, said: str) -> None:
        """Say something; that no words come back is noted."""
        try:
            talk.say(said)
        except (AssertionError, httpx.HTTPError) as error:
            self.trouble.append(f"{said[:4]}: {error!r}"[:120])

    def _until(self, talk: Talk, done: Any) -> bool:
        for _ in range(TRIES):
            try:
                if done():
                    return True
            except (AssertionError, httpx.HTTPError) as error:
                self.trouble.append(repr(error)[:120])
            time.sleep(PAUSE_SECONDS)
        return False


def _link(talk: Talk) -> bool:
    """Whether the latest order has a link that can be paid."""
    orders = talk.orders()
    return bool(orders) and orders[-1].state == "awaiting_payment" and bool(orders[-1].cashier_url)


def make_flows(how_many: int, seed: int) -> list[Flow]:
    """Flows of all kinds in cities from over the country; now and then two of a kind are in one city, at the same bill."""
    chance = random.Random(seed)
    served = list(places().served())
    flows: list[Flow] = []
    for number in range(how_many):
        kind = list(KINDS)[number % len(KINDS)]
        cities = [code for code in served if KINDS[kind].service in places().city(code).says.services]
        mates = [flow.city for flow in flows if flow.kind == kind]
        city = chance.choice(mates) if mates and chance.random() < 0.2 else chance.choice(cities)
        meets = Mischief.KINDS[(number + seed) % len(Mischief.KINDS)]
        # What only happens to money needs money.
        deed = chance.choice(DEEDS) if meets in ("nothing", "unknown_trade") else "pays"
        flows.append(Flow(number, kind, city, meets, deed))
    return flows
