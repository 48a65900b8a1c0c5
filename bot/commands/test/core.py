"""`python -m bot test core`: plays the conversations of tests/stories against the model (Rasa's `test core`)."""

import sys

import click
from rich.console import Console

from bot.commands.rasa import run_rasa
from bot.commands.train import ensure_model
from bot.runtime import settings

RESULTS = "results"


@click.command(help="Play the test stories against the model for today's data (rasa test core).")
@click.option(
    "--stories", default=settings.STORY_TESTS_FOLDER, show_default=True, help="File or folder of test stories."
)
def command(stories: str) -> None:
    """Test, and end with an exit code: 1 where a prediction was wrong."""
    sys.exit(run_story_tests(stories, Console()))


def run_story_tests(stories: str, console: Console) -> int:
    """Run Rasa's story tests.

    Args:
        stories: file or folder, relative to the project.
        console: where a training that is needed first is shown.

    Returns:
        Rasa's exit code, not 0 where a story failed; failed stories are in results/failed_test_stories.yml.
    """
    model = ensure_model(console)
    arguments = ["test", "core", "--model", str(model), "--stories", stories]
    return run_rasa([*arguments, "--out", RESULTS, "--fail-on-prediction-errors"])
