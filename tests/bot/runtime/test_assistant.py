"""The assistant's process does not start on conversations that it cannot read, and says why in its last line."""

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from rasa.core.utils import AvailableEndpoints
from rasa.utils.endpoints import EndpointConfig

from bot.conversations.tracker_store import ConversationStore
from bot.runtime import assistant, settings
from bot.runtime.action_endpoint import ActionEndpoint
from bot.runtime.endpoints import set_endpoint_variables


def start(tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the check that the assistant's process begins with."""
    code = "from bot.runtime import assistant; assistant.refuse_unusable_conversations()"
    key = {"BIANMIN_CONVERSATIONS_KEY": Fernet.generate_key().decode()}
    url = {"BIANMIN_CONVERSATIONS_URL": f"sqlite:///{tmp_path}/conversations.db"}
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.ROOT,
        env={"PATH": "", **key, **url, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_with_another_key_it_does_not_start(tmp_path: Path) -> None:
    assert start(tmp_path).returncode == 0
    refused = start(tmp_path)
    assert refused.returncode == 1
    assert "BIANMIN_CONVERSATIONS_KEY" in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("BIANMIN_CONVERSATIONS_URL", "postgresql://nobody@127.0.0.1:9/none"),
        ("BIANMIN_CONVERSATIONS_URL", "mysql://x"),
        ("BIANMIN_CONVERSATIONS_KEY", "short"),
        ("BIANMIN_REDIS_URL", "localhost"),
        ("BIANMIN_REDIS_URL", "redis://127.0.0.1:9/0"),
    ],
)
def test_what_it_cannot_start_with_is_named(tmp_path: Path, variable: str, value: str) -> None:
    refused = start(tmp_path, **{variable: value})
    assert refused.returncode == 1
    assert variable in refused.stderr.splitlines()[-1]
    assert "Traceback" not in refused.stderr


async def test_the_store_of_endpoints_yml_is_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIANMIN_CONVERSATIONS_URL", f"sqlite:///{tmp_path}/conversations.db")
    monkeypatch.setenv("BIANMIN_CONVERSATIONS_KEY", Fernet.generate_key().decode())
    monkeypatch.setenv("BIANMIN_ACTIONS_URL", "http://127.0.0.1:9/webhook")
    monkeypatch.setenv("BIANMIN_ACTIONS_TOKEN", "shown-to-nobody-here")
    endpoints = AvailableEndpoints.read_endpoints(str(settings.ROOT / settings.ENDPOINTS_FILE))
    store = assistant.tracker_store(endpoints, None)
    assert isinstance(store, ConversationStore)
    await store.close()


def test_the_action_server_is_shown_our_secret_over_kept_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIANMIN_ACTIONS_URL", "http://127.0.0.1:9/webhook")
    monkeypatch.setenv("BIANMIN_ACTIONS_TOKEN", " given-by-the-house ")
    set_endpoint_variables()
    action = AvailableEndpoints.read_endpoints(str(settings.ROOT / settings.ENDPOINTS_FILE)).action
    assert action is not None
    assert action.headers == {"Authorization": "Bearer given-by-the-house"}
    assert ActionEndpoint.like(action)._connections is not None


def test_a_store_that_cannot_be_imported_is_not_replaced_by_forgetting() -> None:
    """Rasa itself warns and keeps conversations in memory."""
    endpoints = AvailableEndpoints(tracker_store=EndpointConfig(type="bot.conversations.nowhere.Store"))
    with pytest.warns(UserWarning, match="not found"), pytest.raises(RuntimeError, match="nowhere"):
        assistant.tracker_store(endpoints, None)
