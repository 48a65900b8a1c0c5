"""How a conversation is called where its id may not stand: the same in all processes of a house, and nobody's outside it."""

from __future__ import annotations

import hashlib
import hmac

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
LENGTH = 16
"""Letters of a name, four bits each: of a million conversations two share one once in thirty million houses."""


def derived_key(secret: str, purpose: str) -> bytes:
    """Make a key for one purpose of a secret that the processes share; the secret cannot be told from it.

    Args:
        secret: of the house (`BIANMIN_ACTIONS_TOKEN`).
        purpose: what the key is for.
    """
    return hmac.new(secret.encode(), purpose.encode(), hashlib.sha256).digest()


def name_of(conversation_id: str, key: bytes) -> str:
    """Give the name of a conversation.

    Letters only: a log line is masked as a whole, and digits in it could be somebody's number.

    Args:
        conversation_id: which may itself be somebody's telephone number.
        key: of names.
    """
    said = conversation_id.encode("utf-8", "surrogatepass")
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:LENGTH].translate(LETTERS)
