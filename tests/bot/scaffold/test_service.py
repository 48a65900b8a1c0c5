"""A new service is complete, runs at once in every shape there is, and overwrites nothing."""

import datetime as dt
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot import checks
from bot.checks.reading.project import Project
from bot.scaffold import service
from bot.scaffold.offering import offer
from bot.scaffold.templates import ScaffoldError

MADE = Path(__file__).parent / "made"
TESTS = ("tests/sandbox/test_made.py", "tests/actions/services/test_made.py")
LONG_AGO = dt.date(2025, 1, 1)
SHAPES = [
    ("look_person", "渔船补贴", "look-up", "person"),
    ("look_plate_number", "车船年票", "look-up", "plate"),
    ("look_number", "路灯认养", "look-up", "number"),
    ("pay_person", "殡葬服务费", "pay", "person"),
    ("pay_plate_number", "过江隧道费", "pay", "plate"),
    ("pay_number", "垃圾清运费", "pay", "number"),
]


def files(name: str) -> set[str]:
    """The seven files that bear a service's name."""
    return {
        f"data/services/{name}.yml",
        f"data/nlu/{name}.yml",
        f"data/domain/{name}.yml",
        f"city_api/{name}.py",
        f"actions/services/{name}.py",
        f"sandbox/services/{name}.py",
        f"tests/conversations/test_{name}.py",
    }


def test_every_shape_passes_the_checks_and_runs(copy: Path) -> None:
    for name, title, kind, asks in SHAPES:
        assert set(service.make(copy, name, title, kind, asks)) == files(name)
        offer(copy / "data/cities/330000.yml", name, LONG_AGO, "{full_name}收费中心" if kind == "pay" else None)
    findings = [str(finding) for finding in checks.run(Project(copy))]
    assert [told for told in findings if any(name in told for name, *_ in SHAPES)] == []
    shutil.copy(MADE / "sandbox.py", copy / "tests/sandbox/test_made.py")
    shutil.copy(MADE / "handlers.py", copy / "tests/actions/services/test_made.py")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *TESTS],
        cwd=copy,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-4000:]


def test_what_is_made_is_formatted_and_typed_like_the_rest(copy: Path) -> None:
    modules = []
    for name, title, kind, asks in SHAPES:
        service.make(copy, name, title, kind, asks)
        modules += [str(copy / file) for file in sorted(files(name)) if file.endswith(".py")]
    for tool in (["ruff", "check", "-q"], ["ruff", "format", "-q", "--check"]):
        ran = subprocess.run(
            [*[str(Path(sys.executable).with_name(tool[0])), *tool[1:]], *modules], cwd=copy, check=False
        )
        assert ran.returncode == 0, tool


@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("traffic", "停车费", "traffic.yml 已经用了这个名字"),
        ("water", "停车费", "utility_bills.yml 已经用了这个名字"),
        ("traffic_violation", "停车费", "traffic.yml 已经用了这个名字"),
        ("parking", "信用分", "credit.yml 已经用了这个名称"),
        ("Parking", "停车费", "名字要 2 到 20 个小写字母"),
        ("a_name_that_is_too_long", "停车费", "名字要 2 到 20 个小写字母"),
        ("parking", "停车费: 交", "名称要 2 到 12 个汉字"),
    ],
)
def test_a_name_that_cannot_be(original: Path, name: str, title: str, words: str) -> None:
    with pytest.raises(ScaffoldError, match=words):
        service.make(original, name, title, "look-up", "person")


def test_nothing_is_overwritten_and_nothing_half_made(copy: Path) -> None:
    (copy / "sandbox/services/lamps").mkdir()
    with pytest.raises(ScaffoldError, match=r"不覆盖：sandbox/services/lamps\.py"):
        service.make(copy, "lamps", "路灯认养", "look-up", "number")
    assert not (copy / "data/services/lamps.yml").exists()
