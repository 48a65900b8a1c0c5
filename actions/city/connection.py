"""One service of one city over HTTP: what a handler asks it, in the three ways there are to ask."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import quote

from pydantic import BaseModel

from actions.city.errors import IdentityMismatch, Invalid
from actions.city.often import HowOften
from actions.city.party import Party, Request
from city_api.directory import IdentityVerification

T = TypeVar("T", bound=BaseModel)


class CityConnection:
    """A service of a city: its own connections, token and circuit, so that its troubles are nobody else's.

    Every method raises the errors of `actions.city.errors` and nothing else, before the turn's deadline. The parts of a
    path follow /cities/<code>; each is quoted, and what would point elsewhere is refused as `Invalid`.

    Args:
        party: who is asked.
        city: GB/T 2260 code.
        how_often: counts who asks after whom; None counts nothing.
    """

    def __init__(self, party: Party, city: str, how_often: HowOften | None = None) -> None:
        self.party = party
        self.city = city
        self._how_often = how_often
        self._kept: dict[tuple[Any, ...], tuple[float, Any]] = {}

    async def get(
        self, operation: str, *parts: str, answer: type[T], keep_seconds: float = 0.0, **params: str | None
    ) -> T:
        """Read something.

        Args:
            operation: its name in log lines, where the path may not stand: paths hold account numbers.
            parts: of the path.
            answer: the model of what is expected.
            keep_seconds: how long the answer may be given again without asking: for lists that hardly change.
            params: of the query; None is left out.
        """
        asked = {name: value for name, value in params.items() if value is not None}
        key = (parts, *sorted(asked.items()))
        if keep_seconds and key in self._kept and self._kept[key][0] > self.party.clock():
            kept: T = self._kept[key][1]
            return kept
        said = await self.party.call(Request(operation, "GET", self._path(parts), params=asked), answer)
        if keep_seconds:
            self._kept[key] = (self.party.clock() + keep_seconds, said)
        return said

    async def search(self, operation: str, *parts: str, answer: type[T], **body: Any) -> T:
        """Read something by what may stand in no URL, a name and an ID number; a read, though it is a POST.

        Args:
            operation, parts, answer: as in `get`.
            body: of the request.
        """
        request = Request(operation, "POST", self._path(parts), body=body, is_search=True)
        return await self._call(request, answer, body)

    async def write(self, operation: str, *parts: str, answer: type[T], idempotency_key: str, **body: Any) -> T:
        """Have something done, once however often it is sent.

        Args:
            operation, parts, answer: as in `get`.
            idempotency_key: the same for the same deed.
            body: of the request.
        """
        request = Request(operation, "POST", self._path(parts), body=body, idempotency_key=idempotency_key)
        return await self._call(request, answer, body)

    async def _call(self, request: Request, answer: type[T], body: Mapping[str, Any]) -> T:
        """Call, and count where it is about a person whether name and ID number belong together."""
        name, id_number = str(body.get("name")), body.get("id_number")
        if self._how_often is None or not isinstance(id_number, str):
            return await self.party.call(request, answer)
        await self._how_often.before_person(name, id_number)
        try:
            said = await self.party.call(request, answer)
        except IdentityMismatch:
            await self._how_often.wrong(id_number)
            raise
        if isinstance(said, IdentityVerification) and not said.matched:
            await self._how_often.wrong(id_number)
        else:
            await self._how_often.right(name, id_number)
        return said

    def _path(self, parts: tuple[str, ...]) -> str:
        if any(part in ("", ".", "..") for part in (self.city, *parts)):
            # No quoting keeps these from pointing at another operation.
            raise Invalid("invalid_request")
        return "/cities/" + "/".join(quote(part, safe="") for part in (self.city, *parts))


def payment(trade_number: str, amount: Decimal) -> Mapping[str, str]:
    """The body that tells the city what has been paid, and by which trade.

    Args:
        trade_number: ours.
        amount: yuan.
    """
    return {"trade_number": trade_number, "amount": f"{amount:.2f}"}
