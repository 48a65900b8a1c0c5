"""The variables that endpoints.yml names: where the action server is, and what is shown to it."""

import os

from bot.runtime import tokens
from bot.runtime.settings import Ports


def set_endpoint_variables() -> None:
    """Set them in this process's environment, where they are not set yet; Rasa puts their values in as it reads the file.

    Raises:
        SettingError: a port or BIANMIN_ACTIONS_TOKEN cannot be used.
    """
    os.environ.setdefault("BIANMIN_ACTIONS_URL", Ports.from_environment().url("actions") + "/webhook")
    os.environ[tokens.ACTIONS] = tokens.secret(tokens.ACTIONS)
