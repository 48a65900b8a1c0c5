"""`GET /health`: whether the assistant can answer, with what it needs besides the model: its conversations and its locks."""

from http import HTTPStatus
from typing import Any

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse


def install(app: Sanic) -> None:
    """Add the route."""

    @app.get("/health")
    async def health(request: Request) -> HTTPResponse:
        parts = await health_of(getattr(request.app.ctx, "agent", None))
        well = all(parts.values())
        status = HTTPStatus.OK if well else HTTPStatus.SERVICE_UNAVAILABLE
        return response.json({"status": "ok" if well else "degraded", **parts}, status=int(status))


async def health_of(agent: Any) -> dict[str, bool]:
    """Tell which parts of an agent answer; a store that cannot be asked counts as well.

    Returns:
        `model`, `conversations` and `locks`.
    """
    return {
        "model": agent is not None and agent.is_ready(),
        "conversations": await _is_healthy(getattr(agent, "tracker_store", None)),
        "locks": await _is_healthy(getattr(agent, "lock_store", None)),
    }


async def _is_healthy(store: Any) -> bool:
    ask = getattr(store, "is_healthy", None)
    return True if ask is None else bool(await ask())
