"""How a conversation is called where its id may not stand, as in log lines: the same in all processes of a house.

An id may be somebody's telephone number, or the name by which a messaging app knows them.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import structlog

NAMES = "names of conversations"
"""What the key of names is derived for."""

LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
LENGTH = 16
"""Letters of a name, four bits each: of a million conversations two share one once in thirty million houses."""


SHORTEST_ID = 6
"""Characters; a shorter one tells nobody from nobody, and would be found in half of all words."""

_current: ContextVar[tuple[str, str] | None] = ContextVar("current_conversation", default=None)


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
        conversation_id: whose.
        key: of names.
    """
    said = conversation_id.encode("utf-8", "surrogatepass")
    return hmac.new(key, said, hashlib.sha256).hexdigest()[:LENGTH].translate(LETTERS)


@contextmanager
def in_conversation(conversation_id: str, key: bytes) -> Iterator[str]:
    """Run a block for a conversation: its log lines carry the name as `conversation`, and `without_id` knows the id.

    Args:
        conversation_id: whose.
        key: of names.

    Returns:
        The name.
    """
    name = name_of(conversation_id, key)
    token = _current.set((conversation_id, name))
    try:
        with structlog.contextvars.bound_contextvars(conversation=name):
            yield name
    finally:
        _current.reset(token)


def without_id(line: str) -> str:
    """Put the name of the conversation that is being answered where a finished log line has its id, as libraries' lines may.

    An id of digits alone is left to the masking.
    """
    current = _current.get()
    if current is None or len(current[0]) < SHORTEST_ID or current[0].isdigit():
        return line
    conversation_id, name = current
    # In JSON a quotation mark of the id stands escaped; as it is it could be the line's own.
    line = line.replace(json.dumps(conversation_id, ensure_ascii=False)[1:-1], name)
    return line if '"' in conversation_id else line.replace(conversation_id, name)
