"""Packs a model in a tenth of the time.

`rasa.engine.storage.local_model_storage` packs with gzip's highest level; the lowest takes 0.3 instead of 3 seconds, for a
file of 3 instead of 2.5 MB. Any Rasa reads it.
"""

from __future__ import annotations

from typing import Any

from rasa.engine.storage import local_model_storage
from tarsafe import TarSafe

LEVEL = 1


class LightlyPacked(TarSafe):
    """The archive class Rasa uses, with another level where none is asked for."""

    @classmethod
    def gzopen(
        cls, name: Any, mode: str = "r", fileobj: Any = None, compresslevel: int = LEVEL, **more: Any
    ) -> TarSafe:
        """Open an archive packed with gzip."""
        return super().gzopen(name, mode, fileobj, compresslevel, **more)


def install() -> None:
    """Have Rasa pack its models so; safe to call again."""
    local_model_storage.TarSafe = LightlyPacked
