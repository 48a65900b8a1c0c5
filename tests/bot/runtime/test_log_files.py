"""Log files: for their owner only, set aside when they have grown large, read for their last line."""

import os
import stat
from pathlib import Path

import pytest

from bot.runtime.log_files import last_line, open_log, set_aside


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("mask", [0o000, 0o022])
def test_only_the_owner_reads_a_log(tmp_path: Path, mask: int) -> None:
    old = tmp_path / "old.log"
    old.write_text("a\n", encoding="utf-8")
    old.chmod(0o644)
    before = os.umask(mask)
    try:
        for log in (old, tmp_path / "new.log"):
            with open_log(log) as stream:
                stream.write(b"b\n")
            assert mode(log) == 0o600
    finally:
        os.umask(before)
    assert old.read_text(encoding="utf-8") == "a\nb\n"


def test_a_large_log_is_set_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    log, kept = tmp_path / "x.log", tmp_path / "x.log.1"
    set_aside(log, limit=3)
    assert not log.exists()
    with open_log(log) as stream:
        stream.write(b"abc")
        stream.flush()
        set_aside(log, limit=3)
        assert not kept.exists()
        stream.write(b"d")
        stream.flush()
        kept.write_text("older", encoding="utf-8")
        set_aside(log, limit=3)
        stream.write(b"e")
    assert (kept.read_bytes(), log.read_bytes()) == (b"abcd", b"e")
    assert mode(kept) == 0o600


def test_what_is_set_aside_is_not_written_through_a_link(tmp_path: Path) -> None:
    log, elsewhere = tmp_path / "x.log", tmp_path / "elsewhere"
    elsewhere.write_text("theirs", encoding="utf-8")
    (tmp_path / "x.log.1").symlink_to(elsewhere)
    log.write_text("abcd", encoding="utf-8")
    set_aside(log, limit=3)
    assert elsewhere.read_text(encoding="utf-8") == "theirs"


def test_a_log_that_cannot_be_kept_is_emptied_all_the_same(tmp_path: Path) -> None:
    log = tmp_path / "x.log"
    (tmp_path / "x.log.1").mkdir()
    log.write_text("abcd", encoding="utf-8")
    set_aside(log, limit=3)
    assert log.stat().st_size == 0


@pytest.mark.parametrize(
    ("content", "line"), [(None, ""), ("", ""), ("a\n\n  \n", "a"), ("a\nb", "b"), ("x" * 400, "x" * 300)]
)
def test_the_last_line_of_a_log(tmp_path: Path, content: str | None, line: str) -> None:
    if content is not None:
        (tmp_path / "x.log").write_text(content, encoding="utf-8")
    assert last_line(tmp_path / "x.log") == line
