"""Talks to the assistant's REST channel, as the terminal chat, the benchmark and the tests do."""

from collections.abc import Mapping
from types import TracebackType
from typing import Any

import httpx

from bot.runtime import tokens

Reply = dict[str, Any]
"""One message of the bot: `text`, and `buttons` (`title`, `payload`), `custom`, … where it has them."""


class RestClient:
    """A client of one assistant.

    Args:
        url: the assistant's address, such as http://127.0.0.1:5005.
        seconds: how long to wait for an answer.
        headers: sent with each request; by default the token of this house.

    Raises:
        SettingError: BIANMIN_REST_TOKEN cannot be used.
    """

    def __init__(self, url: str, seconds: float = 30.0, headers: Mapping[str, str] | None = None):
        shown = tokens.bearer() if headers is None else dict(headers)
        self._client = httpx.Client(base_url=url, timeout=seconds, trust_env=False, headers=shown)

    def say(self, conversation_id: str, text: str) -> list[Reply]:
        """Send one message and give the bot's replies.

        Raises:
            httpx.HTTPError: the assistant does not answer, or not with 200.
        """
        answer = self._client.post("/webhooks/rest/webhook", json={"sender": conversation_id, "message": text})
        answer.raise_for_status()
        replies: list[Reply] = answer.json()
        return replies

    def parse(self, text: str) -> dict[str, Any]:
        """Ask how a text is understood: `intent`, `entities`, `intent_ranking`.

        Raises:
            httpx.HTTPError: the assistant does not answer, or not with 200.
        """
        answer = self._client.post("/model/parse", json={"text": text})
        answer.raise_for_status()
        parsed: dict[str, Any] = answer.json()
        return parsed

    def close(self) -> None:
        """Close the connection."""
        self._client.close()

    def __enter__(self) -> "RestClient":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
