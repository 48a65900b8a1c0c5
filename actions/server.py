"""The action server: Rasa's custom actions, the payment provider's notices, and reconciliation, in one process.

It takes rasa_sdk's executor and leaves its server: that one binds to every address, allows every origin, and answers an
error with the whole tracker.
"""

from __future__ import annotations

import asyncio
import json
import time
import zlib
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

import structlog
from rasa_sdk.executor import ActionExecutor, CollectingDispatcher
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from sanic import Sanic
from sanic.exceptions import InvalidUsage, SanicException
from sanic.request import Request
from sanic.response import HTTPResponse
from sanic.response import json as json_response
from sqlalchemy.exc import SQLAlchemyError

from actions import context
from actions.callers import refusal
from actions.city import Cities, CityError, PaymentProvider, turn
from actions.city.deadline import TurnClock
from actions.city.often import HowOften, asking
from actions.context import Services
from actions.domains import UNKNOWN_DOMAIN, Domains, DomainUnknown
from actions.ledger import Ledger, Statements, WorkList
from actions.payments import NoticeRefused, PaymentService, Settlers
from actions.services import load_handlers
from actions.settings import Settings
from serving.counting import Counter
from serving.names import NAMES, derived_key, in_conversation

HOST = "127.0.0.1"
LEDGER_SECONDS = 3.0
MAX_BODY_BYTES = 4 * 1024 * 1024
ANSWER_SECONDS = 30
"""Seconds a request may take; an action is given up long before (`Settings.action_seconds`)."""
BROKEN_ACTION_TEXT = "抱歉，系统出了点小问题，这一步没有办成。请稍后再试，也可以转人工办理。"
HANDOFF_BUTTON = {"title": "转人工", "payload": "/handoff_human"}

log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True)
class _ActionCall:
    """What Rasa asks to be run, and for whom."""

    payload: dict[str, Any]
    action: str
    conversation_id: str
    message_id: str | None


async def start_services(settings: Settings) -> tuple[Services, PaymentProvider]:
    """The collaborators of this process, the ledger's tables up to date.

    Args:
        settings: the process's settings.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the ledger's database cannot be used.
    """
    ledger = Ledger.from_settings(settings)
    await asyncio.to_thread(ledger.upgrade)
    how_often = HowOften(
        Counter(derived_key(settings.token, "limits"), settings.redis_url),
        settings.identity_failures,
        settings.limits_look_ups,
    )
    cities = Cities(settings, how_often=how_often)
    provider = PaymentProvider.from_settings(settings)
    payments = PaymentService(ledger, Settlers(cities), provider, settings)
    services = Services(cities=cities, payments=payments, ledger=ledger, settings=settings, how_often=how_often)
    return services, provider


def create_app(settings: Settings, services: Services | None = None, package: str = "actions") -> Sanic:
    """The server.

    Args:
        settings: the process's settings.
        services: given by a test; else made when the server starts and closed when it stops.
        package: where the actions are: every subclass of `Action` in it is registered.

    Raises:
        ManifestError, SettlerError: a service is not complete; the message says what is missing where.
    """
    app = Sanic("bianmin_actions", configure_logging=False)
    app.config.FALLBACK_ERROR_FORMAT = "json"
    app.ctx.executor = executor = ActionExecutor()
    load_handlers()
    executor.register_package(package)
    turns = TurnClock(settings.turn_seconds)
    names_key = derived_key(settings.token, NAMES)
    domains = Domains()

    @app.get("/alive")
    async def alive(_request: Request) -> HTTPResponse:
        """Whether the process answers, whatever its database does: to start it anew would not bring that back."""
        return json_response({"status": "ok"})

    @app.get("/health")
    async def health(_request: Request) -> HTTPResponse:
        """Whether the server can do its work, and what waits for people: orders that are stuck, residents to call back."""
        try:
            waiting = await asyncio.wait_for(asyncio.to_thread(_waiting, context.current().ledger), LEDGER_SECONDS)
        except (SQLAlchemyError, asyncio.TimeoutError):
            log.error("ledger_unreachable")
            return json_response({"status": "down", "part": "ledger"}, status=503)
        return json_response({"status": "ok", **waiting})

    @app.post("/webhook")
    async def webhook(request: Request) -> HTTPResponse:
        """Run an action for Rasa, which shows our secret."""
        refused = refusal(request, settings.token, settings.hosts)
        if refused is not None:
            log.warning("caller_refused", code=refused.code)
            return json_response({"code": refused.code}, status=refused.status)
        call = _read_call(request)
        try:
            domain = domains.complete(call.payload)
        except DomainUnknown:
            return json_response({"error": "unknown domain", "action_name": call.action}, status=UNKNOWN_DOMAIN)
        # One connection serves many conversations, so what is bound here must end with the request.
        with (
            in_conversation(call.conversation_id, names_key),
            structlog.contextvars.bound_contextvars(action=call.action),
            turn(turns.deadline(call.conversation_id, call.message_id)),
            asking(call.conversation_id),
        ):
            return await _run_action(executor, call, settings.action_seconds, domain)

    @app.post("/payments/notice")
    async def notice(request: Request) -> HTTPResponse:
        """Take a notice of the payment provider; 200 only when it stands in the ledger."""
        try:
            outcome = await context.current().payments.receive_notice(dict(request.headers), request.body)
        except NoticeRefused as refusal:
            log.warning("notice_refused", code=refusal.code)
            return json_response({"code": refusal.code}, status=refusal.status)
        except CityError as error:
            log.warning("notice_postponed", code=error.code)
            return json_response({"code": "unavailable"}, status=503)
        return json_response({"code": "ok", "outcome": outcome.value})

    app.error_handler.add(Exception, _answer_error)
    _add_lifecycle(app, settings, services)
    return app


def _add_lifecycle(app: Sanic, settings: Settings, services: Services | None) -> None:
    async def start(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.provider = None
        running = services
        if running is None:
            running, app.ctx.provider = await start_services(settings)
        context.set_current(running)
        app.ctx.reconciliation = asyncio.create_task(running.payments.reconcile_forever())

    async def stop(app: Sanic, _loop: asyncio.AbstractEventLoop) -> None:
        app.ctx.reconciliation.cancel()
        with suppress(asyncio.CancelledError):
            await app.ctx.reconciliation
        running = context.current()
        await running.payments.close()
        context.set_current(None)
        if app.ctx.provider is not None:
            await app.ctx.provider.close()
            await running.cities.close()
            if running.how_often is not None:
                await running.how_often.counter.close()
            running.ledger.close()

    app.register_listener(start, "before_server_start")
    app.register_listener(stop, "before_server_stop")


def _waiting(ledger: Ledger) -> dict[str, int]:
    """Count what waits for people."""
    work = WorkList(ledger)
    return {"orders_stuck": work.count() + Statements(ledger).count(), "hand_overs_waiting": work.waiting()}


async def _run_action(executor: ActionExecutor, call: _ActionCall, seconds: float, domain: str | None) -> HTTPResponse:
    started = time.perf_counter()
    try:
        result = await asyncio.wait_for(executor.run(call.payload), seconds)
    except ActionExecutionRejection as rejection:
        # Rasa knows this answer: a form that cannot use what was said gives way to other policies.
        return json_response({"error": "rejected", "action_name": rejection.action_name}, status=400)
    except ActionNotFoundException as missing:
        log.error("action_unknown")
        return json_response({"error": "unknown action", "action_name": missing.action_name}, status=404)
    except asyncio.TimeoutError:
        log.error("action_gave_no_answer", seconds=seconds)
        return _apology()
    except Exception:
        # To Rasa a 500 is an action that never ran, and the resident would hear nothing at all.
        log.exception("action_failed")
        return _apology()
    milliseconds = round((time.perf_counter() - started) * 1000, 1)
    # Written in the loop's next round, with this call's context: the answer goes out first.
    asyncio.get_running_loop().call_soon(partial(log.info, "action_run", milliseconds=milliseconds))
    return json_response({**(result or {}), "domain_kept": domain} if domain else result)


def _apology() -> HTTPResponse:
    dispatcher = CollectingDispatcher()
    dispatcher.utter_message(text=BROKEN_ACTION_TEXT, buttons=[HANDOFF_BUTTON])
    return json_response({"events": [], "responses": dispatcher.messages})


def _read_call(request: Request) -> _ActionCall:
    """The action call in a request.

    Raises:
        InvalidUsage: it is none (400).
    """
    body = request.body
    if request.headers.get("Content-Encoding") == "deflate":
        body = _inflate(body)
    try:
        payload = json.loads(body)
        tracker = payload["tracker"]
        latest = tracker.get("latest_message") or {}
        return _ActionCall(payload, str(payload["next_action"]), str(tracker["sender_id"]), latest.get("message_id"))
    except (ValueError, KeyError, TypeError, AttributeError):
        raise InvalidUsage("not an action call") from None


def _inflate(body: bytes) -> bytes:
    """Unpack a body, but never one that unpacks to more than a body may be."""
    unpacking = zlib.decompressobj()
    try:
        unpacked = unpacking.decompress(body, MAX_BODY_BYTES)
    except zlib.error:
        raise InvalidUsage("not an action call") from None
    if unpacking.unconsumed_tail:
        raise InvalidUsage("the action call is too large")
    return unpacked


def _answer_error(request: Request, error: Exception) -> HTTPResponse:
    """A status and a code: neither the request nor the error's text goes back, and the trace only into the log."""
    if isinstance(error, SanicException) and error.status_code < 500:
        return json_response({"code": "bad_request"}, status=error.status_code)
    log.error("request_failed", route=request.name if request is not None else None, exc_info=error)
    return json_response({"code": "internal_error"}, status=500)
