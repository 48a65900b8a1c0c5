"""What a command cost, told by the system, and what a warm process told."""

from pathlib import Path

import click
import pytest

from bot.bench.commands import run, spent

BURNS = "import time\nwhile time.process_time() < 0.2: pass\n"


def test_what_the_processes_behind_it_cost_is_counted(tmp_path: Path) -> None:
    (tmp_path / "burns.py").write_text(BURNS, encoding="utf-8")
    (tmp_path / "two.py").write_text(
        "import subprocess, sys\nfor _ in range(2): subprocess.run([sys.executable, '-m', 'burns'])\nprint('done')\n",
        encoding="utf-8",
    )
    seconds, said = run(tmp_path, ["two"])
    assert seconds >= 0.4
    assert said == "done\n"


def test_a_failure_is_said_and_is_no_figure(tmp_path: Path) -> None:
    (tmp_path / "fails.py").write_text("print('because'); raise SystemExit(3)", encoding="utf-8")
    with pytest.raises(click.ClickException, match=r"fails: 3\nbecause"):
        run(tmp_path, ["fails"])
    assert run(tmp_path, ["fails"], allowed=(0, 3))[1] == "because\n"


def test_what_a_warm_process_told_among_its_other_lines() -> None:
    assert spent("@step {}\n@spent response 1.25\nINFO x\n@spent story 0.5\n") == {"response": 1.25, "story": 0.5}
