"""What the other side does wrong, switched on in the running sandbox or written into its database."""

from __future__ import annotations

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, update

from actions.ledger import Order
from sandbox.database import Database
from sandbox.tables import IdempotentAnswer, Trade

WRONG_SUM = Decimal("1.00")


class Mischief:
    """Faults of the city and of the provider, each for one order, others may feel it; of several in a payment for the last.

    Args:
        town: the running house.
    """

    KINDS = (
        "nothing",
        "receipt_lost",
        "unknown_trade",
        "paid_at_the_counter",
        "wrong_sum",
        "notice_never",
        "refund_failed",
        "city_down",
        "notice_twice",
        "provider_down",
        "refund_abnormal",
        "receipt_lost",
    )

    def __init__(self, town: Any) -> None:
        self._town = town
        self._database = Database(town.sandbox_url)
        self._forgetful: set[str] = set()
        self._lock = threading.Lock()

    def before_paying(self, kind: str, order: Order, office: str) -> None:
        """Let this kind happen to an order whose link is out.

        Args:
            kind: one of KINDS.
            order: which.
            office: where in the city it is settled.
        """
        path = f"/cities/{order.city_code}/{office}/{order.bill_reference}/payments"
        if kind == "receipt_lost" and office:
            # The city takes the money, every answer is lost, and then it has forgotten the key.
            self._town.fault(kind="broken_json", path_prefix=path, times=4)
            self._forgetful.add(order.trade_number)
        elif kind in ("paid_at_the_counter", "refund_failed", "refund_abnormal") and office:
            if kind != "paid_at_the_counter":
                self._town.fault(kind=kind, times=1)
            self._pay_at_counter(order, path)
        elif kind == "wrong_sum":
            self._change(order.payment_number, amount=WRONG_SUM)
        elif kind in ("notice_never", "notice_twice"):
            self._town.fault(kind=kind, times=1)
        elif kind == "provider_down":
            self._town.fault(kind="unavailable", path_prefix="/payments/trades", times=6)
        elif kind == "city_down":
            self._town.fault(kind="error_500", path_prefix=f"/cities/{order.city_code}", times=8)

    @contextmanager
    def unknown(self, order: Order) -> Iterator[None]:
        """For a block, the provider does not know a trade that nobody has paid yet."""
        elsewhere = "X" + order.payment_number[1:]
        self._change(order.payment_number, trade_number=elsewhere)
        try:
            yield
        finally:
            self._change(elsewhere, trade_number=order.payment_number)

    def open_again(self, order: Order) -> None:
        """A payment that was under way when its trade was closed may end all the same."""
        self._change(order.payment_number, closed_at=None)

    def forget_keys(self) -> None:
        """Forget the keys of the payments whose receipts were lost."""
        with self._lock, self._database.write() as session:
            session.execute(delete(IdempotentAnswer).where(IdempotentAnswer.key.in_(self._forgetful)))

    def close(self) -> None:
        """Close the connections."""
        self._database.dispose()

    def _pay_at_counter(self, order: Order, path: str) -> None:
        number = uuid.uuid4().hex
        body = {"trade_number": f"COUNTER{number}", "amount": f"{order.amount:.2f}"}
        self._town.call("POST", path, json=body, headers={"Idempotency-Key": number})

    def _change(self, trade_number: str, /, **values: Any) -> None:
        with self._lock, self._database.write() as session:
            session.execute(update(Trade).where(Trade.trade_number == trade_number).values(**values))
