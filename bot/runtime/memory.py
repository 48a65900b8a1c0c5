"""Gives back what loading a model left behind."""

import ctypes
import gc
import sys


def settle() -> None:
    """Collect garbage, return freed memory to the system, and take what stays out of the collector's sight.

    Loading a model parses the domain and dictionaries through many short-lived objects; glibc keeps the room they
    had (60 MB here) for later. What is loaded lives as long as the process, so the collector need not walk it again.
    """
    gc.collect()
    gc.freeze()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # glibc has it, musl does not
        if trim is not None:
            trim(0)
