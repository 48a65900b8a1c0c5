"""`GET /health` and `GET /status`: whether the assistant can answer, with what it needs besides the model.

Those are its conversations and its locks. /status is Rasa's, which names the model; where a part is down it answers as
/health does, for whoever watches the address that every Rasa has.
"""

import asyncio
from http import HTTPStatus
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse


def install(app: Sanic) -> None:
    """Add /health, and let /status answer only while all parts do."""

    @app.get("/health")
    async def health(request: Request) -> HTTPResponse:
        return await _told(request)

    async def before_status(request: Request) -> HTTPResponse | None:
        # Sanic allows one handler a route, and this one is Rasa's (`rasa.server`).
        if request.path != "/status":
            return None
        told = await _told(request)
        return None if told.status == HTTPStatus.OK else told

    app.register_middleware(before_status, "request")


async def _told(request: Request) -> HTTPResponse:
    parts = await health_of(getattr(request.app.ctx, "agent", None))
    well = all(parts.values())
    status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
    return response.json({"status": "ok" if well else "degraded", **parts}, status=int(status))


async def health_of(agent: Any) -> dict[str, bool]:
    """Tell which parts of an agent answer; a store that cannot be asked counts as well.

    Returns:
        `model`, `conversations` and `locks`.
    """
    stores = (getattr(agent, name, None) for name in ("tracker_store", "lock_store"))
    conversations, locks = await asyncio.gather(*map(_is_healthy, stores))
    return {
        "model": agent is not None and bool(agent.is_ready()),
        "conversations": conversations,
        "locks": locks,
    }


async def _is_healthy(store: Any) -> bool:
    ask = getattr(store, "is_healthy", None)
    return True if ask is None else bool(await ask())
