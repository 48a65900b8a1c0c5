"""Puts the sandbox city together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import APIRouter, FastAPI

from sandbox import admin, directory, oauth
from sandbox.clock import Clock, utc_now
from sandbox.context import Sandbox
from sandbox.database import Database
from sandbox.errors import install_error_handlers
from sandbox.faults import FaultMiddleware, FaultRegistry
from sandbox.provider import cashier, trades
from sandbox.provider.notices import NoticeCourier, Sender
from sandbox.requestlog import RequestLogMiddleware
from sandbox.seed import prepare
from sandbox.services import credit, hospital, traffic, utility_bills
from sandbox.settings import Settings

health = APIRouter(tags=["health"])


@health.get("/health")
def show_health() -> dict[str, str]:
    """Whether the city answers."""
    return {"status": "ok"}


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now, sender: Sender | None = None) -> FastAPI:
    """The sandbox city as an ASGI application. Its lifespan makes and seeds the database when it is empty.

    Args:
        settings: how to run; from the environment when absent.
        clock: what time it is; tests may move it.
        sender: how payment notices are posted; over HTTP when absent.
    """
    settings = settings or Settings.from_environment()
    database = Database(settings.database_url)
    faults = FaultRegistry(clock)
    sandbox = Sandbox(
        settings=settings,
        clock=clock,
        database=database,
        faults=faults,
        tokens=oauth.TokenStore(clock, settings.token_seconds),
        courier=NoticeCourier(settings, clock, database, faults, sender),
    )

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(prepare, database, settings.seed, clock())
        await sandbox.courier.start()
        try:
            yield
        finally:
            await sandbox.courier.stop()
            database.dispose()

    app = FastAPI(
        title="便民沙盒城市",
        description="供联调使用的模拟城市：水电气缴费、交通违法、预约挂号、信用分，以及一家支付机构。数据均为虚构。",
        version="1.0.0",
        lifespan=lifespan,
    )
    app.state.sandbox = sandbox
    app.add_middleware(FaultMiddleware, faults=faults, clock=clock)
    app.add_middleware(RequestLogMiddleware)
    install_error_handlers(app)
    routers = (health, oauth.router, directory.router, utility_bills.router, traffic.router, hospital.router)
    for router in (*routers, credit.router, trades.router, cashier.router, admin.router):
        app.include_router(router)
    return app
