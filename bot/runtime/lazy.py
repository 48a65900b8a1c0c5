"""Lets the assistant start without modules that it rarely needs, and not to answer.

Rasa's server imports what only training (dask, typing_utils), names for new models (randomname) and a broker of events (aiormq)
need. Deferred, a module is loaded at its first use, and nothing is missing.
"""

import importlib.util
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any

DEFERRED = ("aiormq", "dask", "randomname", "typing_utils")
"""Modules that others import as a whole (`import x`, `import x as y`); a `from x import y` would load one at once."""


def defer() -> None:
    """Put the modules in place unloaded, where they are not loaded yet; call it before Rasa's server is imported."""
    for name in DEFERRED:
        spec = None if name in sys.modules else importlib.util.find_spec(name)
        if spec is not None:
            sys.modules[name] = unloaded(spec)


def unloaded(spec: ModuleSpec) -> ModuleType:
    """Make a module that loads itself when the first of its names is asked for.

    `importlib.util.LazyLoader` does not do here: its modules load as soon as an `import` statement looks at them.
    """
    module = importlib.util.module_from_spec(spec)

    def load_and_look(name: str) -> Any:
        del module.__dict__["__getattr__"]
        assert spec.loader is not None  # noqa: S101 – found modules have one
        spec.loader.exec_module(module)
        return getattr(module, name)

    module.__dict__["__getattr__"] = load_and_look  # PEP 562: asked for what the module does not have yet
    return module
