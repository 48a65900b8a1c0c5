"""`python -m bot chat`: talk to the running assistant in the terminal."""

import uuid

import click
import httpx
from rich.console import Console
from rich.markup import escape

from bot.runtime.rest_client import Reply, RestClient
from bot.runtime.settings import Ports, SettingError


@click.command(help="Talk to the running assistant. A number presses a button; an empty line or Ctrl-D ends.")
@click.option("--url", help="Address of the assistant; the one that `run` starts by default.")
def command(url: str | None) -> None:
    """Read lines until there are no more."""
    console = Console()
    conversation_id = f"terminal-{uuid.uuid4().hex[:8]}"
    buttons: list[dict[str, str]] = []
    try:
        client = RestClient(url or Ports.from_environment().url("assistant"))
    except SettingError as error:
        raise click.ClickException(str(error)) from error
    with client:
        text = "/greet"
        while text:
            try:
                with console.status("…"):
                    replies = client.say(conversation_id, pressed(text, buttons))
            except httpx.HTTPStatusError as error:
                if error.response.status_code != httpx.codes.UNAUTHORIZED:
                    raise click.ClickException(f"助手没有答好 / the assistant failed: {error}") from error
                raise click.ClickException(
                    "助手不认这个令牌：用它的 BIANMIN_REST_TOKEN，或在它的目录里运行 / the assistant does not know this token"
                ) from error
            except httpx.HTTPError as error:
                raise click.ClickException(
                    f"助手没有应答，先运行 make run / no answer from the assistant: {error}"
                ) from error
            buttons = show(console, replies)
            try:
                text = console.input("[bold cyan]> [/]").strip()
            except (EOFError, KeyboardInterrupt):
                break
    console.print("再见")


def pressed(text: str, buttons: list[dict[str, str]]) -> str:
    """Give the payload of the button whose number was typed, else the text itself."""
    if text.isascii() and text.isdigit() and 1 <= int(text) <= len(buttons):
        return buttons[int(text) - 1]["payload"]
    return text


def show(console: Console, replies: list[Reply]) -> list[dict[str, str]]:
    """Print replies, with their buttons numbered.

    Returns:
        The buttons of the last reply that had some, in the order of their numbers.
    """
    buttons: list[dict[str, str]] = []
    for reply in replies:
        if reply.get("text"):
            console.print(f"[green]●[/] {escape(reply['text'])}", highlight=False)
        if reply.get("buttons"):
            buttons = reply["buttons"]
            for number, button in enumerate(buttons, start=1):
                console.print(f"   [bold]{number}[/] {escape(button['title'])}", highlight=False)
    return buttons
