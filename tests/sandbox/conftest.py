"""A sandbox city of one's own for each test: seeded once, copied a test, its time in the test's hands."""

import shutil
import uuid
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from starlette.testclient import TestClient

from manifests import places, services
from sandbox.app import create_app
from sandbox.database import Database
from sandbox.registry import find_services
from sandbox.seeding.grower import Grower
from sandbox.seeding.people import make_id_number
from sandbox.settings import Settings

START = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)  # 10:00 in the city, a Tuesday
SEED = 20260101


class Hands:
    """A clock that a test moves."""

    def __init__(self, moment=START):
        self.moment = moment

    def __call__(self):
        return self.moment

    def move(self, **length):
        self.moment += timedelta(**length)


class Receiver:
    """A merchant: keeps what it is sent, answers with the statuses it was given, then 200."""

    def __init__(self):
        self.received = []
        self.statuses = []

    async def __call__(self, url, body, headers):
        self.received.append((url, body, headers))
        answer = self.statuses.pop(0) if self.statuses else 200
        if isinstance(answer, Exception):
            raise answer
        return answer


class Caller:
    """Calls the city as the bot does."""

    def __init__(self, client, clock, settings, receiver):
        self.http = client
        self.clock = clock
        self.settings = settings
        self.receiver = receiver
        self.database = client.app.state.sandbox.database
        self.courier = client.app.state.sandbox.courier
        self.authorize()

    def authorize(self):
        form = {
            "grant_type": "client_credentials",
            "client_id": "bianmin",
            "client_secret": self.settings.client_secret,
        }
        token = self.http.post("/oauth/token", data=form).json()["access_token"]
        self.http.headers["Authorization"] = f"Bearer {token}"

    def get(self, path, **params):
        return self.http.get(path, params=params)

    def ask(self, path, **body):
        """A POST that only reads."""
        return self.http.post(path, json=body)

    def write(self, path, key=None, **body):
        return self.http.post(path, json=body, headers={"Idempotency-Key": key or uuid.uuid4().hex})

    def samples(self):
        return self.http.get("/admin/samples").json()

    def bills(self, kind="one_unpaid", bill_type="water", status="unpaid"):
        number = self.samples()["accounts"][bill_type][kind]
        return self.get(f"/cities/330100/utilities/{bill_type}/accounts/{number}/bills", status=status).json()

    def trade(self, number="T0001", amount="52.20", **changes):
        body = {
            "trade_number": number,
            "subject": "水费 2026-10",
            "payee": "杭州市水务集团",
            "amount": amount,
            "notify_url": "http://merchant.test/payments/notice",
        }
        return self.write("/payments/trades", **{**body, **changes})

    def confirm(self, trade):
        return self.http.post(self.page(trade) + "/confirmation")

    def page(self, trade):
        return trade["cashier_url"].removeprefix(self.settings.cashier_base)


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """A database file in which both cities of the project's examples have grown, not to be changed."""
    path = tmp_path_factory.mktemp("sandbox") / "seeded.db"
    database = Database(f"sqlite:///{path}")
    growing = Grower(database, lambda: START, places(), find_services(services()))
    growing.prepare(SEED)
    for code in ("330100", "330400"):
        growing.grow_all(places().city(code))
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.dispose()
    return path


@pytest.fixture
def settings(seeded, tmp_path):
    path = tmp_path / "sandbox.db"
    shutil.copyfile(seeded, path)
    return Settings(database_url=f"sqlite:///{path}", seed=SEED, notice_waits_seconds=(0.001,) * 5)


@pytest.fixture
def clock():
    return Hands()


@pytest.fixture
def receiver():
    return Receiver()


@pytest.fixture
def start(settings, clock, receiver):
    """Starts a city on the test's database; settings may be changed by name."""

    @contextmanager
    def start(**changes):
        changed = replace(settings, **changes)
        app = create_app(changed, clock=clock, sender=receiver)
        with TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False) as client:
            yield Caller(client, clock, changed, receiver)

    return start


@pytest.fixture
def city(start):
    with start() as caller:
        yield caller


@pytest.fixture
def person():
    """A person from elsewhere, whom the register does not know; another one a number."""

    def make(number=0):
        born = datetime(1990, 5, 17, tzinfo=timezone.utc).date()
        return {"name": f"外地人{number}", "id_number": make_id_number("110101", born, 900 + number)}

    return make
