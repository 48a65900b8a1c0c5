"""`python -m bot rasa …`: Rasa's own command line in this house, for people who know Rasa."""

import os
import sys
from pathlib import Path

import click

from bot.runtime import logs, models, settings

MERGED_DOMAIN = Path("var/domain.yml")

WITHOUT_IMPORTER = (("visualize",), ("evaluate", "markers"))
"""Rasa commands that read `--domain` as it stands instead of asking the importer named in config.yml."""


@click.command(
    help="Run Rasa's own command line: train, shell, data validate, test, visualize, …",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Hand the arguments to Rasa as they are."""
    sys.exit(run_rasa(list(arguments)))


def run_rasa(arguments: list[str]) -> int:
    """Run one Rasa command in this process.

    Args:
        arguments: as after `rasa` on a command line, such as `["data", "validate"]`.

    Returns:
        Rasa's exit code.
    """
    logs.quiet_deprecations()
    settings.set_addresses()
    os.environ.setdefault("RASA_CACHE_DIRECTORY", str(models.cache_folder()))
    from rasa.__main__ import main

    before = sys.argv
    sys.argv = ["rasa", *with_whole_domain(arguments)]
    try:
        main()
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else int(stop.code is not None)
    finally:
        sys.argv = before
    return 0


def with_whole_domain(arguments: list[str]) -> list[str]:
    """Add `--domain` with the merged domain to the commands that know no importer and were given no domain."""
    asks_importer = not any(tuple(arguments[: len(words)]) == words for words in WITHOUT_IMPORTER)
    names_domain = any(word in ("-d", "-h", "--help") or word.startswith("--domain") for word in arguments)
    if asks_importer or names_domain:
        return arguments
    from bot.dialogue.importer import ServiceImporter

    domain = ServiceImporter(settings.CONFIG_FILE, settings.DOMAIN_FILE).get_domain()
    MERGED_DOMAIN.parent.mkdir(parents=True, exist_ok=True)
    domain.persist(MERGED_DOMAIN)
    return [*arguments, "--domain", str(MERGED_DOMAIN)]
