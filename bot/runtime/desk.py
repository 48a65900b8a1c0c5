"""Commands that are the action server's: handed to its desk (`python -m actions.desk`), for the ledger is none of Rasa's."""

import subprocess
import sys

import click

from bot.runtime import settings


def at_the_desk(name: str, help_text: str) -> click.Command:
    """Make the command that hands its arguments on as they are, and ends as the desk's ends.

    Args:
        name: the desk's command.
        help_text: for the list of commands; the rest of the help is the desk's own.
    """

    @click.command(
        name=name,
        help=help_text,
        context_settings={"ignore_unknown_options": True, "help_option_names": []},
        add_help_option=False,
    )
    @click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
    def command(arguments: tuple[str, ...]) -> None:
        line = [sys.executable, "-m", "actions.desk", name, *arguments]
        sys.exit(subprocess.run(line, cwd=settings.ROOT, check=False).returncode)  # noqa: S603 – our own module

    return command
