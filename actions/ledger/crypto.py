"""Personal columns: encrypted at rest, and found again by a keyed digest."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class WrongLedgerKey(Exception):
    """A row was encrypted with another key than BIANMIN_LEDGER_KEY."""


class LedgerCipher:
    """Encrypts the ledger's personal columns and makes their blind indexes.

    Args:
        key: a Fernet key. The key of the blind index is derived from it, so that neither tells the other.
    """

    def __init__(self, key: str) -> None:
        self._fernet = Fernet(key)
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"bianmin ledger blind index")
        self._index_key = derive.derive(base64.urlsafe_b64decode(key))

    def encrypt(self, text: str) -> str:
        """The text as a Fernet token; two encryptions of one text differ."""
        return self._fernet.encrypt(text.encode("utf-8")).decode("ascii")

    def decrypt(self, token: str) -> str:
        """The text of a token.

        Raises:
            WrongLedgerKey: it was made with another key, or altered.
        """
        try:
            return self._fernet.decrypt(token.encode("ascii")).decode("utf-8")
        except InvalidToken:
            raise WrongLedgerKey("the ledger was written with another BIANMIN_LEDGER_KEY") from None

    def blind_index(self, text: str) -> str:
        """64 hexadecimal digits that are equal for equal texts and tell nothing without the key (HMAC-SHA256)."""
        return hmac.new(self._index_key, text.encode("utf-8"), hashlib.sha256).hexdigest()
