"""`bot new` makes, checks, and says what is left to write and what to read."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.commands import FolderGroup, new
from bot.scaffold import city, connector, service
from bot.scaffold.templates import ScaffoldError

COMMANDS = FolderGroup("bot.commands")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[tuple[object, ...]]:
    """What was asked to be made or checked, in order; nothing is."""
    asked: list[tuple[object, ...]] = []

    def note(what: str) -> object:
        def make(root: Path, *values: object, **named: object) -> list[str]:
            asked.append((what, *values, *named.values()))
            return [f"{what}.yml"]

        return make

    for module in (service, city, connector):
        monkeypatch.setattr(module, "make", note(module.__name__.rpartition(".")[2]))
    for name in ("service", "city"):
        module = __import__(f"bot.commands.new.{name}", fromlist=["run_checks"])
        monkeypatch.setattr(module, "run_checks", note("check"))
    return asked


@pytest.mark.parametrize(
    ("arguments", "asked", "words"),
    [
        (
            ["service", "parking", "--title", "停车费", "--kind", "pay", "--asks", "plate"],
            [("service", "parking", "停车费", "pay", "plate"), ("check", "parking")],
            ["写好 service.yml", "data/nlu/parking.yml", "接着读：manifests/service.py"],
        ),
        (["city", "330784", "--plate", "浙G"], [("city", "330784", "浙G"), ("check", "330784")], ["docs/cities.md"]),
        (["connector", "dingtalk"], [("connector", "dingtalk", "dingtalk")], ["BIANMIN_DINGTALK_SECRET"]),
    ],
)
def test_something_new(
    made: list[tuple[object, ...]], arguments: list[str], asked: list[tuple[object, ...]], words: list[str]
) -> None:
    result = CliRunner().invoke(COMMANDS, ["new", *arguments])
    assert result.exit_code == 0, result.output
    assert [tuple(value for value in one if not hasattr(value, "year")) for one in made] == asked
    assert all(word in result.output for word in words)


def test_what_cannot_be_made_is_said_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> list[str]:
        raise ScaffoldError("traffic：traffic.yml 已经用了这个名字")

    monkeypatch.setattr(service, "make", refuse)
    result = CliRunner().invoke(COMMANDS, ["new", "service", "traffic", "--title", "停车费"])
    assert result.exit_code == 1
    assert result.output == "Error: traffic：traffic.yml 已经用了这个名字\n"


def test_the_three_kinds_are_commands() -> None:
    assert new.command.list_commands(None) == ["city", "connector", "service"]  # type: ignore[arg-type]
