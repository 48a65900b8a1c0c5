"""What can go wrong with another party, each with a name that a handler can turn into a sentence.

No error carries what was asked for: an account number in a message would end in a log.
"""

from __future__ import annotations

from datetime import datetime


class CityError(Exception):
    """The city, or the payment provider, did not do what was asked.

    Attributes:
        code: the other party's own code ("account_not_found"), or ours for what never reached it ("timeout").
    """

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotFound(CityError):
    """There is no such account, vehicle, decision, slot, appointment, record or trade (404)."""


class NotConnected(CityError):
    """The city is not served, or this service is not connected there (404 service_not_connected)."""

    def __init__(self, code: str = "service_not_connected") -> None:
        super().__init__(code)


class InMaintenance(CityError):
    """The service says that it is being maintained (503 maintenance).

    Attributes:
        until: when it expects to be back, with offset; None when it did not say.
    """

    def __init__(self, until: datetime | None = None) -> None:
        super().__init__("maintenance")
        self.until = until


class Conflict(CityError):
    """What was asked no longer fits the state of things: slot taken, bill paid, deadline passed (409).

    Attributes:
        trade_number: the payment that settled what was asked, where the other party names it.
        receipt_number, paid_at: the receipt it was given for it.
    """

    def __init__(
        self,
        code: str,
        *,
        trade_number: str | None = None,
        receipt_number: str | None = None,
        paid_at: datetime | None = None,
    ) -> None:
        super().__init__(code)
        self.trade_number = trade_number
        self.receipt_number = receipt_number
        self.paid_at = paid_at


class Invalid(CityError):
    """The other party does not accept the form of what was sent: check digit, plate, missing field (400, 422)."""


class Refused(CityError):
    """The other party understood, and will not do it for this person (403 with a code): no licence, somebody else's car.

    It is no fault that passes: asking again gets the same answer.
    """


class TooManyTries(CityError):
    """The other party looks at no more tries for a while, a right one neither (429 with a code of its own).

    Attributes:
        retry_after: seconds until it does again; None when it did not say.
    """

    def __init__(self, code: str, retry_after: float | None = None) -> None:
        super().__init__(code)
        self.retry_after = retry_after


class IdentityMismatch(CityError):
    """Name and ID number do not belong together (422 identity_mismatch)."""

    def __init__(self, code: str = "identity_mismatch") -> None:
        super().__init__(code)


class TooOften(CityError):
    """It was asked too often, so the city was not asked (actions/city/often.py).

    Attributes:
        seconds: until it may be asked again.
        what: what too many of were looked up, as residents call it; empty where names and ID numbers did not fit.
    """

    def __init__(self, seconds: int, what: str = "") -> None:
        super().__init__("too_often")
        self.seconds = seconds
        self.what = what


class Unavailable(CityError):
    """No usable answer in time: timeout, connection, 5xx, broken JSON, open circuit, our credentials refused.

    Attributes:
        retry_after: seconds the other party asked us to wait; None when it did not say.
        repeatable: whether asking again now could help.
        counts: whether it speaks against the health of the other party (and so moves the circuit breaker).
    """

    def __init__(
        self,
        code: str = "unavailable",
        *,
        retry_after: float | None = None,
        repeatable: bool = True,
        counts: bool = True,
    ) -> None:
        super().__init__(code)
        self.retry_after = retry_after
        self.repeatable = repeatable
        self.counts = counts
