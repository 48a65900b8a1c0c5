"""Rasa's own command line serves on loopback, and opens its whole API only to who shows a token."""

import click
import pytest

from bot.commands.rasa import guarded

LOOPBACK = ["--interface", "127.0.0.1"]


@pytest.mark.parametrize(
    ("given", "added"),
    [
        (["run"], LOOPBACK),
        (["shell"], LOOPBACK),
        (["shell", "nlu"], []),
        (["run", "--enable-api", "--auth-token", "secret"], LOOPBACK),
        (["run", "--enable-api", "--auth-token=secret"], LOOPBACK),
        (["run", "--enable-api", "-t", "secret"], LOOPBACK),
        (["run", "--enable-api", "--jwt-secret", "secret"], LOOPBACK),
        (["run", "-i", "10.0.0.1"], []),
        (["run", "--interface=10.0.0.1"], []),
        (["run", "actions"], []),
        (["train"], []),
        ([], []),
    ],
)
def test_what_serves_does_so_on_loopback_unless_told_where(given: list[str], added: list[str]) -> None:
    assert guarded(given) == [*given, *added]


@pytest.mark.parametrize(
    "given",
    [
        ["run", "--enable-api"],
        ["run", "--enable"],
        ["run", "--enable-api", "--auth-token"],
        ["run", "--enable-api", "--auth-token="],
        ["run", "--enable-api", "-t", ""],
        ["shell", "--enable-api", "-i", "127.0.0.1"],
    ],
)
def test_the_whole_api_is_for_nobody_without_a_token(given: list[str]) -> None:
    with pytest.raises(click.ClickException, match="--auth-token"):
        guarded(given)
