"""Where conversations are kept, with which key, how long, and how many at hand: environment variables, all with defaults."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from bot.conversations.errors import ConversationSettingError
from bot.runtime.key_files import key_in_file
from bot.runtime.settings import ROOT

URL, KEY, REDIS = "BIANMIN_CONVERSATIONS_URL", "BIANMIN_CONVERSATIONS_KEY", "BIANMIN_REDIS_URL"
DAYS, AT_HAND = "BIANMIN_CONVERSATIONS_DAYS", "BIANMIN_CONVERSATIONS_AT_HAND"

DEFAULT_URL = "sqlite:///var/conversations.db"
KEY_FILE = "var/conversations.key"
NEW_KEY = "BIANMIN_CONVERSATIONS_NEW_KEY"  # read by `rotate-key` only


@dataclass(frozen=True)
class ConversationSettings:
    """What the conversation store runs with.

    Attributes:
        url: the database, as SQLAlchemy writes it; a relative SQLite path counts from the project's folder.
        key: a Fernet key (32 bytes in URL-safe base64); what is stored is encrypted with keys derived from it.
        days: how long a conversation is kept after its last message.
        at_hand: how many conversations stay in memory, 0.2 MB each; others are read back from the database.
        redis_url: where several assistants agree on whose turn it is; empty where there is one assistant.
    """

    url: str
    key: str = field(repr=False)
    days: int = 30
    at_hand: int = 128
    redis_url: str = ""

    @property
    def shared(self) -> bool:
        """Whether another assistant may write the same conversations."""
        return bool(self.redis_url) or self.url.startswith("postgresql")

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ, root: Path = ROOT) -> "ConversationSettings":
        """Read the environment; where no key is given, the one in var/ is used, made there if need be.

        Raises:
            ConversationSettingError: a value cannot be used.
        """
        return cls(
            url=_database(environment.get(URL, "").strip() or DEFAULT_URL, root),
            key=_key(environment.get(KEY, "").strip(), root),
            days=_whole(environment, DAYS, cls.days, most=3650),
            at_hand=_whole(environment, AT_HAND, cls.at_hand, most=100_000),
            redis_url=redis_url(environment),
        )


def redis_url(environment: Mapping[str, str] = os.environ) -> str:
    """Give the address of Redis; empty where none is named.

    Raises:
        ConversationSettingError: it is no address of Redis.
    """
    url = environment.get(REDIS, "").strip()
    if url and not url.startswith(("redis://", "rediss://", "unix://")):
        raise ConversationSettingError(f"{REDIS} 应是 redis://… / must be an address of Redis, redis://…")
    return url


def _database(url: str, root: Path) -> str:
    if url.startswith("postgres://"):
        return "postgresql://" + url.removeprefix("postgres://")
    if url.startswith("postgresql"):
        return url
    path = url.removeprefix("sqlite:///")
    if path in (url, "") or path.startswith(":memory:"):
        raise ConversationSettingError(
            f"{URL} 应是 sqlite:///文件 或 postgresql://… / must be sqlite:///<file> or postgresql://…"
        )
    return f"sqlite:///{(root / path).resolve()}"


def _whole(environment: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = environment.get(name, "").strip() or str(default)
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
        raise ConversationSettingError(f"{name}={text!r} 应是 1–{most} 的整数 / must be a whole number")
    return int(text)


def _key(given: str, root: Path) -> str:
    return checked_key(given or key_in_file(root / KEY_FILE), KEY if given else KEY_FILE)


def checked_key(key: str, source: str) -> str:
    """Give a key back as it is.

    Args:
        key: what is said to be one.
        source: the variable or file it comes from.

    Raises:
        ConversationSettingError: it is none; names the source, never the value.
    """
    try:
        Fernet(key)
    except ValueError:
        raise ConversationSettingError(
            f"{source} 不是密钥（URL-safe base64 的 32 字节） / is no Fernet key (32 bytes in URL-safe base64)"
        ) from None
    return key
