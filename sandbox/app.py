"""Puts the sandbox city together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, Depends, FastAPI

from manifests import Places, Services, places, services
from sandbox import admin, directory, oauth
from sandbox.clock import Clock, utc_now
from sandbox.context import Sandbox
from sandbox.database import Database
from sandbox.errors import install_error_handlers
from sandbox.faults import FaultMiddleware, FaultRegistry
from sandbox.here import grown
from sandbox.provider import cashier, statements, trades
from sandbox.provider.notices import NoticeCourier, Sender
from sandbox.registry import find_services
from sandbox.requestlog import RequestLogMiddleware
from sandbox.seeding.grower import Grower
from sandbox.settings import Settings

health = APIRouter(tags=["health"])


@health.get("/health")
def show_health() -> dict[str, str]:
    """Whether the city answers."""
    return {"status": "ok"}


def create_app(
    settings: Settings | None = None,
    *,
    clock: Clock = utc_now,
    sender: Sender | None = None,
    cities: Places | None = None,
    offered: Services | None = None,
) -> FastAPI:
    """The sandbox as an ASGI application. Its lifespan makes the tables; cities grow when they are asked for.

    Args:
        settings: how to run; from the environment when absent.
        clock: what time it is; tests may move it.
        sender: how payment notices are posted; over HTTP when absent.
        cities: the cities' files; the project's when absent.
        offered: the services' manifests; the project's when absent.

    Raises:
        ManifestError: a manifest cannot be used, or has no module here.
    """
    settings = settings or Settings.from_environment()
    cities = cities or places()
    found = find_services(offered or services())
    database = Database(settings.database_url)
    faults = FaultRegistry(clock)
    sandbox = Sandbox(
        settings=settings,
        clock=clock,
        database=database,
        places=cities,
        services=found,
        grower=Grower(database, clock, cities, found),
        faults=faults,
        tokens=oauth.TokenStore(clock, settings.token_seconds),
        courier=NoticeCourier(settings, clock, database, faults, sender),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(sandbox.grower.prepare, settings.seed)
        await sandbox.courier.start()
        try:
            yield
        finally:
            await sandbox.courier.stop()
            database.dispose()

    titles = "、".join(one.manifest.title for one in found)
    app = FastAPI(
        title="便民沙盒城市",
        description=f"供联调使用的模拟城市：{titles}，以及一家支付机构。数据均为虚构。",
        version="1.0.0",
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    app.add_middleware(FaultMiddleware, faults=faults, clock=clock)
    app.add_middleware(RequestLogMiddleware)
    install_error_handlers(app)
    for router in (
        health,
        oauth.router,
        directory.router,
        trades.router,
        statements.router,
        cashier.router,
        admin.router,
    ):
        app.include_router(router)
    for one in found:
        turned_away = [Depends(oauth.require_client), Depends(grown(one.codes))]
        app.include_router(one.service.router, prefix=one.prefix, tags=[one.manifest.name], dependencies=turned_away)
    return app
