"""What the assistant's HTTP server lets in, and how it says no: a few routes, checked bodies, errors without a trace.

Rasa's API can replace the model from an address the caller names, train, and rewrite conversations. The routes in OPEN_ROUTES
and TOKEN_ROUTES are what the house uses; the whole API is there with `python -m bot rasa run --enable-api --auth-token …`.
"""

import re
from http import HTTPStatus

import structlog
from sanic import Sanic, response
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.runtime import tokens
from serving.refusals import refusal

Routes = tuple[tuple[str, re.Pattern[str]], ...]

MAX_BODY_BYTES = 256 * 1024
"""Bytes of a request's body; 10,000 escaped emoji fit."""

ANSWER_SECONDS = 30
"""Seconds a request may take before it is answered with 503."""

OPEN_ROUTES: Routes = (
    ("GET", re.compile(r"/|/health|/status|/version|/page/[^/]+")),
    ("POST", re.compile(r"/page/messages|/page/sessions")),
    # Channels check their own messages.
    ("ANY", re.compile(r"/webhooks/.+")),
)

TOKEN_ROUTES: Routes = (("POST", re.compile(r"/model/parse")),)
"""What is open to who shows BIANMIN_REST_TOKEN."""

log = structlog.get_logger(__name__)


def install(app: Sanic) -> None:
    """Put the route list, the body check and the error answers onto Rasa's app.

    Raises:
        SettingError: BIANMIN_REST_TOKEN cannot be used.
    """
    token = tokens.secret(tokens.REST)
    app.config.FALLBACK_ERROR_FORMAT = "json"

    async def refuse_strangers(request: Request) -> HTTPResponse | None:
        return refuse_stranger(request, token) if _is_among(TOKEN_ROUTES, request) else None

    app.register_middleware(refuse_closed_routes, "request")
    app.register_middleware(refuse_strangers, "request")
    app.register_middleware(check_parse_body, "request")
    app.error_handler.add(Exception, answer_error)


def refuse_closed_routes(request: Request) -> HTTPResponse | None:
    """Answer 404 for every route the house does not use."""
    return None if _is_among(OPEN_ROUTES + TOKEN_ROUTES, request) else sentence(HTTPStatus.NOT_FOUND)


def _is_among(routes: Routes, request: Request) -> bool:
    method = "GET" if request.method == "HEAD" else request.method
    return any(method_open in (method, "ANY") and path.fullmatch(request.path) for method_open, path in routes)


def refuse_stranger(request: Request, token: str) -> HTTPResponse | None:
    """Answer 401 where a request does not show a secret.

    Args:
        request: shows it as `Authorization: Bearer …`, or as `?token=…`, which is how Rasa's own clients do.
        token: the secret.
    """
    if tokens.is_shown(token, request.headers.get("Authorization"), request.args.get("token")):
        return None
    answer = sentence(HTTPStatus.UNAUTHORIZED)
    answer.headers["WWW-Authenticate"] = "Bearer"
    return answer


def check_parse_body(request: Request) -> HTTPResponse | None:
    """Answer 400 where `POST /model/parse` is sent no text (Rasa would answer 500)."""
    if request.path != "/model/parse":
        return None
    try:
        body = request.json
    except SanicException:
        body = None
    if isinstance(body, dict) and isinstance(body.get("text"), str):
        return None
    return response.json({"code": "text_missing", "message": '请求体应为 JSON 对象：{"text": "…"}。'}, status=400)


def answer_error(request: Request, error: Exception) -> HTTPResponse:
    """Answer any failure with its status and a plain sentence; the trace goes to the log only."""
    status = HTTPStatus(getattr(error, "status_code", HTTPStatus.INTERNAL_SERVER_ERROR))
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", route=request.endpoint, status=int(status), exc_info=error)
    return sentence(status)


def sentence(status: HTTPStatus) -> HTTPResponse:
    """Make the JSON answer for a status: its code in words, and a sentence."""
    return response.json(refusal(status), status=int(status))
