"""Rasa's REST channel, strict about what it is sent.

The same address and the same form as Rasa's own (`POST /webhooks/rest/webhook`, `{"sender": …, "message": …}`). Rasa's
believes a channel name and metadata that the caller makes up, and falls over a body of another form; here such a body is
answered with 400 and a sentence, and metadata is not read. Whoever calls it speaks for every resident that it names, so it
shows `BIANMIN_REST_TOKEN`. Named in credentials.yml.
"""

from collections.abc import Awaitable, Callable
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.runtime import tokens
from bot.runtime.http_guard import refuse_stranger
from connectors.bodies import BodyError, json_object, refused, text_of

MAX_SENDER_LENGTH = 128
"""Characters of a conversation id."""


class RestChannel(InputChannel):
    """Answers a message in the same HTTP exchange.

    Args:
        city: GB/T 2260 code of the city that this channel is for, from its stanza in credentials.yml; residents of it are
            not asked where they are.
    """

    def __init__(self, city: str | None = None) -> None:
        self._city = city

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "RestChannel":
        """Make the channel from its stanza."""
        city = (credentials or {}).get("city")
        return cls(None if city is None else str(city))

    @classmethod
    def name(cls) -> str:
        """Name of the channel, and the last part of its address."""
        return "rest"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Make the routes: GET / for a health check, POST /webhook for a message."""
        webhook = Blueprint("rest_channel", __name__)
        token = tokens.secret(tokens.REST)

        @webhook.middleware("request")
        async def check_caller(request: Request) -> HTTPResponse | None:
            return refuse_stranger(request, token)

        @webhook.get("/")
        async def health(request: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @webhook.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, text = read_body(request)
            except BodyError as error:
                return refused(error)
            collector = CollectingOutputChannel()
            # What the caller says of itself is not read; what the channel knows is.
            known = {"city_code": self._city} if self._city else None
            await on_new_message(UserMessage(text, collector, sender, input_channel=self.name(), metadata=known))
            return response.json(collector.messages)

        return webhook


def read_body(request: Request) -> tuple[str, str]:
    """Read `sender` and `message` from a request's JSON body.

    Raises:
        BodyError: the body is no JSON object, or one of the two is missing, of another type, or (the sender) too long.
    """
    body = json_object(request)
    sender = body.get("sender")
    if not isinstance(sender, str) or not sender.strip():
        raise BodyError("sender_missing", "sender 应为非空字符串：同一段对话用同一个编号。")
    if len(sender) > MAX_SENDER_LENGTH or not sender.isprintable():
        raise BodyError("sender_invalid", f"sender 最长 {MAX_SENDER_LENGTH} 个字符，且不能含控制字符。")
    return sender, text_of(body)
