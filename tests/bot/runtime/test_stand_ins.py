"""The stand-ins fit the Rasa that is installed: read from Rasa's own source, so a change there is noticed."""

import ast
import importlib.metadata
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from bot.runtime import settings, stand_ins
from bot.runtime.stand_ins import LEFT_OUT, LeftOut, LeftOutError, StandIn

MODULES = [(one, module) for one in LEFT_OUT for module in one.names]
OF_RASA = [(one, module) for one, module in MODULES if module.startswith("rasa.")]

UNASKED = {"rasa.utils.tensorflow.model_data"}
"""Stood in for though it does not import the package itself: what it imports is needed by those only that do."""

CAUGHT_WITHOUT_IMPORT = {"pymongo.errors", "botocore.exceptions"}
"""Imported by `TrackerStore.create`, whichever store it makes; everything else is imported at the top of a module."""

ROOTS = [
    Path(spec.origin).parent
    for name in ("rasa", "rasa_sdk")
    if (spec := importlib.util.find_spec(name)) and spec.origin
]


def names_of(parameters: tuple[LeftOut, str]) -> str:
    return parameters[1]


def dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root.parent).with_suffix("").parts)


def imports_of(tree: ast.Module) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names) of what a file imports when it is imported: not inside functions, not `if TYPE_CHECKING`."""
    pending: list[ast.stmt] = list(tree.body)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Import):
            yield from ((alias.name, ()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or "", tuple(alias.name for alias in node.names)
        elif isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test):
            pending += node.body + node.orelse
        elif isinstance(node, ast.Try):
            pending += node.body


@cache
def trees() -> dict[str, ast.Module]:
    return {
        dotted(path, root): ast.parse(path.read_text(encoding="utf-8")) for root in ROOTS for path in root.rglob("*.py")
    }


@cache
def imported() -> dict[str, tuple[tuple[str, tuple[str, ...]], ...]]:
    """Rasa's module → its imports; without those never imported here, as a stand-in is in their place or before them."""
    all_imports = {name: tuple(imports_of(tree)) for name, tree in trees().items()}
    stood_in_for = {module for _, module in OF_RASA}
    return {
        name: found
        for name, found in all_imports.items()
        if name not in stood_in_for
        and not (name.startswith("rasa.utils.tensorflow.") and any(it.split(".")[0] == "tensorflow" for it, _ in found))
    }


def names_taken(module: str) -> set[str]:
    return {name for found in imported().values() for source, names in found for name in names if source == module}


def catching(module: str) -> set[str]:
    """Names of a module that Rasa's tracker stores catch."""
    tree = trees()["rasa.core.tracker_store"]
    create = next(node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name == "create")
    source = ast.unparse(create)
    direct = {
        alias.name
        for node in ast.walk(create)
        if isinstance(node, ast.ImportFrom) and node.module == module
        for alias in node.names
    }
    return direct | set(re.findall(rf"\b{re.escape(module)}\.(\w+)", source))


@pytest.mark.parametrize(("one", "module"), OF_RASA, ids=map(names_of, OF_RASA))
def test_the_module_of_rasa_is_still_there_and_still_needs_the_package(one: LeftOut, module: str) -> None:
    tops = {source.split(".")[0] for source, _ in imports_of(trees()[module])}
    assert one.found_by in tops or module in UNASKED


@pytest.mark.parametrize(("one", "module"), MODULES, ids=map(names_of, MODULES))
def test_the_stand_in_offers_what_rasa_takes_from_it(one: LeftOut, module: str) -> None:
    if module in CAUGHT_WITHOUT_IMPORT:
        assert catching(module) == set(one.names[module])
        return
    importers = [name for name, found in imported().items() if any(source == module for source, _ in found)]
    whole = [name for name, tree in trees().items() if f"import {module} as" in ast.unparse(tree)]
    assert importers or whole, "nothing imports it any more: the stand-in can go"
    if one.quiet and whole:
        called = set()
        for name in whole:
            source = ast.unparse(trees()[name])
            alias = re.search(rf"import {re.escape(module)} as (\w+)", source)
            assert alias is not None
            called |= set(re.findall(rf"\b{alias[1]}\.(\w+)", source))
        assert called <= set(one.names[module])
    assert names_taken(module) <= set(one.names[module])


def test_every_part_of_rasa_that_is_run_can_be_imported_and_every_command_says_its_help() -> None:
    code = (
        "from bot.runtime import stand_ins, settings; settings.enter_project(); missing = stand_ins.install()\n"
        "import argparse, sys\n"
        "import rasa.__main__, rasa.core.run, rasa.core.tracker_store, rasa.core.brokers.broker, rasa.core.visualize\n"
        "import rasa.model_training, rasa.model_testing, rasa.server, rasa.core.test, rasa.nlu.test, rasa.validator\n"
        "import rasa.core.training.interactive, rasa.engine.recipes.default_components, rasa_sdk.endpoint\n"
        "parser = rasa.__main__.create_argument_parser()\n"
        "commands = next(a for a in parser._actions if isinstance(a, argparse._SubParsersAction)).choices\n"
        "assert {'train', 'shell', 'data', 'test', 'visualize', 'run'} <= set(commands)\n"
        "assert all(one.format_help() for one in commands.values())\n"
        "real = [one.found_by for one in missing if not isinstance(sys.modules.get(one.found_by), (stand_ins.StandIn, type(None)))]\n"
        "assert not real, real"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-3000:]


def left_out_by_overrides() -> list[str]:
    lines = (settings.ROOT / "overrides.txt").read_text(encoding="utf-8").splitlines()
    return [line.split(" ;")[0] for line in lines if line.endswith("; sys_platform == 'never'")]


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


def required_by(distribution: str) -> set[str]:
    wanted = importlib.metadata.requires(distribution) or []
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in wanted if "extra ==" not in line}  # type: ignore[index]


PARTS_OF_TENSORFLOW = {"tensorflow-addons", "tensorflow-hub"}
"""Rasa declares them under an extra, or by another spelling."""


@pytest.mark.parametrize("package", left_out_by_overrides())
def test_what_is_left_out_is_declared_by_rasa_and_by_nothing_else_installed(package: str) -> None:
    declared = {normal(re.match(r"[\w.-]+", line)[0]) for line in importlib.metadata.requires("rasa") or []}  # type: ignore[index]
    assert normal(package) in declared | PARTS_OF_TENSORFLOW
    needing = {
        normal(one.metadata["Name"])
        for one in importlib.metadata.distributions()
        if normal(package) in required_by(one.metadata["Name"])
    }
    assert needing <= {"rasa", "rasa-sdk"}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_what_is_left_out_is_in_no_lock_and_every_stand_in_is_left_out(lock: str) -> None:
    held = set(re.findall(r"^([\w.-]+)==", (settings.ROOT / lock).read_text(encoding="utf-8"), re.MULTILINE))
    left_out = set(map(normal, left_out_by_overrides()))
    assert not held & left_out
    assert {normal(re.match(r"[\w-]+", one.requirement)[0]) for one in LEFT_OUT} <= left_out  # type: ignore[index]


def test_both_locks_agree() -> None:
    run, dev = (
        set(re.findall(r"^\S+==\S+", (settings.ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in ("requirements.lock", "requirements-dev.lock")
    )
    assert run < dev


@pytest.mark.parametrize(("one", "module"), MODULES, ids=map(names_of, MODULES))
def test_a_stand_in_says_what_to_install(one: LeftOut, module: str) -> None:
    made = StandIn(module, one)
    with pytest.raises(LeftOutError, match=re.escape(f"pip install '{one.requirement}'")):
        _ = made.NoSuchName
    if one.quiet:
        return
    for name in one.names[module]:
        with pytest.raises(LeftOutError, match=f"{name} needs "):
            getattr(made, name)()


def test_a_missing_picture_stops_no_test(caplog: pytest.LogCaptureFixture) -> None:
    one = next(one for one in LEFT_OUT if one.found_by == "matplotlib")
    made = StandIn("rasa.utils.plotting", one)
    with caplog.at_level("INFO"):
        assert made.plot_confusion_matrix([[1]], classes=["a"], title="") is None
    assert "No picture is drawn" in caplog.text


def test_a_log_line_passes_as_it_is() -> None:
    one = next(one for one in LEFT_OUT if one.found_by == "structlog_sentry")
    processor = StandIn("structlog_sentry", one).SentryProcessor(event_level=50)
    assert processor(None, "info", {"event": "x"}) == {"event": "x"}


def test_it_steps_aside_where_the_packages_are_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stand_ins, "is_installed", lambda one: True)
    before = dict(sys.modules)
    assert stand_ins.install() == []
    assert dict(sys.modules) == before
