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
"""All processes listen here only; a reverse proxy is what faces the world."""

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


ASSISTANT = "assistant"
LAST_PORT = 65535

MOST_ASSISTANTS = 32
"""Of one house on one machine; more is a slip of the finger."""


@dataclass(frozen=True)
class Ports:
    """The TCP ports of the processes, each with the variable that changes it.

    Attributes:
        further: of the second, third, … assistant, which are named assistant-2, assistant-3, …
    """

    assistant: int = 5005
    actions: int = 5055
    sandbox: int = 8600
    further: tuple[int, ...] = ()

    VARIABLES = {
        "assistant": "BIANMIN_ASSISTANT_PORT",
        "actions": "BIANMIN_ACTIONS_PORT",
        "sandbox": "BIANMIN_SANDBOX_PORT",
    }

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, assistants: int = 1) -> "Ports":
        """Read the ports; further assistants have those after the first one's.

        Raises:
            SettingError: a variable is not a port number, or leaves no room for so many assistants.
        """
        defaults = cls()
        ports = {
            name: _port(environment, variable, getattr(defaults, name)) for name, variable in cls.VARIABLES.items()
        }
        further = tuple(range(ports["assistant"] + 1, ports["assistant"] + assistants))
        others = [name for name in ("actions", "sandbox") if ports[name] in further]
        if others or (further and further[-1] > LAST_PORT):
            raise SettingError(
                f"{cls.VARIABLES['assistant']}={ports['assistant']}：{assistants} 个助手要连着的 {assistants} 个端口，放不下 / "
                f"no room for {assistants} assistants in a row"
            )
        return cls(**ports, further=further)

    def of(self, name: str) -> int:
        """Give the port of one process, by its name."""
        kind, _, number = name.partition("-")
        return self.further[int(number) - 2] if number else int(getattr(self, kind))

    def url(self, name: str) -> str:
        """Give the address of one process, by its name, without a slash at the end."""
        return f"http://{HOST}:{self.of(name)}"

    def assistants(self) -> list[str]:
        """Name the assistants, the first one first."""
        return [ASSISTANT, *(f"{ASSISTANT}-{number}" for number in range(2, 2 + len(self.further)))]


def _port(environment: Mapping[str, str], variable: str, default: int) -> int:
    text = environment.get(variable, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= LAST_PORT:
        raise SettingError(f"{variable}={text!r} 不是端口号（1–{LAST_PORT}） / is not a port number")
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
