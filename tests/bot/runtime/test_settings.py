"""Ports and log level from the environment, and the sentence for a wrong one."""

from pathlib import Path

import pytest

from bot.runtime import settings
from bot.runtime.settings import Ports, SettingError


@pytest.mark.parametrize("text", ["x", "-1", "0", "65536", "80.5", "５００５", "5005 x"])
def test_a_port_that_is_none_is_said_with_its_variable(text: str) -> None:
    with pytest.raises(SettingError, match="BIANMIN_ACTIONS_PORT"):
        Ports.from_environment({"BIANMIN_ACTIONS_PORT": text})


@pytest.mark.parametrize(
    ("environment", "ports"),
    [
        ({}, Ports(5005, 5055, 8600)),
        ({"BIANMIN_ASSISTANT_PORT": "  "}, Ports(5005, 5055, 8600)),
        ({"BIANMIN_ASSISTANT_PORT": " 6000 ", "BIANMIN_SANDBOX_PORT": "6002"}, Ports(6000, 5055, 6002)),
    ],
)
def test_ports(environment: dict[str, str], ports: Ports) -> None:
    assert Ports.from_environment(environment) == ports


def test_further_assistants_have_the_ports_after_the_first() -> None:
    ports = Ports.from_environment({"BIANMIN_ASSISTANT_PORT": "6000"}, assistants=3)
    assert ports.further == (6001, 6002)
    assert ports.assistants() == ["assistant", "assistant-2", "assistant-3"]
    assert [ports.url(name) for name in ports.assistants()] == [
        f"http://127.0.0.1:{port}" for port in (6000, 6001, 6002)
    ]
    assert Ports().assistants() == ["assistant"]


@pytest.mark.parametrize("port", ["5053", "5054", "8599", "65535"])
def test_no_room_for_so_many_assistants_is_said(port: str) -> None:
    with pytest.raises(SettingError, match=f"BIANMIN_ASSISTANT_PORT={port}"):
        Ports.from_environment({"BIANMIN_ASSISTANT_PORT": port}, assistants=3)
    assert Ports.from_environment({"BIANMIN_ASSISTANT_PORT": port}).assistant == int(port)


def test_an_address() -> None:
    assert Ports().url("sandbox") == "http://127.0.0.1:8600"


def test_the_log_level(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOG_LEVEL", "loud")
    with pytest.raises(SettingError, match="LOG_LEVEL"):
        settings.log_level()
    monkeypatch.setenv("LOG_LEVEL", "debug")
    assert settings.log_level() == 10
    monkeypatch.delenv("LOG_LEVEL")
    assert settings.log_level() == 20


def test_the_model_to_serve(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BIANMIN_MODEL", raising=False)
    assert settings.model_path() == Path("models")
    monkeypatch.setenv("BIANMIN_MODEL", "/tmp/a.tar.gz")
    assert settings.model_path() == Path("/tmp/a.tar.gz")


def test_telemetry_is_off_unless_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("RASA_TELEMETRY_ENABLED", raising=False)
    settings.prepare_environment()
    from rasa import telemetry

    assert telemetry.is_telemetry_enabled() is False
