"""Whether the assistant can answer is told in one place, store by store."""

import httpx
import pytest

from bot.runtime import health
from bot.runtime.health import health_of


class Store:
    def __init__(self, well: bool) -> None:
        self.well = well

    async def is_healthy(self) -> bool:
        return self.well


class Agent:
    def __init__(self, ready: bool = True, conversations: bool = True, locks: bool = True) -> None:
        self.ready = ready
        self.tracker_store, self.lock_store = Store(conversations), Store(locks)

    def is_ready(self) -> bool:
        return self.ready


@pytest.mark.parametrize("broken", ["ready", "conversations", "locks"])
async def test_each_part_is_told(broken: str) -> None:
    parts = await health_of(Agent(**{broken: False}))
    assert [name for name, well in parts.items() if not well] == [{"ready": "model"}.get(broken, broken)]


async def test_an_agent_without_stores_of_ours_is_well_when_its_model_is() -> None:
    assert await health_of(object.__new__(type("Bare", (), {"is_ready": lambda self: True}))) == {
        "model": True,
        "conversations": True,
        "locks": True,
    }
    assert not (await health_of(None))["model"]


@pytest.mark.parametrize("path", ["/health", "/status"])
async def test_what_is_down_is_told_at_both_addresses(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    async def half(agent: object) -> dict[str, bool]:
        return {"model": True, "conversations": False, "locks": True}

    monkeypatch.setattr(health, "health_of", half)
    answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (503, {"status": "degraded", **await half(None)})


async def test_over_http(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {"status": "ok", "model": True, "conversations": True, "locks": True},
    )
    monkeypatch.setattr("bot.runtime.guarded_agent.GuardedAgent.is_ready", lambda self: False)
    answer = await client.get("/health")
    assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
