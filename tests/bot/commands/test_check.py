"""`bot check` says a finding a line, in Chinese, and ends with 1 where there is one."""

import gc
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import bot.checks
from bot.checks.reading.finding import Finding
from bot.commands import FolderGroup
from bot.commands.check import run_checks
from manifests.files import ROOT

COMMANDS = FolderGroup("bot.commands")
FINDINGS = [
    Finding(
        "data/domain/credit.yml", 7, "utter_credit_score", "{scor} 没有东西填，是不是 score？", "整句话的空都会填不上"
    ),
    Finding("data/cities/330400.yml", None, "plate_prefix", "浙A 已经是 330100.yml 的", "核对一下"),
]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for file in ("data/services/credit.yml", "data/services/traffic.yml", "data/cities/330400.yml"):
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).touch()
    monkeypatch.setattr(bot.checks.Checker, "check", lambda self, root: FINDINGS)
    return tmp_path


@pytest.mark.parametrize(
    ("service", "city", "code", "lines"),
    [
        (None, None, 1, [0, 1]),
        ("credit", None, 1, [0]),
        ("traffic", None, 0, []),
        (None, "330400", 1, [1]),
    ],
)
def test_what_is_wrong_is_printed_and_counted(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    service: str | None,
    city: str | None,
    code: int,
    lines: list[int],
) -> None:
    assert run_checks(project, service, city) == code
    told = [
        "data/domain/credit.yml:7  utter_credit_score：{scor} 没有东西填，是不是 score？整句话的空都会填不上。",
        "data/cities/330400.yml  plate_prefix：浙A 已经是 330100.yml 的。核对一下。",
    ]
    *printed, last = capsys.readouterr().out.splitlines()
    assert printed == [told[number] for number in lines]
    assert f"{len(lines)} 处问题" in last


@pytest.mark.parametrize("option", [["--service", "parkng"], ["--city", "999999"]])
def test_a_name_that_is_not_there_is_said(option: list[str]) -> None:
    result = CliRunner().invoke(COMMANDS, ["check", *option])
    assert result.exit_code == 1
    assert f"没有{'服务' if option[0] == '--service' else '城市'} {option[1]}" in result.output


def test_another_tree_is_checked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    monkeypatch.setattr(bot.checks.Checker, "check", lambda self, root: asked.append(root) or [])
    enabled = gc.isenabled()
    try:
        result = CliRunner().invoke(COMMANDS, ["check", "--folder", str(project)])
    finally:
        if enabled:
            gc.enable()
    assert (result.exit_code, asked) == (0, [project])


def test_nothing_else_is_printed() -> None:
    """Rasa's progress bars, warnings and log lines stay away."""
    result = subprocess.run(
        [sys.executable, "-m", "bot", "check"], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False
    )
    *findings, last = result.stdout.splitlines()
    assert re.fullmatch(rf"\d+ 项检查，{len(findings)} 处问题，用时 \d+\.\d 秒。", last)
    assert all(re.search(r"[\u4e00-\u9fff]", line) for line in findings)
    assert result.stderr == ""
    assert result.returncode == int(bool(findings))
