"""The page's sessions: whoever holds one cookie has one conversation, and a cookie that was not made here has none."""

import time
from typing import Any

import jwt
import pytest

from connectors.sessions import ALGORITHM, AUDIENCE, Sessions

KEY = "k" * 44
SESSIONS = Sessions(KEY, days=30)


def made(key: str = KEY, algorithm: str | None = ALGORITHM, **told: Any) -> str:
    """A cookie with these contents; None leaves one out."""
    whole = {"sub": "page-a", "aud": AUDIENCE, "exp": time.time() + 60, **told}
    return jwt.encode({name: value for name, value in whole.items() if value is not None}, key, algorithm=algorithm)


def test_what_was_signed_is_known_again() -> None:
    assert SESSIONS.read(SESSIONS.signed("page-a")) == "page-a"
    assert SESSIONS.read(made()) == "page-a"


NONE_OF_OURS = {
    "none": None,
    "empty": "",
    "an id": "page-a",
    "three parts": "a.b.c",
    "not ASCII": "ä" * 9,
    "of another key": made(key="x" * 44),
    "unsigned": made(key="", algorithm="none"),
    "expired": made(exp=time.time() - 1),
    "for ever": made(exp=None),
    "for another page": made(aud="another page"),
    "for nobody": made(aud=None),
    "of nobody": made(sub=None),
    "cut": made()[:-2],
    "altered": ".".join((made(sub="page-b").split(".")[0], made(sub="page-b").split(".")[1], made().split(".")[2])),
}


@pytest.mark.parametrize("cookie", NONE_OF_OURS.values(), ids=NONE_OF_OURS)
def test_what_was_not_is_not(cookie: str | None) -> None:
    assert SESSIONS.read(cookie) is None


def test_nobody_guesses_one() -> None:
    begun = {Sessions.begin() for _ in range(1000)}
    assert len(begun) == 1000
    assert all(one.startswith("page-") and len(one) == 37 for one in begun)
