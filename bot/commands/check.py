"""`python -m bot check`: finds mistakes in the data, before they are trained into a model."""

import sys

import click

from bot.commands.rasa import run_rasa


@click.command(help="Check the data: Rasa's `data validate`, then examples and words with our own tokenizer.")
def command() -> None:
    """Run all checks, and end with 1 where one found a mistake."""
    failed = validate_data() != 0
    failed |= check_examples() != 0
    sys.exit(int(failed))


def validate_data() -> int:
    """Run `rasa data validate`; 0 where domain, stories and examples fit together, warnings counting as mistakes."""
    return run_rasa(["data", "validate", "--fail-on-warnings"])


def check_examples() -> int:
    """Check the examples and word lists as the assistant's own components read them; 0 where all is well."""
    from bot.nlu.check import main

    return int(main())
