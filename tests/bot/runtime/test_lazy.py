"""What is deferred is not loaded at the start, and is all there at its first use."""

import subprocess
import sys

from bot.runtime import lazy, settings

USED = {"aiormq": "exceptions", "dask": "get", "randomname": "get_name", "typing_utils": "issubtype"}
"""What Rasa uses of each."""

CODE = f"""
import importlib, sys
from bot.runtime import lazy, stand_ins
stand_ins.install()
lazy.defer()
import rasa.server
for name, used in {USED}.items():
    module = sys.modules[name]
    assert "__getattr__" in vars(module), f"something uses {{name}} at the start now: deferring it helps no longer"
    assert importlib.import_module(name) is module
    assert getattr(module, used) is not None
    assert "__getattr__" not in vars(module)
lazy.defer()
"""


def test_a_module_is_loaded_at_its_first_use_only() -> None:
    assert set(lazy.DEFERRED) == set(USED)
    done = subprocess.run([sys.executable, "-c", CODE], cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
