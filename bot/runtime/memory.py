"""Gives back what loading a model left behind."""

import ctypes
import gc
import sys

YOUNG = 10_000
"""New objects between two looks at them; a turn makes some thousands, which go without the collector, by their counts."""


def settle() -> None:
    """Collect garbage, return freed memory to the system, and take what stays out of the collector's sight.

    Loading a model parses the domain and dictionaries through many short-lived objects; glibc keeps the room they
    had (60 MB here) for later. What is loaded lives as long as the process, so the collector need not walk it again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)
