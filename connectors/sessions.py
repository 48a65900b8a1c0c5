"""Whose conversation it is that a browser holds: a cookie that only this server can make, and no script can read."""

from __future__ import annotations

import secrets
import time

import jwt
from sanic.request import Request
from sanic.response import HTTPResponse

COOKIE = "bianmin_session"
ALGORITHM = "HS256"
AUDIENCE = "bianmin page"
DAY = 86400


class Sessions:
    """Gives out sessions and knows them again.

    Args:
        key: signs them; the same for all assistants of one house.
        days: how long one lasts after the page was last opened: as long as its conversation is kept.
    """

    def __init__(self, key: str, days: int) -> None:
        self._key = key
        self._seconds = days * DAY

    def conversation(self, request: Request) -> tuple[str, bool]:
        """Give the conversation of who asks, and whether it is new: there is no session, or a forged or expired one.

        Args:
            request: with the browser's cookies.
        """
        known = self.read(request.cookies.get(COOKIE))
        return (known, False) if known else (self.begin(), True)

    @staticmethod
    def begin() -> str:
        """Make the id of a conversation that nobody can guess."""
        return f"page-{secrets.token_hex(16)}"

    def read(self, cookie: str | None) -> str | None:
        """Give the conversation that a cookie is for; None where it was not made here, was altered, or is too old."""
        if not cookie:
            return None
        try:
            told = jwt.decode(
                cookie, self._key, algorithms=[ALGORITHM], audience=AUDIENCE, options={"require": ["exp", "sub", "aud"]}
            )
        except jwt.InvalidTokenError:
            return None
        return str(told["sub"])

    def signed(self, conversation_id: str) -> str:
        """Give the cookie's value for a conversation."""
        told = {"sub": conversation_id, "aud": AUDIENCE, "exp": int(time.time()) + self._seconds}
        return jwt.encode(told, self._key, algorithm=ALGORITHM)

    def give(self, answer: HTTPResponse, conversation_id: str, secure: bool) -> HTTPResponse:
        """Put the cookie onto an answer.

        Args:
            answer: gets it.
            conversation_id: whose it is.
            secure: whether the browser came over https, and is to send it over nothing else.
        """
        answer.cookies[COOKIE] = self.signed(conversation_id)
        cookie = answer.cookies[COOKIE]
        cookie["path"], cookie["max-age"] = "/", self._seconds
        cookie["httponly"], cookie["samesite"] = True, "Lax"
        if secure:
            cookie["secure"] = True
        return answer
