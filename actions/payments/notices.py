"""Whether a notice is really the provider's: signature, time and form, before anything is believed of it."""

from __future__ import annotations

import base64
import binascii
import re
import time
from collections.abc import Callable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from pydantic import ValidationError

from actions.city.errors import Unavailable
from actions.ledger import Notice
from actions.payments.ports import Provider
from city_api.payments import PaymentNotice

TIMESTAMP_FORM = re.compile(r"[0-9]{1,12}")
LONGEST_HEADER = 1024
HEADERS = ("payment-timestamp", "payment-nonce", "payment-signature")
WINDOW_SECONDS = 300
REFETCH_SECONDS = 60
MAX_NOTICE_BYTES = 16 * 1024


class NoticeRefused(Exception):
    """A notice that is not acknowledged.

    Attributes:
        code: why, for the log and the answer.
        status: the HTTP status of the answer.
    """

    def __init__(self, code: str, status: int) -> None:
        super().__init__(code)
        self.code = code
        self.status = status


class NoticeVerifier:
    """Verifies notices with the provider's public key, fetched once and again when a signature does not fit it.

    The signature is RSA-SHA256, PKCS#1 v1.5, in base64, over `timestamp\\nnonce\\nbody\\n`, as WeChat Pay API v3 has it.

    Args:
        provider: where the key is.
        merchant_id, app_id: ours at the provider: a notice of another merchant's, however well signed, is not ours.
        clock: unix seconds.
    """

    def __init__(
        self, provider: Provider, merchant_id: str, app_id: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._provider = provider
        self._ours = (merchant_id, app_id)
        self._clock = clock
        self._key: RSAPublicKey | None = None
        self._fetched_at = 0.0

    async def verify(self, headers: Mapping[str, str], body: bytes) -> Notice:
        """The notice, when it is the provider's.

        Args:
            headers: of the request, in any case.
            body: of the request, byte for byte.

        Raises:
            NoticeRefused: it is not, or is no notice.
            CityError: the provider's key could not be had.
        """
        given = {name.lower(): value for name, value in headers.items()}
        timestamp = given.get("payment-timestamp", "")
        nonce = given.get("payment-nonce", "")
        # The forms first: what strangers send is not computed with before it has the form of what is expected.
        if any(len(given.get(name, "")) > LONGEST_HEADER for name in HEADERS):
            raise NoticeRefused("header_too_long", 400)
        try:
            signature = base64.b64decode(given.get("payment-signature", ""), validate=True)
        except (binascii.Error, ValueError):
            raise NoticeRefused("signature_invalid", 401) from None
        if not (timestamp and nonce and signature):
            raise NoticeRefused("signature_missing", 401)
        if len(body) > MAX_NOTICE_BYTES:
            raise NoticeRefused("body_too_large", 413)
        if not TIMESTAMP_FORM.fullmatch(timestamp) or abs(self._clock() - int(timestamp)) > WINDOW_SECONDS:
            raise NoticeRefused("timestamp_stale", 401)
        signed = f"{timestamp}\n{nonce}\n".encode() + body + b"\n"
        if not await self._is_signed(signature, signed):
            raise NoticeRefused("signature_invalid", 401)
        notice = _read(body)
        if (notice.merchant_id, notice.app_id) != self._ours:
            raise NoticeRefused("not_our_merchant", 403)
        return Notice(
            notice_id=notice.notice_id,
            trade_number=notice.trade_number,
            provider_trade_number=notice.provider_trade_number,
            amount=notice.amount,
            paid_at=notice.paid_at,
        )

    async def _is_signed(self, signature: bytes, signed: bytes) -> bool:
        if self._key is None:
            await self._fetch_key()
        if self._fits(signature, signed):
            return True
        # The provider may have changed its key; a forger must not make us ask for it at every try.
        if self._clock() - self._fetched_at < REFETCH_SECONDS:
            return False
        await self._fetch_key()
        return self._fits(signature, signed)

    def _fits(self, signature: bytes, signed: bytes) -> bool:
        if self._key is None:
            return False
        try:
            self._key.verify(signature, signed, PKCS1v15(), SHA256())
        except InvalidSignature:
            return False
        return True

    async def _fetch_key(self) -> None:
        pem = await self._provider.public_key()
        try:
            key = load_pem_public_key(pem.encode("utf-8"))
        except ValueError:
            raise Unavailable("unexpected_answer") from None
        if not isinstance(key, RSAPublicKey):
            raise Unavailable("unexpected_answer")
        self._key = key
        self._fetched_at = self._clock()


def _read(body: bytes) -> PaymentNotice:
    try:
        notice = PaymentNotice.parse_raw(body)
    except (ValidationError, ValueError):
        raise NoticeRefused("body_invalid", 400) from None
    if notice.paid_at.tzinfo is None or len(notice.notice_id) > 128 or len(notice.provider_trade_number) > 64:
        raise NoticeRefused("body_invalid", 400)
    return notice
