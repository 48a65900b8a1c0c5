"""Payment notices: signed, sent in the background, sent again until the merchant says 200."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import uuid
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from sandbox.clock import Clock, local_text
from sandbox.database import Database
from sandbox.faults import NOTICE_KINDS, FaultRegistry
from sandbox.money import yuan
from sandbox.provider.signing import private_pem, sign
from sandbox.settings import Settings
from sandbox.tables import Notice, Trade

if TYPE_CHECKING:
    import httpx

logger = logging.getLogger(__name__)

Sender = Callable[[str, bytes, dict[str, str]], Awaitable[int]]
"""Posts a body with headers to an address and gives the status; raises httpx.HTTPError when there is no answer."""


def write_notice(session: Session, trade: Trade, settings: Settings) -> str:
    """Put down the notice of a paid trade in the same transaction as the payment; gives its id."""
    notice_id = str(uuid.uuid4())
    content = {
        "merchant_id": settings.merchant_id,
        "app_id": settings.app_id,
        "notice_id": notice_id,
        "trade_number": trade.trade_number,
        "provider_trade_number": trade.provider_trade_number,
        "amount": yuan(trade.amount),
        "state": "paid",
        "paid_at": local_text(trade.paid_at),
    }
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    session.add(Notice(notice_id=notice_id, trade_number=trade.trade_number, body=body))
    return notice_id


class NoticeCourier:
    """Carries notices to merchants. Lives in the server's event loop; may be called from worker threads.

    Args:
        settings: the time limit and the pauses.
        clock: the timestamp that is signed.
        database: where notices are kept.
        faults: whether a notice is to come twice or never.
        sender: how a notice is posted; over HTTP when absent.
    """

    def __init__(
        self,
        settings: Settings,
        clock: Clock,
        database: Database,
        faults: FaultRegistry,
        sender: Sender | None = None,
    ) -> None:
        self._settings = settings
        self._clock = clock
        self._database = database
        self._faults = faults
        self._client: httpx.AsyncClient | None = None
        self._sender = sender or self._post
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin work, first with the notices that an earlier run left on the way."""
        self._loop = asyncio.get_running_loop()
        for notice_id in await asyncio.to_thread(self._pending):
            self._start_delivery(notice_id)

    async def stop(self) -> None:
        """Drop what is on the way; it is taken up again at the next start."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    def dispatch(self, notice_id: str) -> None:
        """Send a notice off and return at once."""
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._start_delivery, notice_id)

    def _start_delivery(self, notice_id: str) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(notice_id))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _deliver(self, notice_id: str) -> None:
        kinds = {fault.kind for fault in self._faults.take(NOTICE_KINDS, None)}
        accepted = False
        if "notice_never" not in kinds:
            for _ in range(2 if "notice_twice" in kinds else 1):
                accepted = await self._climb(notice_id) or accepted
        await asyncio.to_thread(self._finish, notice_id, "delivered" if accepted else "given_up")

    async def _climb(self, notice_id: str) -> bool:
        """Try, and try again after each pause; whether the merchant accepted."""
        for pause in (*self._settings.notice_waits_seconds, None):
            if await self._attempt(notice_id):
                return True
            if pause is not None:
                await asyncio.sleep(pause)
        logger.warning("payment notice given up")
        return False

    async def _attempt(self, notice_id: str) -> bool:
        import httpx  # with the first notice: it would be a tenth of the start

        url, body, pem = await asyncio.to_thread(self._load_for_attempt, notice_id)
        timestamp = str(int(self._clock().timestamp()))
        signed = sign(pem, timestamp, secrets.token_hex(16), body)
        headers = {"Content-Type": "application/json", **signed.as_dict()}
        try:
            return await self._sender(url, body.encode(), headers) == 200
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            logger.info("payment notice not accepted: %s", type(error).__name__)
            return False

    async def _post(self, url: str, body: bytes, headers: dict[str, str]) -> int:
        import httpx

        if self._client is None:
            # Merchants are on this machine or reached directly; a proxy of the environment would not find them.
            self._client = httpx.AsyncClient(timeout=self._settings.notice_timeout_seconds, trust_env=False)
        response = await self._client.post(url, content=body, headers=headers)
        return response.status_code

    def _pending(self) -> list[str]:
        with self._database.read() as session:
            return list(session.execute(select(Notice.notice_id).where(Notice.state == "pending")).scalars())

    def _load_for_attempt(self, notice_id: str) -> tuple[str, str, str]:
        """Count an attempt; gives the address, the body and the private key."""
        with self._database.write() as session:
            query = select(Notice, Trade.notify_url).join(Trade, Notice.trade_number == Trade.trade_number)
            notice, url = session.execute(query.where(Notice.notice_id == notice_id)).one()
            notice.attempts += 1
            return url, notice.body, private_pem(session)

    def _finish(self, notice_id: str, state: str) -> None:
        with self._database.write() as session:
            notice = session.get(Notice, notice_id)
            if notice is not None:
                notice.state = state
