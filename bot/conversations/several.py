"""What more than one assistant needs: a database and locks that all of them reach, and the sentence where they are missing."""

import os
import socket
from collections.abc import Mapping

from bot.conversations.errors import ConversationSettingError
from bot.conversations.settings import REDIS, URL

HERE = "127.0.0.1"
POSTGRESQL_PORT, REDIS_PORT = 5432, 6379
LOOK_SECONDS = 0.5


def refuse_unshared(assistants: int, environment: Mapping[str, str] = os.environ) -> None:
    """Refuse more than one assistant where their settings give each a database or locks of its own.

    Two processes on one SQLite file would answer from what each remembers, and a lock in one's memory keeps nobody else out.

    Raises:
        ConversationSettingError: says what to set, and what of it already stands on this machine.
    """
    if assistants == 1:
        return
    missing = []
    if not environment.get(URL, "").strip().startswith("postgres"):
        missing.append(
            f"PostgreSQL（{_whether(POSTGRESQL_PORT)}）：export {URL}=postgresql://用户:密码@{HERE}:{POSTGRESQL_PORT}/库名"
        )
    if not environment.get(REDIS, "").strip():
        missing.append(f"Redis 6.0.6 或更新（{_whether(REDIS_PORT)}）：export {REDIS}=redis://{HERE}:{REDIS_PORT}/0")
    if missing:
        lines = "\n  · ".join(
            [
                f"同时开 {assistants} 个助手，对话和锁要放在大家都够得着的地方；SQLite 和进程内的锁只够一个助手用。还缺：",
                *missing,
            ]
        )
        raise ConversationSettingError(f"{lines}\n设好再运行；详见 docs/operating.md")


def _whether(port: int) -> str:
    try:
        socket.create_connection((HERE, port), timeout=LOOK_SECONDS).close()
    except OSError:
        return f"本机 {port} 端口上没有，请先安装或换成别处的地址"
    return f"本机 {port} 端口上有程序在听，多半就是它"
