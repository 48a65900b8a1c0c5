"""Cities grow when they are first asked for: once, whole, and alike in whatever order."""

import random
import threading
from collections import defaultdict
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import event, func, select
from starlette.testclient import TestClient

from manifests import ManifestError, services
from sandbox.app import create_app
from sandbox.checks import is_id_number
from sandbox.database import Database
from sandbox.measure import grow_cities
from sandbox.plates import is_plate
from sandbox.registry import find_services
from sandbox.seeding.grower import Grower
from sandbox.seeding.growth import Growth
from sandbox.services.hospital.tables import Hospital, Slot
from sandbox.services.traffic.tables import Decision
from sandbox.services.utility_bills.tables import Account, Bill
from sandbox.settings import Settings
from sandbox.tables import Base, City, CityService, Meta, Resident, Vehicle
from tests.sandbox.country import THIRTY, city_file, make_country

MOMENT = datetime(2026, 11, 24, 2, 0, tzinfo=timezone.utc)
SEED = 20260101


class Soil:
    """A database in which a country's cities grow."""

    def __init__(self, url, places, seed=SEED):
        self.moment = MOMENT
        self.places = places
        self.database = Database(url)
        self.grower = Grower(self.database, lambda: self.moment, places, find_services(services()))
        self.grower.prepare(seed)

    def grow(self, code, *wanted):
        city = self.places.city(code)
        self.grower.grow(city, wanted or city.says.services)

    def count(self, table):
        with self.database.read() as session:
            return session.execute(select(func.count()).select_from(table)).scalar_one()

    def rows(self):
        """Every row of every table but the sandbox's own, by table."""
        with self.database.engine.connect() as connection:
            return {
                table.name: {tuple(row) for row in connection.execute(table.select())}
                for table in Base.metadata.sorted_tables
                if table.name != Meta.__tablename__
            }


@pytest.fixture(scope="module")
def thirty(tmp_path_factory):
    """Thirty cities of five provinces, seven of them counties."""
    return make_country(tmp_path_factory.mktemp("country"), dict.fromkeys(THIRTY))


@pytest.fixture
def soil(tmp_path):
    """Makes soil for a country's cities."""
    made = []

    def soil(places, **changes):
        made.append(Soil(f"sqlite:///{tmp_path}/{len(made)}.db", places, **changes))
        return made[-1]

    yield soil
    for one in made:
        one.database.dispose()


def token(client):
    form = {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": "sandbox-secret"}
    return f"Bearer {client.post('/oauth/token', data=form).json()['access_token']}"


@pytest.fixture
def serve(tmp_path):
    """Serves a country; the clients have a token."""
    opened = []

    def serve(files, clock=lambda: MOMENT):
        settings = Settings(database_url=f"sqlite:///{tmp_path}/served.db", seed=SEED)
        app = create_app(settings, clock=clock, cities=make_country(tmp_path / "cities", files))
        client = TestClient(app, client=("127.0.0.1", 50000), raise_server_exceptions=False)
        opened.append(client)
        client.__enter__()
        client.headers["Authorization"] = token(client)
        return client

    yield serve
    for client in opened:
        client.__exit__(None, None, None)


def refusal(answer):
    return answer.status_code, answer.json()["code"]


NOT_CONNECTED = (404, "service_not_connected")


@pytest.mark.parametrize("city", ["330500", "999999", "0", "330000", "cities", "..", "%2e%2e", "330300x"])
def test_a_city_without_a_file(serve, city):
    client = serve({"330300": None, "330000": city_file("330000")})
    for path in ("services", "hospitals", "traffic/decisions/1"):
        answer = client.get(f"/cities/{city}/{path}")
        assert answer.status_code == 404
    assert refusal(client.get("/admin/samples", params={"city": city})) == NOT_CONNECTED
    assert client.app.state.sandbox.places.city("330300") is not None


def test_a_service_not_offered_grows_nothing(serve):
    client = serve({"330300": city_file("330300", offered=("water",))})
    for path in (
        "hospitals",
        "utilities/gas/accounts/1/bills",
        "traffic/decisions/1",
        "utilities/electricity/accounts/1/bills",
    ):
        assert refusal(client.get(f"/cities/330300/{path}")) == NOT_CONNECTED
    with client.app.state.sandbox.database.read() as session:
        assert set(session.execute(select(CityService.code)).scalars()) <= {"water"}


def test_a_service_offered_from_a_day_on(serve):
    moment = [MOMENT]
    said = city_file("330300", offered=("hospital",))
    said["services"]["credit"] = "2026-11-26"
    client = serve({"330300": said}, clock=lambda: moment[0])
    person = client.get("/admin/samples", params={"city": "330300"}).json()["people"]["with_credit"]

    def ask():
        return client.post("/cities/330300/credit/score", json=person)

    def codes():
        return [one["code"] for one in client.get("/cities/330300/services").json()["services"]]

    assert refusal(ask()) == NOT_CONNECTED
    assert codes() == ["hospital"]
    # Midnight in the city, not in Greenwich.
    moment[0] = datetime(2026, 11, 25, 16, 0, tzinfo=timezone.utc)
    client.headers["Authorization"] = token(client)
    assert ask().status_code == 200
    assert codes() == ["hospital", "credit"]


def test_a_file_that_cannot_be_used_harms_its_city_alone(serve):
    client = serve({"330300": {"servces": {}}, "330500": None})
    assert refusal(client.get("/cities/330300/services")) == (500, "internal_error")
    assert client.get("/cities/330500/services").status_code == 200


def test_nothing_grows_at_the_start(serve):
    client = serve({"330300": None, "330500": None})
    with client.app.state.sandbox.database.read() as session:
        assert session.query(City).count() == 0
    assert client.get("/cities/330300/services").status_code == 200
    assert client.get("/cities/330300/hospitals").status_code == 200
    with client.app.state.sandbox.database.read() as session:
        assert session.execute(select(CityService.city_code, CityService.code)).all() == [("330300", "hospital")]


def test_killed_in_the_middle_it_grows_whole_the_next_time(soil, thirty):
    whole, broken = soil(thirty), soil(thirty)
    whole.grow("330300")

    def kill(_connection, _cursor, statement, *_):
        if statement.startswith("INSERT INTO slots"):
            raise KeyboardInterrupt

    event.listen(broken.database.engine, "before_cursor_execute", kill)
    with pytest.raises(KeyboardInterrupt):
        broken.grow("330300")
    event.remove(broken.database.engine, "before_cursor_execute", kill)
    assert broken.count(City) == broken.count(Resident) == broken.count(Slot) == 0
    broken.grow("330300")
    assert broken.rows() == whole.rows()


def test_a_service_whose_seeding_fails_leaves_no_trace(soil, thirty, monkeypatch):
    one = soil(thirty)

    def fail(*_):
        raise RuntimeError

    monkeypatch.setattr(Growth, "payee", fail)
    with pytest.raises(RuntimeError):
        one.grow("330300")
    assert one.count(City) == 0


def test_threads_that_ask_at_once_grow_a_city_once(soil, thirty):
    one, alone = soil(thirty), soil(thirty)
    alone.grow("330300")
    at_once([lambda: one.grow("330300")] * 8)
    assert one.rows() == alone.rows()


def test_threads_that_ask_for_parts_of_a_city_and_for_others(soil, thirty):
    one, alone = soil(thirty), soil(thirty)
    for code in ("330300", "441900"):
        alone.grow(code)
    parts = [("330300", "water"), ("441900", "hospital"), ("330300", "hospital"), ("330300",), ("441900",)]
    at_once([lambda part=part: one.grow(*part) for part in parts])
    assert one.rows() == alone.rows()


def test_two_processes_grow_a_city_once(tmp_path, thirty):
    """Two growers that know nothing of each other, on one database."""
    url = f"sqlite:///{tmp_path}/shared.db"
    one, other = Soil(url, thirty), Soil(url, thirty)
    at_once([lambda: one.grow("330300"), lambda: other.grow("330300")])
    assert one.count(City) == 1
    assert one.count(Resident) == len({row[3] for row in one.rows()["residents"]})
    for each in (one, other):
        each.database.dispose()


def at_once(calls):
    together, errors = threading.Barrier(len(calls)), []

    def run(call):
        together.wait()
        try:
            call()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_thirty_cities_in_any_order_are_those_grown_alone(soil, thirty):
    """And no two rows of them get in each other's way."""
    together = soil(thirty)
    order = list(THIRTY)
    random.Random(3).shuffle(order)
    for code in order:
        together.grow(code)
    apart = defaultdict(set)
    for code in random.Random(4).sample(THIRTY, 5):
        alone = soil(thirty)
        alone.grow(code)
        for table, rows in alone.rows().items():
            apart[table] |= rows
    everything = together.rows()
    for table, rows in apart.items():
        assert rows <= everything[table]
    assert together.count(City) == 30
    with together.database.read() as session:
        people = session.execute(select(Resident.id_number, Resident.city_code)).all()
        assert len({number for number, _ in people}) == len(people)
        accounts = session.execute(select(Account.account_number).where(Account.bill_type != "water")).scalars().all()
        assert len(set(accounts)) == len(accounts)
        assert all(is_id_number(number, date(2026, 11, 24)) for number, _ in people)
        for county in ("330782", "429004", "659001", "441900"):
            assert {number[:6] for number, city in people if city == county} == {county}
        assert all(is_plate(plate) for plate in session.execute(select(Vehicle.plate)).scalars())
        lengths = defaultdict(set)
        for kind, number in session.execute(select(Account.bill_type, Account.account_number)):
            lengths[kind].add(len(number))
        assert lengths == {"water": {8}, "gas": {10}, "electricity": {13}}
        names = set(session.execute(select(Account.biller_name).where(Account.city_code == "331082")).scalars())
        assert names == {"临海市自来水公司", "临海市缴费中心"}


def test_parts_in_any_order_make_the_same_city(soil, thirty):
    one, other = soil(thirty), soil(thirty)
    for part in ("credit", "gas", "hospital", "water"):
        one.grow("330300", part)
    for part in ("water", "hospital", "gas", "credit"):
        other.grow("330300", part)
    assert one.rows() == other.rows()


def test_another_seed_is_another_city(soil, thirty):
    one, other = soil(thirty), soil(thirty, seed=7)
    one.grow("330300")
    other.grow("330300")
    for column in (Resident.id_number, Vehicle.plate, Account.account_number, Bill.bill_id, Decision.decision_number):
        with one.database.read() as mine, other.database.read() as theirs:
            numbers = set(mine.execute(select(column)).scalars())
            others = set(theirs.execute(select(column)).scalars())
        assert len(numbers & others) <= len(numbers) / 10, column


def test_a_later_hour_of_the_day_grows_the_same(soil, thirty):
    one, other = soil(thirty), soil(thirty)
    other.moment = MOMENT.replace(hour=15, minute=59)
    one.grow("330300")
    other.grow("330300")
    assert one.rows() == other.rows()


def test_after_a_reset_nothing_is_there_and_the_next_grows_from_the_new_seed(soil, thirty):
    one, other = soil(thirty), soil(thirty, seed=7)
    one.grow("330300")
    one.grow("441900")
    one.grower.reset(7)
    assert all(not rows for rows in one.rows().values())
    one.grow("330500")
    other.grow("330500")
    assert one.rows() == other.rows()


def test_what_a_restarted_city_has_is_not_grown_again(soil, thirty):
    one = soil(thirty)
    one.grow("330300")
    before = one.rows()
    one.grower = Grower(one.database, lambda: MOMENT + timedelta(days=40), thirty, find_services(services()))
    one.grower.prepare(7)
    one.grow("330300")
    assert one.rows() == before


def test_a_service_that_a_file_names_later_grows_beside_the_others(soil, tmp_path):
    before = make_country(tmp_path / "before", {"330300": city_file("330300", offered=("water",))})
    after = make_country(tmp_path / "after", {"330300": city_file("330300", offered=("water", "gas"))})
    one, whole = soil(before), soil(after)
    one.grow("330300")
    one.places = after
    one.grow("330300")
    whole.grow("330300")
    assert one.rows() == whole.rows()


@pytest.mark.parametrize(
    ("code", "name", "alias"),
    [
        ("330300", "温州市第一人民医院", "市一院"),
        ("331082", "临海市第一人民医院", "临海一院"),
        ("532300", "楚雄州第二人民医院", "州二院"),
        ("441900", "东莞市妇幼保健院", "妇保院"),
    ],
)
def test_hospitals_are_named_after_their_city(soil, thirty, code, name, alias):
    one = soil(thirty)
    one.grow(code, "hospital")
    with one.database.read() as session:
        aliases = dict(session.execute(select(Hospital.name, Hospital.aliases)).all())
    assert alias in aliases[name].split("、")


def test_a_city_without_plates_has_no_vehicles(soil, tmp_path):
    said = city_file("330300")
    del said["plate_prefix"]
    one = soil(make_country(tmp_path / "cities", {"330300": said}))
    one.grow("330300")
    assert one.count(Vehicle) == 0
    assert one.count(Bill) > 0


def test_a_county_is_served_like_any_city(serve):
    client = serve({"330782": None})
    samples = client.get("/admin/samples", params={"city": "330782"}).json()
    number = samples["accounts"]["water"]["two_unpaid"]
    bills = client.get(f"/cities/330782/utilities/water/accounts/{number}/bills").json()
    assert bills["biller"]["name"] == "义乌市自来水公司"
    assert len(bills["bills"]) == 2
    plate = samples["plates"]["decided_unpaid"]
    assert client.get(f"/cities/330782/traffic/vehicles/{plate}/violations").json()["count"]
    assert client.get("/cities/330782/hospitals/slots", params={"department": "内科"}).json()["slots"]
    assert client.post("/cities/330782/credit/score", json=samples["people"]["with_credit"]).status_code == 200
    assert client.post("/cities/330782/identity/verification", json=samples["people"]["patient"]).json()["matched"]


def test_a_wrong_example_file_is_named(tmp_path, thirty):
    (tmp_path / "330300.yml").write_text("- 1", encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path}/a.db")
    grower = Grower(database, lambda: MOMENT, thirty, find_services(services()), tmp_path)
    grower.prepare(SEED)
    with pytest.raises(ManifestError, match="330300.yml"):
        grower.grow_all(thirty.city("330300"))
    database.dispose()


def test_the_measuring_script(tmp_path):
    lines = []
    seconds = grow_cities(f"sqlite:///{tmp_path}/grown.db", lines.append)
    assert len(lines) == len(seconds) + 2
    # A bound against gross mistakes only: the machine may be busy.
    assert all(processor < 5 for _, processor in seconds)
