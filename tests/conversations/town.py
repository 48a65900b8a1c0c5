"""The running house as a conversation test sees it: besides talking, it looks into the city and into the ledger."""

import itertools
import json
import time

import httpx
from sqlalchemy import create_engine, text

from actions.ledger import Ledger
from bot.runtime import tokens
from tests.house import ACTIONS_TOKEN

CITY = "330100"
_SEEDS = itertools.count(20260102)


class Town:
    """Wraps the house; what it does not know itself it asks the house."""

    def __init__(self, house):
        self._house = house
        self._token = None
        self.ledger = Ledger(house.ledger_url, house.ledger_key)

    def __getattr__(self, name):
        return getattr(self._house, name)

    # ---- the assistant

    def tracker(self, conversation_id):
        """A conversation's tracker."""
        return self._house.kept.tracker(conversation_id)

    def post_message(self, conversation_id, message):
        """Post any text to the REST channel; status and body, whatever they are. Lone surrogates go through too."""
        url = f"{self._house.ports.url('assistant')}/webhooks/rest/webhook"
        body = json.dumps({"sender": conversation_id, "message": message})
        headers = {"Content-Type": "application/json", **tokens.bearer()}
        answer = httpx.post(url, content=body, headers=headers, timeout=30)
        return answer.status_code, answer.text

    def call_action(self, action, tracker, headers=None):
        """Have an action run with any conversation, as the assistant would; by default with the right secret."""
        body = {"next_action": action, "sender_id": tracker["sender_id"], "tracker": tracker, "domain": {}}
        shown = {"Authorization": f"Bearer {ACTIONS_TOKEN}"} if headers is None else headers
        url = f"{self._house.ports.url('actions')}/webhook"
        return httpx.post(url, json=body, headers=shown, timeout=30, trust_env=False)

    def log_of(self, process):
        """The log of one of the three processes so far."""
        return self._house.supervisor.log_path(process).read_text(encoding="utf-8", errors="replace")

    # ---- the city

    def call(self, method, path, **arguments):
        """Call the city's API with a token of ours."""
        if self._token is None:
            form = {"grant_type": "client_credentials", "client_id": "bianmin", "client_secret": "sandbox-secret"}
            self._token = self.sandbox.post("/oauth/token", data=form).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._token}", **arguments.pop("headers", {})}
        return self.sandbox.request(method, path, headers=headers, **arguments)

    def get(self, path, city=CITY, **arguments):
        """What a city answers to a GET, as data."""
        answer = self.call("GET", f"/cities/{city}{path}", **arguments)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def reset_city(self):
        """Seed a city that no test has seen, so that the ledger knows none of its bills, and take the faults away."""
        self.sandbox.post("/admin/reset", params={"seed": next(_SEEDS)}).raise_for_status()
        self.clear_faults()
        self._token = None

    def samples(self, city=CITY):
        """Believable things to say in a city."""
        return self.sandbox.get("/admin/samples", params={"city": city}).json()

    def fault(self, **fault):
        """Let the city fail in one way."""
        self.sandbox.post("/admin/faults", json=fault).raise_for_status()

    def clear_faults(self):
        """Let the city work again."""
        self.sandbox.delete("/admin/faults").raise_for_status()

    def rest_circuits(self):
        """Wait until an open circuit lets a call through again."""
        time.sleep(5.5)

    def bills(self, kind, account):
        """An account's unpaid bills, newest first."""
        return self.get(f"/utilities/{kind}/accounts/{account}/bills?status=unpaid")["bills"]

    def bill(self, kind, account, bill_id):
        """One bill."""
        every = self.get(f"/utilities/{kind}/accounts/{account}/bills?status=all")["bills"]
        return next(bill for bill in every if bill["bill_id"] == bill_id)

    def engine_number(self, plate):
        """The last six characters of a vehicle's engine number."""
        return self.sandbox_rows("SELECT number FROM engine_numbers WHERE plate = :plate", plate=plate)[0]["number"][
            -6:
        ]

    def violations(self, plate):
        """A plate's violations."""
        body = {"engine_number": self.engine_number(plate), "status": "all"}
        return self.call("POST", f"/cities/{CITY}/traffic/vehicles/{plate}/violations/search", json=body).json()[
            "violations"
        ]

    def decision(self, number):
        """A penalty decision."""
        return self.get(f"/traffic/decisions/{number}")

    def sandbox_rows(self, query, **values):
        """What a query finds in the sandbox's own database."""
        engine = create_engine(self._house.sandbox_url)
        with engine.connect() as connection:
            found = [dict(row) for row in connection.execute(text(query), values).mappings().all()]
        engine.dispose()
        return found

    def owner(self, plate):
        """The owner of a vehicle, by name and ID number."""
        query = "SELECT name, id_number FROM residents JOIN vehicles ON owner_id = id WHERE plate = :plate"
        return self.sandbox_rows(query, plate=plate)[0]

    def stranger(self, plate, licence=True):
        """A resident of the city who does not own the vehicle, with a driving licence or without."""
        query = (
            "SELECT residents.name, id_number FROM residents JOIN vehicles ON plate = :plate WHERE owner_id != id AND "
            f"residents.city_code = vehicles.city_code AND licence_issued_on IS {'NOT ' if licence else ''}NULL "
            "ORDER BY id LIMIT 1"
        )
        return self.sandbox_rows(query, plate=plate)[0]

    def appointments(self, person):
        """A person's bookings."""
        answer = self.call("POST", f"/cities/{CITY}/hospitals/appointments/search", json=_who(person))
        return answer.json()["appointments"]

    def search(self, path, person):
        """What the city has of a person, asked by name and ID number."""
        return self.call("POST", f"/cities/{CITY}{path}", json=_who(person)).json()

    def credit(self, person):
        """A person's credit record."""
        return self.search("/credit/score", person)

    def fill_slot(self, slot_id):
        """Let other people book a doctor's time until no place is left."""
        for person in self.sandbox_rows("SELECT name, id_number FROM residents ORDER BY id DESC LIMIT 40"):
            answer = self.call(
                "POST",
                f"/cities/{CITY}/hospitals/appointments",
                json={"slot_id": slot_id, "patient": _who(person)},
                headers={"Idempotency-Key": f"other-{slot_id}-{person['id_number']}"},
            )
            if answer.status_code == 409 and answer.json()["code"] == "slot_taken":
                return
        raise AssertionError("the slot could not be filled")

    # ---- the ledger

    def orders(self, conversation_id):
        """The payment orders of a conversation, oldest first."""
        return self.ledger.select_orders(self.ledger._asked_in(conversation_id))[::-1]

    def moves(self, order):
        """The states that an order moved to."""
        return [move.target.value for move in self.ledger.transitions(order.trade_number)]

    def hand_overs(self, conversation_id):
        """The hand-over records of a conversation."""
        return self.ledger.hand_overs(conversation_id)

    @staticmethod
    def wait_for(happened, seconds=20.0):
        """Wait until `happened()` is true."""
        until = time.monotonic() + seconds
        while not happened():
            assert time.monotonic() < until, "it did not happen in time"
            time.sleep(0.2)


def _who(person):
    return {"name": person["name"], "id_number": person["id_number"]}
