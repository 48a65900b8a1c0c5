"""`python -m bot conversations`: counts without a word of anybody, erases one resident's, changes the key and keeps the old."""

import asyncio
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from cryptography.fernet import Fernet
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered

from bot.commands import conversations
from bot.conversations.settings import KEY, KEY_FILE, NEW_KEY, REDIS, URL, ConversationSettings
from bot.conversations.tracker_store import ConversationStore
from serving.names import NAMES, derived_key, name_of


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project folder of the test's own, with its database and its key in var/."""
    for name in (KEY, NEW_KEY, REDIS):
        monkeypatch.delenv(name, raising=False)
    url = f"sqlite:///{tmp_path}/var/conversations.db"
    monkeypatch.setenv(URL, url)
    monkeypatch.setattr(conversations, "ROOT", tmp_path)
    read = ConversationSettings.from_environment.__func__  # type: ignore[attr-defined]
    monkeypatch.setattr(ConversationSettings, "from_environment", classmethod(lambda cls: read(cls, root=tmp_path)))
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(conversations.command, list(arguments))


def talk(*names: str) -> list[str]:
    """Say something in each conversation; the ids of all that are kept."""

    async def turn() -> list[str]:
        store = ConversationStore(Domain.empty())
        for name in names:
            tracker = await store.get_or_create_tracker(name)
            tracker.update(UserUttered("我叫王芳"))
            await store.save(tracker)
        kept = sorted(await store.keys())
        await store.close()
        return kept

    return asyncio.run(turn())


def test_counts_tell_nothing_personal() -> None:
    talk("13812345678", "dingtalk-7")
    result = run()
    assert result.exit_code == 0
    assert "对话 2 段，话轮 4 个" in result.output
    assert not any(word in result.output for word in ("138", "dingtalk", "王芳"))


@pytest.mark.parametrize(
    ("channel", "sender", "conversation_id"), [("rest", "a", "a"), ("dingtalk", "a", "dingtalk-a")]
)
def test_a_conversation_is_found_in_the_logs(
    monkeypatch: pytest.MonkeyPatch, channel: str, sender: str, conversation_id: str
) -> None:
    monkeypatch.setenv("BIANMIN_ACTIONS_TOKEN", "a-token-of-the-house")
    result = run("hash", channel, sender)
    name = name_of(conversation_id, derived_key("a-token-of-the-house", NAMES))
    assert (result.exit_code, result.output) == (0, f"{name}\n")


def test_without_a_usable_secret_there_is_no_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BIANMIN_ACTIONS_TOKEN", "short")
    result = run("hash", "rest", "a")
    assert result.exit_code == 1
    assert "BIANMIN_ACTIONS_TOKEN" in result.output


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:9/none", "mysql://x"])
@pytest.mark.parametrize("arguments", [[], ["erase", "rest", "a"], ["rotate-key"]])
def test_a_database_that_is_not_there_is_said_in_a_line(
    url: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL, url)
    result = run(*arguments)
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.output.startswith("Error: ")


@pytest.mark.parametrize(("channel", "sender", "left"), [("rest", "a", "dingtalk-a"), ("dingtalk", "a", "a")])
def test_one_residents_conversation_is_erased_and_no_others(channel: str, sender: str, left: str) -> None:
    talk("a", "dingtalk-a")
    result = run("erase", channel, sender)
    assert (result.exit_code, talk()) == (0, [left])
    again = run("erase", channel, sender)
    assert (again.exit_code, talk()) == (1, [left])
    assert "没有这段对话" in again.output


def test_the_key_in_var_is_changed_and_the_old_one_kept(place: Path) -> None:
    talk("a", "b")
    old = (place / KEY_FILE).read_text()
    result = run("rotate-key")
    assert result.exit_code == 0, result.output
    assert "转换 2 段" in result.output
    assert talk("c") == ["a", "b", "c"]
    assert (place / (KEY_FILE + ".old")).read_text() == old != (place / KEY_FILE).read_text()
    assert stat.S_IMODE((place / KEY_FILE).stat().st_mode) == 0o600
    assert not (place / (KEY_FILE + ".new")).exists()
    assert old not in result.output


def test_cut_off_before_the_new_key_was_in_place_it_is_found_again(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    talk("a")
    with monkeypatch.context() as patch:
        patch.setattr(conversations, "_put_in_place", lambda *_: None)
        patch.setattr(conversations.click, "echo", lambda *_: None)
        run("rotate-key")
    assert (place / (KEY_FILE + ".new")).exists()
    assert run().exit_code == 0
    assert run("rotate-key").exit_code == 0
    assert talk() == ["a"]


def test_a_key_of_the_environment_is_changed_for_one_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    old, new = (Fernet.generate_key().decode() for _ in range(2))
    monkeypatch.setenv(KEY, old)
    talk("a")
    refused = run("rotate-key")
    assert refused.exit_code == 1
    assert NEW_KEY in refused.output
    monkeypatch.setenv(NEW_KEY, "short")
    assert run("rotate-key").exit_code == 1
    monkeypatch.setenv(NEW_KEY, new)
    result = run("rotate-key")
    assert result.exit_code == 0, result.output
    assert new not in result.output
    monkeypatch.setenv(KEY, new)
    assert talk() == ["a"]
