"""What must be true of the ledger, the provider and the city together: after every step, and once everything is at rest."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from sqlalchemy import select

from actions.ledger import Ledger, Order, OrderState, Statements, WorkList
from actions.ledger.refund_numbers import is_of
from actions.ledger.states import GOES_BACK, TRANSITIONS, UNFINISHED
from city_api.base import CHINA
from tests.actions.payments.interleaving.others import AtProvider, City, Provider

ENDS = (OrderState.SETTLED, OrderState.REFUNDED)


class Books:
    """The three parties' books, compared.

    Args:
        ledger, provider, city: whose.
    """

    def __init__(self, ledger: Ledger, provider: Provider, city: City) -> None:
        self.ledger = ledger
        self.provider = provider
        self.city = city
        self.handed_out: dict[str, Decimal] = {}
        """What a person has given back by another way than the provider, by trade."""

    def orders(self) -> list[Order]:
        """Every order, the oldest first."""
        table = self.ledger.tables.payment_orders
        return self.ledger.select_orders(select(table).order_by(table.c.id))

    def check(self) -> None:
        """What must be true at every moment."""
        orders = self.orders()
        live = Counter(order.bill_reference for order in orders if order.is_live)
        assert not live or max(live.values()) == 1, "a bill has two live orders"
        settled = Counter(order.bill_reference for order in orders if order.state is OrderState.SETTLED)
        assert not settled or max(settled.values()) == 1, "a bill was settled twice"
        for order in orders:
            self._check_moves(order)
            self._check_end(order)
            assert order.check_code != "mistake_of_ours", f"a step raised for {order}"
        payments = _by_payment(orders)
        for together in payments.values():
            self._check_together(together)
        for trade in self.provider.trades.values():
            kept = self._unaccounted(trade, payments[trade.number])
            for order in payments[trade.number]:
                self._check_closed(trade, order)
            assert kept >= 0, f"{trade} was given away twice: {payments[trade.number]}"
            if kept:
                assert self._is_looked_after(trade, payments[trade.number]), f"nobody looks after {trade}"

    def check_at_rest(self) -> None:
        """What must be true when no fault is left and nothing changes any more."""
        self.check()
        listed = {stuck.trade_number for stuck in WorkList(self.ledger).orders()}
        for order in self.orders():
            is_over = order.state in ENDS or (order.state is OrderState.CLOSED and order.watched_until is None)
            assert is_over or order.trade_number in listed, f"stuck, and not on the work list: {order}"
        for number, together in _by_payment(self.orders()).items():
            trade = self.provider.trades.get(number)
            with_people = sum((one.refund_amount for one in together if one.trade_number in listed), Decimal(0))
            if trade is not None:
                assert self._unaccounted(trade, together) == with_people, (
                    f"without receipt or refund: {trade}, {together}"
                )
        not_done = {
            order.trade_number
            for order in self.orders()
            if order.state in GOES_BACK and self._refund_ended(order) in ("failed", "abnormal")
        }
        assert listed == not_done, "the work list has what needs nobody"
        strange = {line.trade_number for line in self.provider.strangers}
        assert {one.trade_number for one in Statements(self.ledger).open()} == strange, "the statements' differences"

    def _refund_ended(self, order: Order) -> str:
        refund = self.provider.refunds.get(order.refund_number or "")
        return refund.state if refund else ""

    def _unaccounted(self, trade: AtProvider, together: list[Order]) -> Decimal:
        """What the provider has taken for a trade and nobody has got yet: not the city, not the resident."""
        left = trade.amount if trade.is_paid else Decimal(0)
        for order in together:
            left -= order.amount * len(self.city.settled_by(order.trade_number))
            left -= self.handed_out.get(order.trade_number, Decimal(0))
        return left - self.provider.given_back(trade.number, "processing", "done")

    def _is_looked_after(self, trade: AtProvider, together: list[Order]) -> bool:
        """Whether what is left to be done will be: by reconciliation, by the statement, or by a person."""
        if any(order.state in UNFINISHED or order.watched_until is not None for order in together):
            return True
        assert trade.paid_at is not None
        day = trade.paid_at.astimezone(CHINA).date()
        return day not in Statements(self.ledger).compared(day)

    def _check_closed(self, trade: AtProvider, order: Order) -> None:
        """What counts as closed here and is not watched cannot be paid: unknown is not closed."""
        if order.state is OrderState.CLOSED and order.cashier_url and order.watched_until is None and not trade.is_paid:
            assert trade.is_closed or trade.expires_at <= self.provider.now(), f"closed, and can be paid: {order}"

    def _check_together(self, together: list[Order]) -> None:
        """Until the money is there, the orders of a payment stand at one place; a sum that is not the total is the first's."""
        first = together[0]
        alone = {order.state for order in together} & {OrderState.CREATED, OrderState.AWAITING_PAYMENT}
        assert not alone or len({order.state for order in together}) == 1, f"a part has moved alone: {together}"
        assert all(order.paid_amount is None for order in together[1:]), f"a part of another sum: {together}"
        closed = [order for order in together if order.state is OrderState.CLOSED]
        assert len(closed) in (0, len(together)) or (closed == together[1:] and first.paid_amount is not None), (
            f"a part was closed alone: {together}"
        )

    def _check_moves(self, order: Order) -> None:
        moves = self.ledger.transitions(order.trade_number)
        assert (moves[0].source, moves[0].target) == (None, OrderState.CREATED)
        for before, move in zip(moves, moves[1:], strict=False):
            assert move.source is before.target, f"a move from elsewhere: {moves}"
            is_refunds = move.source is move.target and move.source in GOES_BACK
            assert is_refunds or (move.source, move.target) in TRANSITIONS, f"an illegal move: {moves}"
        assert moves[-1].target is order.state

    def _check_end(self, order: Order) -> None:
        if order.state is OrderState.SETTLED:
            by, receipt = self.city.receipts[order.bill_reference]
            assert (by, receipt.receipt_number) == (order.trade_number, order.receipt_number), "not its receipt"
        if order.state is OrderState.REFUNDED:
            mine = [refund for refund in self.provider.refunds.values() if is_of(refund.number, order.trade_number)]
            back = sum((refund.amount for refund in mine if refund.state == "done"), Decimal(0))
            otherwise = self.handed_out.get(order.trade_number, Decimal(0))
            assert back + otherwise == order.refund_amount, "refunded, and not back"
            assert not self.city.settled_by(order.trade_number), "refunded, and settled too"


def _by_payment(orders: list[Order]) -> dict[str, list[Order]]:
    """The orders of each payment, as they were opened."""
    found: dict[str, list[Order]] = {}
    for order in orders:
        found.setdefault(order.payment_number, []).append(order)
    return found
