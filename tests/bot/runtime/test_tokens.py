"""The secrets that processes share: from the environment, else a file that only its owner reads; compared whole."""

import stat
from pathlib import Path

import pytest

from bot.runtime import tokens
from bot.runtime.settings import SettingError


@pytest.mark.parametrize("variable", tokens.FILES)
def test_it_is_made_once_and_for_its_owner_only(tmp_path: Path, variable: str) -> None:
    made = tokens.secret(variable, {}, tmp_path)
    assert len(made) >= 40
    assert tokens.secret(variable, {}, tmp_path) == made
    path = tmp_path / tokens.FILES[variable]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert len({tokens.secret(one, {}, tmp_path) for one in tokens.FILES}) == len(tokens.FILES)


def test_the_environment_goes_before(tmp_path: Path) -> None:
    assert tokens.secret(tokens.REST, {tokens.REST: " given-by-the-house "}, tmp_path) == "given-by-the-house"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("value", ["short", "with blanks in it, long", "密" * 20, "a\nb" * 9])
def test_what_cannot_be_used_is_said_without_its_value(tmp_path: Path, value: str) -> None:
    with pytest.raises(SettingError) as raised:
        tokens.secret(tokens.REST, {tokens.REST: value}, tmp_path)
    assert tokens.REST in str(raised.value)
    assert value not in str(raised.value)


@pytest.mark.parametrize(
    ("header", "argument", "shown"),
    [
        ("Bearer abcdefghijklmnop", None, True),
        ("bearer  abcdefghijklmnop ", None, True),
        (None, "abcdefghijklmnop", True),
        ("Bearer abcdefghijklmno", None, False),
        ("Bearer abcdefghijklmnopq", None, False),
        ("Bearer ", None, False),
        ("", None, False),
        ("Bearer no", "abcdefghijklmnop", False),
        ("Basic abcdefghijklmnop", None, False),
        ("Bearer ü\udcff", None, False),
        (None, None, False),
    ],
)
def test_only_the_whole_secret_is_one(header: str | None, argument: str | None, shown: bool) -> None:
    assert tokens.is_shown("abcdefghijklmnop", header, argument) is shown
