"""The secrets by which callers are known: from the environment, else from a file in var/ that only its owner reads.

| variable | file | who shows it to whom |
| --- | --- | --- |
| `BIANMIN_REST_TOKEN` | var/rest.token | who calls the REST channel and `/model/parse`, to the assistant |
| `BIANMIN_ACTIONS_TOKEN` | var/actions.token | the assistant, to the action server (`actions.settings` reads the same) |
| `BIANMIN_SESSION_KEY` | var/session.key | signs the cookies of the page; shown to nobody |
"""

import hmac
import os
from collections.abc import Mapping
from pathlib import Path

from bot.runtime.key_files import key_in_file
from bot.runtime.settings import ROOT, SettingError
from serving.names import NAMES, derived_key

REST, ACTIONS, SESSION = "BIANMIN_REST_TOKEN", "BIANMIN_ACTIONS_TOKEN", "BIANMIN_SESSION_KEY"
FILES = {REST: "var/rest.token", ACTIONS: "var/actions.token", SESSION: "var/session.key"}

SHORTEST = 16
"""Characters of a secret; what is shorter can be guessed."""

SCHEME = "Bearer "


def secret(variable: str, environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> str:
    """Give one of the secrets.

    Args:
        variable: one of FILES.
        environment: where it is looked for first.
        root: the folder that var/ stands in.

    Raises:
        SettingError: it is too short, or cannot stand in a header; names the variable, never the value.
    """
    given = environment.get(variable, "").strip()
    value = given or key_in_file(root / FILES[variable])
    if len(value) < SHORTEST or not value.isascii() or not value.isprintable() or " " in value:
        source = variable if given else FILES[variable]
        raise SettingError(
            f"{source} 至少 {SHORTEST} 个字符，只能是 ASCII 字母、数字和符号，不含空格 / "
            f"must have {SHORTEST} or more ASCII characters, no blanks"
        )
    return value


def names_key(environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> bytes:
    """Give the key of conversations' names in the log, the same for assistants and action servers (`serving.names`).

    Raises:
        SettingError: BIANMIN_ACTIONS_TOKEN, which it is derived from, cannot be used.
    """
    return derived_key(secret(ACTIONS, environment, root), NAMES)


def bearer(variable: str = REST) -> dict[str, str]:
    """Give the header that shows one of the secrets.

    Raises:
        SettingError: it cannot be used.
    """
    return {"Authorization": SCHEME + secret(variable)}


def is_shown(wanted: str, header: str | None, argument: str | None = None) -> bool:
    """Tell whether a request shows a secret, in a time that tells nothing of it.

    Args:
        wanted: the secret.
        header: the request's `Authorization`.
        argument: `token` of its query, which is how Rasa's own clients send it (`rasa.core.channels.console`).
    """
    shown = header[len(SCHEME) :] if header and header[: len(SCHEME)].lower() == SCHEME.lower() else argument
    return hmac.compare_digest(wanted.encode(), (shown or "").strip().encode("utf-8", "surrogateescape"))
