"""Where things stand and what may be set from outside: ports, addresses, folders. All settings are environment variables."""

import logging
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The project's root folder."""

HOST = "127.0.0.1"
"""All three processes listen here only; a reverse proxy is what faces the world."""

CONFIG_FILE = "config.yml"
DOMAIN_FILE = "domain.yml"
DATA_FOLDER = "data"
ENDPOINTS_FILE = "endpoints.yml"
CREDENTIALS_FILE = "credentials.yml"
MODELS_FOLDER = "models"
STORY_TESTS_FOLDER = "tests/stories"
LOG_FOLDER = "var/log"


class SettingError(ValueError):
    """An environment variable holds something that cannot be used; the message says which and what."""


@dataclass(frozen=True)
class Ports:
    """The TCP ports of the three processes, each with the variable that changes it."""

    assistant: int = 5005
    actions: int = 5055
    sandbox: int = 8600

    VARIABLES = {
        "assistant": "BIANMIN_ASSISTANT_PORT",
        "actions": "BIANMIN_ACTIONS_PORT",
        "sandbox": "BIANMIN_SANDBOX_PORT",
    }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> "Ports":
        """Read the ports.

        Raises:
            SettingError: a variable is not a port number.
        """
        defaults = cls()
        return cls(
            **{name: _port(environment, variable, getattr(defaults, name)) for name, variable in cls.VARIABLES.items()}
        )

    def url(self, name: str) -> str:
        """Give the address of one process, by its name, without a slash at the end."""
        return f"http://{HOST}:{getattr(self, name)}"


def _port(environment: Mapping[str, str], variable: str, default: int) -> int:
    text = environment.get(variable, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
        raise SettingError(f"{variable}={text!r} 不是端口号（1–65535） / is not a port number")
    return int(text)


def model_path() -> Path:
    """Give the model to serve: BIANMIN_MODEL where it is set, else the models folder (Rasa takes the newest in it)."""
    return Path(os.environ.get("BIANMIN_MODEL", "").strip() or MODELS_FOLDER)


def log_level() -> int:
    """Give the lowest level that is logged: LOG_LEVEL by name, INFO by default (Rasa reads the same variable).

    Raises:
        SettingError: there is no level of that name.
    """
    name = os.environ.get("LOG_LEVEL", "").strip().upper() or "INFO"
    level = logging.getLevelName(name)
    if not isinstance(level, int):
        raise SettingError(f"LOG_LEVEL={name!r} 不是日志级别 / is not a log level (DEBUG, INFO, WARNING, ERROR)")
    return level


def enter_project() -> None:
    """Make this process stand in the project: working folder, import path, and what Rasa reads from the environment."""
    os.chdir(ROOT)
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    prepare_environment()


def prepare_environment() -> None:
    """Set what Rasa reads from the environment, where it is not set yet."""
    defaults = {
        # Rasa reports usage to its makers unless told not to.
        "RASA_TELEMETRY_ENABLED": "false",
        # Rasa warns about libraries' own deprecations, which nobody here can mend.
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        # pypinyin would load 57 MB of phrases; we ask it for single characters only.
        "PYPINYIN_NO_PHRASES": "true",
    }
    for name, value in defaults.items():
        os.environ.setdefault(name, value)


def set_addresses() -> None:
    """Set the variables that endpoints.yml names, where they are not set yet."""
    os.environ.setdefault("BIANMIN_ACTIONS_URL", Ports.from_environment().url("actions") + "/webhook")
