"""`python -m bot.bench.warm train|check NUMBER`: does something once, then again after each edit, in one process.

Runs in a copy of the project (`bot.bench.edits`) and tells the CPU seconds of each time but the first, which warms it.
"""

import os
import sys
import time
from collections.abc import Callable

from bot.bench.commands import SPENT
from bot.bench.edits import EDITS, edited
from bot.runtime import logs, models, settings, stand_ins


def main() -> int:
    """Do what is asked for; 1 where it could not be done."""
    work = {"train": train, "check": check}[sys.argv[1]]
    number = int(sys.argv[2])
    settings.enter_project()
    stand_ins.install()
    logs.configure(settings.log_level())
    logs.quiet_deprecations()
    if not work():
        return 1
    for edit in EDITS:
        with edited(settings.ROOT, edit, number):
            if not _measured(edit, work):
                return 1
    return 0


def _measured(name: str, work: Callable[[], bool]) -> bool:
    before = time.process_time()
    done = work()
    print(f"{SPENT}{name} {time.process_time() - before:.3f}", flush=True)
    return done


def train() -> bool:
    """Train as the command's process does; whether there is a model now."""
    from bot.runtime import training

    os.environ["RASA_CACHE_DIRECTORY"] = str(models.cache_folder())
    output = models.current_model()
    output.parent.mkdir(exist_ok=True)
    return training.train(output, force=False) == 0


def check() -> bool:
    """Check as the command does; what it finds is of no matter here."""
    from bot.commands.check import run_checks

    run_checks(settings.ROOT)
    return True


if __name__ == "__main__":
    sys.exit(main())
