"""The web page: three static files under /page/, and the page itself at `/`.

A channel in Rasa's sense only to be mounted with the others (credentials.yml); the page talks to the REST channel.
"""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

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
    """Serves the page; receives no messages itself."""

    @classmethod
    def name(cls) -> str:
        """Name of the channel."""
        return "page"

    def url_prefix(self) -> str:
        """Mount at /page instead of under /webhooks (Rasa joins the two as addresses)."""
        return "/page"

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """Make the routes of the page's files, and put the page at `/` before the server starts."""
        page = Blueprint("page", __name__)

        @page.get("/<name:str>")
        async def asset(request: Request, name: str) -> HTTPResponse:
            if name not in CONTENT_TYPES:
                return response.json({"code": "not_found", "message": "没有这个页面。"}, status=404)
            return file_response(name)

        @page.listener("before_server_start")
        async def take_root(app: Sanic, _: Any) -> None:
            serve_at_root(app)

        return page


def serve_at_root(app: Sanic) -> None:
    """Answer GET / with the page.

    Rasa has registered its greeting at that route (`rasa.server.add_root_route`), and Sanic allows one handler a
    route; a request middleware that answers comes before the route.
    """

    async def show_page(request: Request) -> HTTPResponse | None:
        if request.path == "/" and request.method in ("GET", "HEAD"):
            return file_response("index.html")
        return None

    app.register_middleware(show_page, "request")


def file_response(name: str) -> HTTPResponse:
    """Answer with one of the page's files, named as in CONTENT_TYPES."""
    return response.raw((FOLDER / name).read_bytes(), content_type=CONTENT_TYPES[name], headers=HEADERS)
