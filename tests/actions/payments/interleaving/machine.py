"""Every interleaving of what residents, the provider, the city, our processes and the staff may do, as hypothesis finds it."""

from __future__ import annotations

import atexit
import datetime as dt
import shutil
import tempfile
import time
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, cast
from unittest import mock

from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import event

from actions.city import Cities, CityError
from actions.ledger import Ledger, NewOrder, NewPayment, Order, RefundState, Statements
from actions.ledger.refund_numbers import following
from actions.payments import NoticeRefused, PaymentService, Settlers, Taken
from actions.services import load_handlers
from actions.settings import Settings
from city_api.base import CHINA
from city_api.payments import StatementLine
from tests.actions.ledger.databases import KEY
from tests.actions.payments.conftest import BILL
from tests.actions.payments.fakes import signed
from tests.actions.payments.interleaving.books import Books
from tests.actions.payments.interleaving.others import City, GoingBack, Provider
from tests.actions.payments.interleaving.steps import Steps

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=CHINA)
BILLS = ("B1", "B2", "B3")
TOGETHER = (("B1", "B2"), ("B2", "B3"), BILLS)
SUMS = (Decimal("45.60"), Decimal("48.00"))
RESIDENTS = ("conversation-a", "conversation-b")
FAULTS = {
    "open_trade": ("down", "lost"),
    "trade": ("down", "unknown"),
    "close_trade": ("down", "lost", "unknown"),
    "refund": ("down", "lost", "refused"),
    "refund_state": ("down", "unknown"),
    "settle": ("down", "lost", "forgotten", "forgotten", "refused"),
    "statement": ("down",),
}
ELSEWHERE = ("bill_paid_at_the_counter", "bill_changed", "keys_forgotten", "refunds_done_at_once", "somebody_else_paid")
MOST_PASSES = 40
any_of = st.integers(min_value=0, max_value=11)
failures = st.lists(
    st.sampled_from([(name, kind) for name, kinds in FAULTS.items() for kind in kinds]), max_size=4
).map(dict)
forgeries = st.sampled_from((None, None, None, "amount", "merchant_id", "trade_number"))
processes = st.sampled_from(("a", "b"))


@lru_cache
def provider_key() -> rsa.RSAPrivateKey:
    """One key for all examples."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@lru_cache
def empty_ledger() -> Path:
    """A ledger that has compared every statement up to the day before, to begin each example from."""
    folder = Path(tempfile.mkdtemp())
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    ledger = Ledger(f"sqlite:///{folder / 'ledger.db'}", KEY, lambda: NOON)
    ledger.upgrade()
    for back in range(1, 9):
        Statements(ledger).note_compared(NOON.date() - dt.timedelta(days=back), 0)
    ledger.close()
    return folder / "ledger.db"


class EveryInterleaving(RuleBasedStateMachine):
    """Two processes over one ledger, a provider, a city, two residents who share three bills, and the staff."""

    def __init__(self) -> None:
        super().__init__()
        load_handlers()
        self.true_time, self.clock_error = NOON, dt.timedelta(0)
        self.steps = Steps(accepted=(CityError, NoticeRefused, Taken))
        self.patch = mock.patch("asyncio.to_thread", self.steps.in_thread)
        self.patch.start()
        self.provider = Provider(self.steps.arrive, lambda: self.true_time, provider_key())
        self.city = City(self.steps.arrive, lambda: self.true_time)
        self.city.owed = dict.fromkeys(BILLS, SUMS[0])
        self.folder = tempfile.TemporaryDirectory()
        self.database = shutil.copy(empty_ledger(), self.folder.name)
        self.settings = Settings(database_url="", ledger_key=KEY, reconcile_seconds=30)
        self.ledgers: list[Ledger] = []
        self.books = Books(self._open_ledger(), self.provider, self.city)
        self.lives = {"a": 0, "b": 0}
        self.payments = {name: self._service() for name in self.lives}

    def _open_ledger(self) -> Ledger:
        ledger = Ledger(f"sqlite:///{self.database}", KEY, lambda: self.true_time + self.clock_error)

        @event.listens_for(ledger.engine, "connect")
        def on_connect(connection: Any, _record: Any) -> None:
            # Nothing here cuts the power.
            for pragma in ("synchronous=OFF", "journal_mode=MEMORY"):
                connection.execute(f"PRAGMA {pragma}").close()

        self.ledgers.append(ledger)
        return ledger

    def _service(self) -> PaymentService:
        settlers = Settlers(cast(Cities, self.city))
        return PaymentService(self._open_ledger(), settlers, self.provider, self.settings)

    def _life(self, process: str) -> str:
        return f"{process}{self.lives[process]}"

    def _begin(self, process: str, work: Any, at_once: bool = False) -> None:
        self.steps.begin(self._life(process), work)
        if at_once:
            self.steps.run_out()

    def _order(self, which: int) -> Order:
        orders = self.books.orders()
        return orders[which % len(orders)]

    def teardown(self) -> None:
        """Clear every fault, let everything come to rest, and compare the books a last time."""
        try:
            self._come_to_rest()
            self.books.check_at_rest()
            assert self.steps.mistakes == []
        finally:
            self.steps.end()
            self.patch.stop()
            for ledger in self.ledgers:
                ledger.close()
            self.folder.cleanup()

    def _come_to_rest(self) -> None:
        self.fail({})
        self.clock_error = dt.timedelta(0)
        self.steps.run_out()
        for refund in self.provider.refunds.values():
            if refund.state == "processing":
                self.provider.end_refund(refund, "done")
        self.provider.refunds_begin = "done"
        waits = (dt.timedelta(minutes=20), dt.timedelta(minutes=20), dt.timedelta(days=3))
        for wait in waits:
            self.true_time += wait
            before: list[Order] | None = None
            for _ in range(MOST_PASSES):
                self.true_time += dt.timedelta(minutes=1)
                self._begin("a", self.payments["a"].reconcile())
                self.steps.run_out()
                after = [_without_looks(order) for order in self.books.orders()]
                if after == before:
                    break
                before = after
            else:
                raise AssertionError(f"reconciliation comes to no end: {before}")

    # ---- residents

    @initialize(together=st.sampled_from((None, *TOGETHER)))
    def link_is_out(self, together: tuple[str, ...] | None) -> None:
        if together:
            self.order_together("a", together, RESIDENTS[0], at_once=True)
        else:
            self.order("a", BILLS[0], RESIDENTS[0], at_once=True)

    @rule(process=processes, bill=st.sampled_from(BILLS), who=st.sampled_from(RESIDENTS), at_once=st.booleans())
    def order(self, process: str, bill: str, who: str, at_once: bool) -> None:
        values = {**BILL, "bill_reference": bill, "conversation_id": who, "amount": self.city.owed[bill]}
        self._begin(process, self.payments[process].open_order(**values), at_once)

    @rule(process=processes, bills=st.sampled_from(TOGETHER), who=st.sampled_from(RESIDENTS), at_once=st.booleans())
    def order_together(self, process: str, bills: tuple[str, ...], who: str, at_once: bool) -> None:
        common = {**BILL, "conversation_id": who}
        orders = [NewOrder(**{**common, "bill_reference": bill, "amount": self.city.owed[bill]}) for bill in bills]
        new = NewPayment(tuple(orders), "several", BILL["payee"], who)
        self._begin(process, self.payments[process].open_payment(new), at_once)

    def links(self) -> list[str]:
        """Trades whose link somebody has, and that can still be paid, in time or just after."""
        given_out = dict.fromkeys(order.payment_number for order in self.books.orders() if order.cashier_url)
        return [number for number in given_out if self.provider.can_be_paid(self.provider.trades[number])]

    @precondition(lambda self: self.links())
    @rule(which=any_of, amount=st.sampled_from((None, None, None, Decimal("1.00"), SUMS[0])))
    def pay(self, which: int, amount: Decimal | None) -> None:
        links = self.links()
        self.provider.pay(self.provider.trades[links[which % len(links)]], amount)

    @precondition(lambda self: self.books.orders())
    @rule(process=processes, which=any_of, at_once=st.booleans())
    def ask(self, process: str, which: int, at_once: bool) -> None:
        self._begin(process, self.payments[process].check(self._order(which).trade_number), at_once)

    @precondition(lambda self: self.books.orders())
    @rule(process=processes, which=any_of, who=st.sampled_from(RESIDENTS))
    def give_up(self, process: str, which: int, who: str) -> None:
        self._begin(process, self.payments[process].give_up(self._order(which).trade_number, who))

    # ---- the provider

    @precondition(lambda self: self.provider.trades)
    @rule(process=processes, which=any_of, number=st.integers(1, 2), forged=forgeries, at_once=st.booleans())
    def notice(self, process: str, which: int, number: int, forged: str | None, at_once: bool) -> None:
        """A notice, perhaps for the second time; that of a trade that is not paid is forged, too."""
        trades = list(self.provider.trades.values())
        trade = trades[which % len(trades)]
        content = {
            "merchant_id": self.settings.merchant_id,
            "app_id": self.settings.app_id,
            "notice_id": f"{trade.number}-{number}",
            "trade_number": trade.number,
            "provider_trade_number": f"42{trade.number}",
            "amount": f"{trade.amount:.2f}",
            "state": "paid",
            "paid_at": (trade.paid_at or self.true_time).isoformat(),
        }
        if forged:
            content[forged] = {"amount": "0.01"}.get(forged, "another")
        headers, body = signed(provider_key(), content, time.time())
        self._begin(process, self.payments[process].receive_notice(headers, body), at_once)

    def under_way(self) -> list[GoingBack]:
        """Refunds that have not come to their end."""
        return [refund for refund in self.provider.refunds.values() if refund.state == "processing"]

    @precondition(lambda self: self.under_way())
    @rule(which=any_of, state=st.sampled_from(("done", "done", "failed", "abnormal")))
    def refund_ends(self, which: int, state: str) -> None:
        refunds = self.under_way()
        self.provider.end_refund(refunds[which % len(refunds)], state)

    # ---- what happens elsewhere

    @rule(what=st.sampled_from(ELSEWHERE), bill=st.sampled_from(BILLS), amount=st.sampled_from(SUMS))
    def elsewhere(self, what: str, bill: str, amount: Decimal) -> None:
        if what == "bill_paid_at_the_counter":
            self.city.paid_elsewhere(bill)
        elif what == "bill_changed":
            self.city.owed[bill] = amount
        elif what == "keys_forgotten":
            self.city.forget_keys()
        elif what == "refunds_done_at_once":
            self.provider.refunds_begin = "done"
        elif not self.provider.strangers:
            values = {"kind": "payment", "trade_number": "STRANGER", "amount": amount, "at": self.true_time}
            self.provider.strangers.append(StatementLine(**values))

    # ---- faults

    @rule(faults=failures)
    def fail(self, faults: dict[str, str]) -> None:
        """From now on these fail, and nothing else does."""
        self.provider.faults, self.city.faults = faults, faults

    @rule(process=processes)
    def crash(self, process: str) -> None:
        self.steps.kill(self._life(process))
        self.lives[process] += 1
        self.payments[process] = self._service()

    @precondition(lambda self: self.steps.running)
    @rule(which=any_of)
    def caller_waits_no_longer(self, which: int) -> None:
        self.steps.cancel(which)

    # ---- time

    @rule(minutes=st.sampled_from((1, 1, 10, 20, 60)))
    def wait(self, minutes: int) -> None:
        self.true_time += dt.timedelta(minutes=minutes)

    @rule(minutes=st.sampled_from((-120, -5, 0)))
    def set_clock(self, minutes: int) -> None:
        self.clock_error = dt.timedelta(minutes=minutes)

    # ---- our processes

    @rule(process=processes, at_once=st.booleans())
    def reconcile(self, process: str, at_once: bool) -> None:
        self._begin(process, self.payments[process].reconcile(), at_once)

    @precondition(lambda self: self.steps.waiting)
    @rule(which=any_of, steps=st.integers(min_value=1, max_value=6))
    def go_on(self, which: int, steps: int) -> None:
        """The same task where it can: it comes to wait at the end of the queue."""
        self.steps.go_on(which)
        for _ in range(steps - 1):
            if self.steps.waiting:
                self.steps.go_on(-1)

    @rule()
    def go_on_to_the_end(self) -> None:
        self.steps.run_out()

    # ---- the staff

    def failed(self) -> list[Order]:
        """Orders whose refund a person has to see to."""
        return [one for one in self.books.orders() if one.refund_state in (RefundState.FAILED, RefundState.ABNORMAL)]

    @precondition(lambda self: self.failed())
    @rule(which=any_of, retry=st.booleans())
    def see_to_refund(self, which: int, retry: bool) -> None:
        """What `bot orders retry` and `bot orders refunded` do."""
        failed = self.failed()
        order = failed[which % len(failed)]
        if retry and order.refund_state is RefundState.FAILED:
            number = following(order.refund_number or "")
            self.books.ledger.move_refund(order, RefundState.REQUESTED, refund_number=number)
        elif not retry:
            self.books.handed_out[order.trade_number] = order.refund_amount
            self.books.ledger.move_refund(order, RefundState.DONE)

    @invariant()
    def books_agree(self) -> None:
        self.books.check()
        assert self.steps.mistakes == []


def _without_looks(order: Order) -> Order:
    return replace(order, checked_at=None)
