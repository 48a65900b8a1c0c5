"""The three real processes, run for tests: on free ports, with databases and logs of their own."""

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from cryptography.fernet import Fernet

from bot.runtime.rest_client import Reply, RestClient
from bot.runtime.settings import Ports
from bot.runtime.supervisor import Supervisor, free_ports
from tests.conversations_kept import KeptConversations

READY_SECONDS = 120.0
QUOTE_KEY = "signs-what-the-houses-of-tests-have-read-out"
ACTIONS_TOKEN = "shown-by-the-assistants-of-tests"
"""What these houses' action servers want to be shown, whatever another test has put into the environment."""

LINK = re.compile(r"https?://[^\s，。；）)]+")


@dataclass
class House:
    """What an end-to-end test does with the running house.

    Attributes:
        ports: where the three processes listen.
        sandbox: an HTTP client of the sandbox city (its admin routes and its cashier), cookies and all.
        ledger_url: SQLAlchemy address of the ledger's database.
        sandbox_url: SQLAlchemy address of the sandbox's database.
        ledger_key: the Fernet key of the ledger.
        kept: what the assistants keep of conversations.
    """

    ports: Ports
    supervisor: Supervisor
    rest: RestClient
    sandbox: httpx.Client
    ledger_url: str
    sandbox_url: str
    ledger_key: str
    kept: KeptConversations

    def say(self, conversation_id: str, text: str) -> list[Reply]:
        """Say something to the assistant over REST; all its replies, each with `text` and perhaps `buttons`."""
        return self.rest.say(conversation_id, text)

    def hear(self, conversation_id: str, text: str) -> str:
        """Say something; the texts of all replies in one string, one a line."""
        return "\n".join(reply.get("text", "") for reply in self.say(conversation_id, text))

    def parse(self, text: str) -> dict[str, Any]:
        """Ask how a text is understood: `intent` and `entities`."""
        return self.rest.parse(text)

    def press_cashier(self, text: str) -> httpx.Response:
        """Open the cashier link that stands in a reply's text and press its button, as the resident would."""
        found = LINK.search(text)
        assert found is not None, f"no link in {text!r}"
        page = self.sandbox.get(found.group())
        assert page.status_code == httpx.codes.OK, page.text
        return self.sandbox.post(found.group().rstrip("/") + "/confirmation")

    def log_text(self) -> str:
        """All log lines of the three processes so far."""
        paths = [self.supervisor.log_path(service.name) for service in self.supervisor.services]
        return "\n".join(path.read_text(encoding="utf-8", errors="replace") for path in paths if path.is_file())

    def kill_actions(self) -> None:
        """End the action server as a crash would (SIGKILL); it stays down until `restart_actions`."""
        self.supervisor.kill("actions")

    def restart_actions(self) -> None:
        """Start the action server (again), and wait until it answers."""
        self.supervisor.restart("actions")
        self.supervisor.wait_until_ready(READY_SECONDS)


def start_house(folder: Path, model: Path, assistants: int = 1, **environment: str) -> House:
    """Start the processes and wait until they answer.

    Args:
        folder: for databases and logs.
        model: the model the assistant serves.
        assistants: how many.
        environment: variables to set besides; {sandbox} in one stands for the sandbox's address.
    """
    ports = free_ports(assistants)
    sandbox_url = f"sqlite:///{folder}/sandbox.db"
    ledger_key = Fernet.generate_key().decode()
    set_here = {
        "DATABASE_URL": f"sqlite:///{folder}/ledger.db",
        "BIANMIN_SANDBOX_DATABASE_URL": sandbox_url,
        "BIANMIN_LEDGER_KEY": ledger_key,
        "BIANMIN_CONVERSATIONS_URL": f"sqlite:///{folder}/conversations.db",
        "BIANMIN_CONVERSATIONS_KEY": Fernet.generate_key().decode(),
        "BIANMIN_MODEL": str(model),
        "BIANMIN_CITY_API_URL": ports.url("sandbox"),
        "BIANMIN_NOTICE_URL": ports.url("actions") + "/payments/notice",
        "BIANMIN_ACTIONS_URL": ports.url("actions") + "/webhook",
        "BIANMIN_ACTIONS_TOKEN": ACTIONS_TOKEN,
        "BIANMIN_QUOTE_KEY": QUOTE_KEY,
        "BIANMIN_RECONCILE_SECONDS": "2",
        "BIANMIN_DEFAULT_CITY": "330100",
        "LOG_LEVEL": "INFO",
        # Tests say more in a minute than residents do.
        "BIANMIN_LIMITS": "off",
        **{name: value.replace("{sandbox}", ports.url("sandbox")) for name, value in environment.items()},
    }
    supervisor = Supervisor(ports=ports, environment={**os.environ, **set_here}, log_folder=folder / "log")
    try:
        supervisor.start()
        supervisor.wait_until_ready(READY_SECONDS)
    except BaseException:
        supervisor.stop()
        raise
    rest = RestClient(ports.url("assistant"))
    sandbox = httpx.Client(base_url=ports.url("sandbox"), timeout=10.0, trust_env=False, follow_redirects=True)
    kept = KeptConversations(set_here["BIANMIN_CONVERSATIONS_URL"], set_here["BIANMIN_CONVERSATIONS_KEY"])
    return House(ports, supervisor, rest, sandbox, set_here["DATABASE_URL"], sandbox_url, ledger_key, kept)


def stop_house(house: House) -> None:
    """Stop the three processes and close the clients."""
    house.rest.close()
    house.sandbox.close()
    house.kept.close()
    house.supervisor.stop()
