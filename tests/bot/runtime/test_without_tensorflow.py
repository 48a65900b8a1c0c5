"""The stand-ins fit the Rasa that is installed: read from Rasa's own source, so a change there is noticed."""

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.runtime import without_tensorflow
from bot.runtime.without_tensorflow import STAND_INS, TensorFlowMissingError

needs_no_tensorflow = pytest.mark.skipif(
    without_tensorflow.tensorflow_is_installed(), reason="TensorFlow is installed, so Rasa's real modules are used"
)


def rasa_root() -> Path:
    spec = importlib.util.find_spec("rasa")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def source_of(module_name: str) -> Path:
    return rasa_root().parent / (module_name.replace(".", "/") + ".py")


def imports_of(path: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    """(module, names) of what a file imports when it is imported: not inside functions, not `if TYPE_CHECKING`."""
    pending: list[ast.stmt] = list(ast.parse(path.read_text(encoding="utf-8")).body)
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


def imports_tensorflow(path: Path) -> bool:
    return any(module.split(".")[0] == "tensorflow" for module, _ in imports_of(path))


@pytest.mark.parametrize("module_name", STAND_INS)
def test_the_rasa_module_still_exists_and_still_imports_tensorflow(module_name: str) -> None:
    assert imports_tensorflow(source_of(module_name))


@pytest.mark.parametrize("module_name", STAND_INS)
def test_the_stand_in_offers_what_other_rasa_modules_import(module_name: str) -> None:
    wanted: set[str] = set()
    for path in rasa_root().rglob("*.py"):
        dotted = ".".join(path.relative_to(rasa_root().parent).with_suffix("").parts)
        if dotted in STAND_INS or (dotted.startswith("rasa.utils.tensorflow.") and imports_tensorflow(path)):
            continue  # never imported without TensorFlow
        for module, names in imports_of(path):
            if module == module_name:
                wanted.update(names)
    assert wanted, "nothing imports it any more: the stand-in can go"
    assert wanted <= set(STAND_INS[module_name])


@needs_no_tensorflow
def test_rasa_starts_without_tensorflow() -> None:
    code = (
        "from bot.runtime import without_tensorflow as w; assert w.install();"
        "import sys, rasa.__main__, rasa.core.agent, rasa.model_training, rasa.server;"
        "assert 'tensorflow' not in sys.modules; assert w.install()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@needs_no_tensorflow
def test_a_neural_component_says_what_it_lacks() -> None:
    without_tensorflow.install()
    from rasa.nlu.classifiers.diet_classifier import DIETClassifier

    with pytest.raises(TensorFlowMissingError, match="DIETClassifier needs TensorFlow"):
        DIETClassifier()


def test_it_steps_aside_where_tensorflow_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(without_tensorflow, "tensorflow_is_installed", lambda: True)
    before = dict(sys.modules)
    assert without_tensorflow.install() is False
    assert dict(sys.modules) == before
