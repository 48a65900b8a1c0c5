"""`python -m bot rasa …`: Rasa's own command line in this house, for people who know Rasa."""

import os
import sys
from pathlib import Path

import click

from bot.runtime import logs, models, settings
from bot.runtime.endpoints import set_endpoint_variables

MERGED_DOMAIN = Path("var/domain.yml")
MERGED_STORIES = Path("var/stories.yml")

WITHOUT_IMPORTER = (("visualize",), ("evaluate", "markers"))
"""Rasa commands that read `--domain` (and `visualize` its `--stories`) instead of asking the importer of config.yml."""


SERVING = ("run", "shell")
"""Rasa commands that serve over HTTP, by default on every interface."""


@click.command(
    help="Run Rasa's own command line: train, shell, data validate, test, visualize, …",
    context_settings={"ignore_unknown_options": True, "help_option_names": []},
    add_help_option=False,
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(arguments: tuple[str, ...]) -> None:
    """Hand the arguments to Rasa as they are; data that cannot be used is said in a sentence."""
    from rasa.shared.exceptions import RasaException

    try:
        sys.exit(run_rasa(list(arguments)))
    except RasaException as error:
        raise click.ClickException(str(error)) from error


def run_rasa(arguments: list[str]) -> int:
    """Run one Rasa command in this process.

    Args:
        arguments: as after `rasa` on a command line, such as `["data", "validate"]`.

    Returns:
        Rasa's exit code.

    Raises:
        click.ClickException: Rasa would open its whole API to everybody, or a setting cannot be used.
    """
    arguments = guarded(arguments)
    logs.quiet_deprecations()
    try:
        set_endpoint_variables()
    except settings.SettingError as error:
        raise click.ClickException(str(error)) from error
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


def guarded(arguments: list[str]) -> list[str]:
    """Let what serves do so on loopback, unless told where, and Rasa's whole API only to who shows a token.

    Raises:
        click.ClickException: the API is asked for without one: it replaces the model and rewrites conversations.
    """
    if not arguments or arguments[0] not in SERVING or arguments[1:2] in (["actions"], ["nlu"]):
        return arguments
    # Rasa takes an option's beginning for the option, where it fits no other.
    opens_all = any(word.startswith("--ena") for word in arguments)
    if opens_all and not (_value(arguments, "-t", "--auth-token") or _value(arguments, "", "--jwt-secret")):
        raise click.ClickException(
            "--enable-api 要和 --auth-token 一起用：不然谁都能换模型、改对话 / needs --auth-token: it opens everything"
        )
    if _gives(arguments, "-i", "--interface"):
        return arguments
    return [*arguments, "--interface", settings.HOST]


def _value(arguments: list[str], short: str, long: str) -> str:
    """Give the value of an option that is written out; empty where there is none."""
    for word, after in zip(arguments, [*arguments[1:], ""], strict=True):
        name, is_joined, value = word.partition("=")
        if word == short or name == long:
            return (value if is_joined else after).strip()
    return ""


def with_whole_domain(arguments: list[str]) -> list[str]:
    """Add the merged domain, and the merged stories, to the commands that know no importer and were not given theirs."""
    if not any(tuple(arguments[: len(words)]) == words for words in WITHOUT_IMPORTER):
        return arguments
    if any(word in ("-h", "--help") for word in arguments):
        return arguments
    from rasa.shared.core.training_data.story_writer.yaml_story_writer import YAMLStoryWriter

    from bot.dialogue.importer import ServiceImporter

    importer = ServiceImporter(settings.CONFIG_FILE, settings.DOMAIN_FILE, settings.DATA_FOLDER)
    added: list[str] = []
    MERGED_DOMAIN.parent.mkdir(parents=True, exist_ok=True)
    if not _gives(arguments, "-d", "--domain"):
        importer.get_domain().persist(MERGED_DOMAIN)
        added += ["--domain", str(MERGED_DOMAIN)]
    if arguments[0] == "visualize" and not _gives(arguments, "-s", "--stories"):
        YAMLStoryWriter().dump(MERGED_STORIES, importer.get_stories().story_steps)
        added += ["--stories", str(MERGED_STORIES)]
    return [*arguments, *added]


def _gives(arguments: list[str], short: str, long: str) -> bool:
    return any(word == short or word.startswith(long) for word in arguments)
