"""What the residents of the benchmark say, and the process that says it for them."""

import json
import math
import subprocess
import sys
from collections.abc import Sequence

import click

from bot.bench.client import Conversation, Taken, as_plan
from bot.runtime import settings

SENTENCES = (
    "你好",
    "交水费",
    "算了",
    "查一下违章",
    "算了",
    "预约挂号",
    "算了",
    "今天天气怎么样",
    "你能办什么",
    "谢谢",
)
"""One conversation: tasks begun and left, over the services, and what stands around them."""


def conversations(prefix: str, count: int) -> list[Conversation]:
    """Give so many conversations of SENTENCES, each with an id of its own.

    Args:
        prefix: of their ids.
        count: how many.
    """
    return [Conversation(f"{prefix}-{number}", SENTENCES) for number in range(count)]


def talk(url: str, plan: Sequence[Conversation], clients: int = 1, seconds: float = math.inf) -> Taken:
    """Hold conversations from a process of their own.

    Args:
        url: the assistant's address.
        plan: the conversations.
        clients: how many talk at once.
        seconds: after which no new message is sent.

    Raises:
        click.ClickException: the assistant did not answer; says what it did.
    """
    done = subprocess.run(  # noqa: S603 – our own module
        [sys.executable, "-m", "bot.bench.client"],
        cwd=settings.ROOT,
        input=json.dumps(as_plan(url, plan, clients, seconds)),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise click.ClickException(f"no answer / 没有应答: {done.stderr.strip()[-500:]}")
    result = json.loads(done.stdout)
    return Taken(result["taken"], result["seconds"])
