"""`python -m bot.runtime.tied PARENT MODULE`: run a module as a process that does not outlive the one that started it.

A supervisor that is killed with SIGKILL cannot stop its children. On Linux the kernel does it: each child asks for a
SIGTERM at the death of its parent. Elsewhere the module runs without that promise.
"""

import ctypes
import os
import runpy
import signal
import sys

PR_SET_PDEATHSIG = 1  # <linux/prctl.h>


def tie_to(parent: int) -> None:
    """Ask for SIGTERM when the parent dies, and leave at once where it is gone already.

    Args:
        parent: process id of the supervisor that started this process.
    """
    if sys.platform != "linux":
        return
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit(f"The process {parent} that wanted this one is gone")


if __name__ == "__main__":
    tie_to(int(sys.argv[1]))
    module = sys.argv[2]
    del sys.argv[1:3]
    runpy.run_module(module, run_name="__main__", alter_sys=True)
