"""Services are found by their manifests' names, and a new one is one module."""

import importlib
import shutil
import sys
from importlib import util
from pathlib import Path

import pytest
import yaml
from starlette.testclient import TestClient

from manifests import ManifestError
from manifests.services import FOLDER, read_services
from sandbox.app import create_app
from sandbox.registry import find_services
from sandbox.settings import Settings
from sandbox.tables import Base
from tests.sandbox.country import city_file, make_country

MODULE = "sandbox.services.library"
LIBRARY = {
    "title": "图书馆",
    "place": 900,
    "city_services": {"library": {"title": "图书馆借书证", "path": "library"}},
    "tasks": {"query_library_card": {"title": "查借书证", "asks": ["person_name", "id_number"], "ends": "look_up"}},
}
ANYTHING = {"title": "查", "asks": [], "ends": "look_up"}


@pytest.fixture
def manifests(tmp_path):
    """The project's manifests with one more."""

    def manifests(name="library", said=LIBRARY):
        folder = tmp_path / "services"
        shutil.copytree(FOLDER, folder)
        (folder / f"{name}.yml").write_text(yaml.safe_dump(said, allow_unicode=True), encoding="utf-8")
        return read_services(folder)

    return manifests


@pytest.fixture
def library():
    """The new service's module, as if it stood in sandbox/services."""
    spec = util.spec_from_file_location(MODULE, Path(__file__).with_name("new_service.py"))
    module = util.module_from_spec(spec)
    sys.modules[MODULE] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules[MODULE]
    Base.metadata.remove(module.Card.__table__)
    Base.registry._dispose_cls(module.Card)


def test_a_manifest_without_a_module(manifests):
    with pytest.raises(ManifestError, match=r"library.yml.*sandbox/services/library.py"):
        find_services(manifests())


def test_a_module_without_a_service(manifests, library):
    del library.service
    with pytest.raises(ManifestError, match=r"sandbox/services/library.py：缺 service"):
        find_services(manifests())


def test_what_a_module_cannot_import_is_not_hidden(manifests, monkeypatch):
    def import_module(name):
        raise ModuleNotFoundError("No module named 'librarian'", name="librarian")

    monkeypatch.setattr(importlib, "import_module", import_module)
    with pytest.raises(ModuleNotFoundError, match="librarian"):
        find_services(manifests())


@pytest.mark.parametrize(
    ("paths", "prefix"),
    [
        (["library"], "/cities/{city}/library"),
        (["books/lent", "books/read"], "/cities/{city}/books"),
        (["books", "bookshops"], "/cities/{city}"),
        (["a/b/c", "a/b/d"], "/cities/{city}/a/b"),
    ],
)
def test_where_the_routes_are(manifests, library, paths, prefix):
    parts = {f"part{place}": {"title": "图书", "path": path} for place, path in enumerate(paths)}
    said = {**LIBRARY, "city_services": parts, "tasks": {"query_books": {**ANYTHING, "city_service": "part0"}}}
    assert find_services(manifests(said=said))[-1].prefix == prefix


def test_a_new_service_is_served_by_its_module_alone(manifests, library, tmp_path):
    cities = {"330300": city_file("330300", offered=("library", "credit")), "330500": None}
    app = create_app(
        Settings(database_url=f"sqlite:///{tmp_path}/city.db"),
        cities=make_country(tmp_path / "cities", cities),
        offered=manifests(),
    )
    with TestClient(app, client=("127.0.0.1", 50000)) as client:
        assert client.post("/cities/330300/library/card").status_code == 401
        form = {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": "sandbox-secret"}
        client.headers["Authorization"] = f"Bearer {client.post('/oauth/token', data=form).json()['access_token']}"
        services = client.get("/cities/330300/services").json()["services"]
        assert [(one["code"], one["name"]) for one in services] == [
            ("credit", "城市信用分"),
            ("library", "图书馆借书证"),
        ]
        people = client.get("/admin/samples", params={"city": "330300"}).json()["people"]
        assert set(people) >= {"patient", "with_credit", "without_credit", "with_library_card"}
        person = people["with_library_card"]
        assert client.post("/cities/330500/library/card", json=person).json()["code"] == "service_not_connected"
        stranger = {**person, "name": "李四"}
        assert client.post("/cities/330300/library/card", json=stranger).json()["code"] == "identity_mismatch"
        card = client.post("/cities/330300/library/card", json=person).json()
        path = f"/cities/330300/library/cards/{card['card_number']}/payments"
        for key, amount, status, code in (
            ("a", "999.00", 409, "amount_mismatch"),
            ("b", card["owed"], 200, None),
            ("b", card["owed"], 200, None),
            ("c", card["owed"], 409, "library_fee_already_paid"),
        ):
            body = {"trade_number": "T1", "amount": amount}
            answer = client.post(path, json=body, headers={"Idempotency-Key": key})
            assert (answer.status_code, answer.json().get("code")) == (status, code)
        assert client.post("/cities/330300/library/card", json=person).json()["owed"] == "0.00"
        assert "图书馆" in client.get("/openapi.json").json()["info"]["description"]
