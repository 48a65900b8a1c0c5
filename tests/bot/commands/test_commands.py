"""The commands: which there are, and what each does before Rasa or the processes take over."""

import socket
from pathlib import Path
from typing import Any

import httpx
import pytest
import respx
from click.testing import CliRunner
from rich.console import Console

import bot.commands
from bot.commands import FolderGroup, chat, rasa, run
from bot.commands import test as test_command
from bot.commands.test import core
from bot.conversations import several
from bot.conversations.errors import ConversationSettingError
from bot.dialogue.mistakes import DataError
from bot.runtime import settings
from bot.runtime.settings import Ports
from bot.runtime.supervisor import free_ports

COMMANDS = FolderGroup("bot.commands", name="bot")


@pytest.fixture
def console() -> Console:
    return Console(record=True, width=100)


def test_a_command_that_does_not_exist() -> None:
    result = CliRunner().invoke(COMMANDS, ["fly"])
    assert result.exit_code == 2
    assert "No such command 'fly'" in result.output


def test_every_file_is_a_command_with_help() -> None:
    files = {path.stem for path in Path(bot.commands.__file__).parent.glob("*.py")} - {"__init__"}
    assert {"run", "train", "chat", "check", "bench", "rasa"} <= files
    listed = COMMANDS.list_commands(None)  # type: ignore[arg-type]
    assert {file.replace("_", "-") for file in files} | {"test", "new"} == set(listed)
    result = CliRunner().invoke(COMMANDS, ["--help"])
    assert result.exit_code == 0
    assert all(name in result.output for name in listed)


def test_tests_are_commands_of_their_own() -> None:
    assert "core" in test_command.command.list_commands(None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "arguments",
    [
        ["train", "--force"],
        ["data", "validate"],
        ["visualize", "--domain", "mine.yml", "--stories", "mine"],
        ["visualize", "--domain=mine.yml", "-s", "mine"],
        ["visualize", "-d", "mine.yml", "--stories=mine"],
        ["visualize", "--help"],
        ["evaluate"],
        [],
    ],
)
def test_arguments_for_rasa_are_left_as_they_are(arguments: list[str]) -> None:
    assert rasa.with_whole_domain(arguments) == arguments


@pytest.mark.parametrize(
    ("arguments", "added"),
    [
        (["visualize"], ["domain", "stories"]),
        (["visualize", "-d", "mine.yml"], ["stories"]),
        (["visualize", "--stories=mine"], ["domain"]),
        (["evaluate", "markers", "all", "out.csv"], ["domain"]),
    ],
)
def test_a_command_that_knows_no_importer_is_given_the_whole_project(
    arguments: list[str], added: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(settings.ROOT)
    merged = {"domain": tmp_path / "var" / "domain.yml", "stories": tmp_path / "var" / "stories.yml"}
    monkeypatch.setattr(rasa, "MERGED_DOMAIN", merged["domain"])
    monkeypatch.setattr(rasa, "MERGED_STORIES", merged["stories"])
    options = [word for name in added for word in (f"--{name}", str(merged[name]))]
    assert rasa.with_whole_domain(arguments) == [*arguments, *options]
    # From domain.yml and data/stories, and from a manifest.
    for name, words in {"domain": ("handoff_human", "pay_utility_bill"), "stories": ("打招呼", "交罚款：办完")}.items():
        text = merged[name].read_text(encoding="utf-8") if name in added else ""
        assert name not in added or all(word in text for word in words)


def test_rasa_runs_here_and_its_exit_code_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(settings.ROOT)
    assert rasa.run_rasa(["--version"]) == 0
    assert rasa.run_rasa(["no-such-command"]) == 2


def test_data_that_cannot_be_used_is_said_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(arguments: list[str]) -> int:
        raise DataError("credit.yml：colour：不认识这一项")

    monkeypatch.setattr(rasa, "run_rasa", refuse)
    result = CliRunner().invoke(COMMANDS, ["rasa", "visualize"])
    assert result.exit_code == 1
    assert result.output == "Error: credit.yml：colour：不认识这一项\n"


def test_story_tests_use_the_model_for_todays_data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[list[str]] = []
    monkeypatch.setattr(core, "ensure_model", lambda console: tmp_path / "m.tar.gz")
    monkeypatch.setattr(core, "run_rasa", lambda arguments: asked.append(arguments) or 1)
    result = CliRunner().invoke(COMMANDS, ["test", "core", "--stories", "tests/stories/x.yml"])
    assert result.exit_code == 1
    assert asked[0][:6] == ["test", "core", "--model", str(tmp_path / "m.tar.gz"), "--stories", "tests/stories/x.yml"]
    assert "--fail-on-prediction-errors" in asked[0]


def test_run_says_a_taken_port_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        others = free_ports()
        monkeypatch.setenv("BIANMIN_ASSISTANT_PORT", str(port))
        monkeypatch.setenv("BIANMIN_ACTIONS_PORT", str(others.actions))
        monkeypatch.setenv("BIANMIN_SANDBOX_PORT", str(others.sandbox))
        monkeypatch.setattr(run, "ensure_model", lambda console: pytest.fail("trained before the port was known"))
        monkeypatch.setattr(run.signal, "signal", lambda number, handler: None)
        result = CliRunner().invoke(COMMANDS, ["run"])
    assert result.exit_code == 1
    line = result.output.strip().splitlines()[-1]
    assert str(port) in line
    assert "BIANMIN_ASSISTANT_PORT" in line


@pytest.mark.parametrize(
    ("set_here", "missing"),
    [
        ({}, {"PostgreSQL", "Redis", "BIANMIN_CONVERSATIONS_URL", "BIANMIN_REDIS_URL"}),
        ({"BIANMIN_CONVERSATIONS_URL": "sqlite:///x.db", "BIANMIN_REDIS_URL": "redis://r"}, {"PostgreSQL"}),
        ({"BIANMIN_CONVERSATIONS_URL": "postgresql://h/d"}, {"Redis", "BIANMIN_REDIS_URL"}),
    ],
)
def test_two_assistants_without_what_they_share_are_refused_in_a_sentence(
    set_here: dict[str, str], missing: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("BIANMIN_CONVERSATIONS_URL", "BIANMIN_REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in set_here.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(run, "ensure_model", lambda console: pytest.fail("trained for nothing"))
    result = CliRunner().invoke(COMMANDS, ["run", "--workers", "2"])
    assert result.exit_code == 1
    lines = [line for line in result.output.splitlines() if "·" in line]
    assert len(lines) == len(missing & {"PostgreSQL", "Redis"})
    assert all(any(word in line for line in lines) for word in missing)
    assert "SQLite" in result.output


def test_what_stands_on_this_machine_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as standing, socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setattr(several, "POSTGRESQL_PORT", standing.getsockname()[1])
        monkeypatch.setattr(several, "REDIS_PORT", nobody.getsockname()[1])
        with pytest.raises(ConversationSettingError) as refused:
            several.refuse_unshared(2, {})
    assert ["有程序在听" in line for line in str(refused.value).splitlines() if "·" in line] == [True, False]


def test_one_assistant_needs_neither() -> None:
    several.refuse_unshared(1, {})
    several.refuse_unshared(2, {"BIANMIN_CONVERSATIONS_URL": "postgres://h/d", "BIANMIN_REDIS_URL": "redis://r"})


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(500),
        httpx.Response(200, text="no json"),
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
    ],
)
def test_a_sandbox_without_samples_is_no_obstacle(answer: Any, respx_mock: respx.MockRouter) -> None:
    respx_mock.get("http://127.0.0.1:8600/admin/samples").mock(
        **({"side_effect": answer} if isinstance(answer, Exception) else {"return_value": answer})
    )
    assert run.fetch_samples(Ports()) is None


BUTTONS = [
    {"title": "交水费", "payload": "/pay_utility_bill"},
    {"title": "查违章", "payload": "/query_traffic_violation"},
]


@pytest.mark.parametrize(
    ("typed", "sent"),
    [
        ("0", "0"),
        ("3", "3"),
        ("-1", "-1"),
        ("１", "１"),
        ("3301234567", "3301234567"),
        ("交水费", "交水费"),
        ("1", "/pay_utility_bill"),
        ("2", "/query_traffic_violation"),
    ],
)
def test_a_number_presses_its_button(typed: str, sent: str) -> None:
    assert chat.pressed(typed, BUTTONS) == sent


def test_replies_are_printed_with_numbered_buttons(console: Console) -> None:
    replies = [{"text": "您好 [bold]x[/]"}, {"text": "选一个", "buttons": BUTTONS}, {"custom": {}}]
    assert chat.show(console, replies) == BUTTONS
    printed = console.export_text()
    assert "您好 [bold]x[/]" in printed
    assert "2 查违章" in printed
    assert chat.show(console, []) == []


def test_chat_says_when_nobody_answers(respx_mock: respx.MockRouter) -> None:
    respx_mock.post("http://127.0.0.1:1/webhooks/rest/webhook").mock(side_effect=httpx.ConnectError("refused"))
    result = CliRunner().invoke(COMMANDS, ["chat", "--url", "http://127.0.0.1:1"])
    assert result.exit_code == 1
    assert "助手没有应答" in result.output


def test_a_chat_from_greeting_to_goodbye(respx_mock: respx.MockRouter) -> None:
    replies = [
        httpx.Response(200, json=[{"text": "您好", "buttons": BUTTONS}]),
        httpx.Response(200, json=[{"text": "户号？"}]),
    ]
    route = respx_mock.post("http://127.0.0.1:1/webhooks/rest/webhook").mock(side_effect=replies)
    result = CliRunner().invoke(COMMANDS, ["chat", "--url", "http://127.0.0.1:1"], input="1\n\n")
    assert result.exit_code == 0
    assert "户号？" in result.output
    sent = [httpx.Response(200, content=call.request.content).json()["message"] for call in route.calls]
    assert sent == ["/greet", "/pay_utility_bill"]
