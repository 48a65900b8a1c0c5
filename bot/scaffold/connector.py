"""A new connector: its module, its test, and its stanza in credentials.yml."""

from __future__ import annotations

import re
from pathlib import Path

from bot.scaffold.templates import ScaffoldError, camel, rendered, write

_NAME = re.compile(r"[a-z][a-z0-9_]{1,29}")
CREDENTIALS = "credentials.yml"


def make(root: Path, name: str, title: str) -> list[str]:
    """Write the files of a connector and open its channel; what was written.

    Args:
        root: the project's folder.
        name: small letters, digits and underscores; the module bears it.
        title: what the app is called: 钉钉.

    Raises:
        ScaffoldError: the name is of another form, or the connector is there.
    """
    if not _NAME.fullmatch(name):
        raise ScaffoldError(f"{name}：名字要 2 到 30 个小写字母、数字或下划线，字母开头，如 dingtalk")
    credentials = root / CREDENTIALS
    text = credentials.read_text(encoding="utf-8")
    if f"connectors.{name}." in text:
        raise ScaffoldError(f"{CREDENTIALS} 里已经有 connectors.{name}")
    files = rendered("connector", "NAME", name, {"name": name, "title": title, "camel": camel(name)})
    write(root, files)
    stanza = f"\n# {title}. POST /webhooks/{name}/webhook; refuses everything until the variable holds the secret.\n"
    stanza += f"connectors.{name}.{camel(name)}Channel: {{secret_from: {secret_variable(name)}}}\n"
    credentials.write_text(text.rstrip("\n") + "\n" + stanza, encoding="utf-8")
    return [*files, CREDENTIALS]


def secret_variable(name: str) -> str:
    """The environment variable that holds a connector's secret."""
    return f"BIANMIN_{name.upper()}_SECRET"
