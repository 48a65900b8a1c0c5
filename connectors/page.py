"""The web page: at `/`, its files under /page/, and what residents say there.

A browser names no conversation: it holds a signed cookie (`connectors.sessions`), and whoever holds another one neither reads
nor continues what was said. `POST /page/messages` with `{"message": "…"}` is answered as the REST channel answers;
`POST /page/sessions` begins anew.
"""

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from pathlib import Path
from typing import Any

import structlog
from rasa.core.channels.channel import CollectingOutputChannel, InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.conversations.settings import ConversationSettings
from bot.runtime import proxies, tokens
from connectors.bodies import BodyError, json_object, refused, text_of
from connectors.sessions import Sessions
from serving.refusals import refusal

log = structlog.get_logger(__name__)

FOLDER = Path(__file__).parent / "page"

CONTENT_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

HEADERS = {
    # Nothing but this page's own files and its own server; no frame around it.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class PageChannel(InputChannel):
    """Serves the page, and receives what is said there.

    Args:
        city: GB/T 2260 code of the city that the page is for, from its stanza in credentials.yml; residents of it are not
            asked where they are.
    """

    def __init__(self, city: str | None = None) -> None:
        self._known = {"city_code": city} if city else None

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "PageChannel":
        """Make the channel from its stanza."""
        city = (credentials or {}).get("city")
        return cls(None if city is None else str(city))

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "page"

    def url_prefix(self) -> str:
        """Mount at /page instead of under /webhooks (Rasa joins the two as addresses)."""
        return "/page"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Make the routes of the page's files and of its messages, and put the page at `/` before the server starts."""
        page = Blueprint("page", __name__)
        sessions = Sessions(tokens.secret(tokens.SESSION), ConversationSettings.from_environment().days)

        @page.get("/<name:str>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            if name not in CONTENT_TYPES:
                return response.json({"code": "not_found", "message": "没有这个页面。"}, status=404)
            return file_response(name)

        @page.post("/messages")
        async def receive(request: Request) -> HTTPResponse:
            try:
                text = text_of(json_object(request))
            except BodyError as error:
                return refused(error)
            seconds = await seconds_to_wait(request)
            if seconds is not None:
                return response.json([request.app.ctx.agent.told_to_wait(seconds, text)])
            conversation_id, new = sessions.conversation(request)
            collector = CollectingOutputChannel()
            message = UserMessage(text, collector, conversation_id, input_channel=self.name(), metadata=self._known)
            await on_new_message(message)
            # The resident's browser knows which conversation it holds; nobody else is to learn how they are named.
            answer = response.json(
                [{key: said[key] for key in said if key != "recipient_id"} for said in collector.messages]
            )
            return sessions.give(answer, conversation_id, proxies.is_secure(request)) if new else answer

        @page.post("/sessions")
        async def begin(request: Request) -> HTTPResponse:
            seconds = await seconds_to_wait(request)
            if seconds is not None:
                return too_often(seconds)
            return sessions.give(response.empty(), sessions.begin(), proxies.is_secure(request))

        @page.listener("before_server_start")
        async def take_root(app: Sanic, _: Any) -> None:
            serve_at_root(app, sessions)

        return page


async def seconds_to_wait(request: Request) -> int | None:
    """Count a request of its address: None where it is to be answered, else the seconds until one is again.

    Under Rasa's own commands (`python -m bot rasa run`) nothing is counted.
    """
    limits = getattr(request.app.ctx, "limits", None)
    seconds: int | None = await limits.of_address(proxies.address(request)) if limits is not None else None
    if seconds is not None:
        log.warning("message_limited", by="address", seconds=seconds)
    return seconds


def too_often(seconds: int) -> HTTPResponse:
    """Answer 429 where no sentence can be shown to a resident."""
    answer = response.json(refusal(HTTPStatus.TOO_MANY_REQUESTS), status=int(HTTPStatus.TOO_MANY_REQUESTS))
    answer.headers["Retry-After"] = str(seconds)
    return answer


def serve_at_root(app: Sanic, sessions: Sessions) -> None:
    """Answer GET / with the page and a session: the one that the browser holds, for as long again, or a new one.

    Rasa has registered its greeting at that route (`rasa.server.add_root_route`), and Sanic allows one handler a
    route; a request middleware that answers comes before the route.
    """

    async def show_page(request: Request) -> HTTPResponse | None:
        if request.path == "/" and request.method in ("GET", "HEAD"):
            conversation_id, _ = sessions.conversation(request)
            return sessions.give(file_response("index.html"), conversation_id, proxies.is_secure(request))
        return None

    app.register_middleware(show_page, "request")


def file_response(name: str) -> HTTPResponse:
    """Answer with one of the page's files, named as in CONTENT_TYPES."""
    return response.raw((FOLDER / name).read_bytes(), content_type=CONTENT_TYPES[name], headers=HEADERS)
