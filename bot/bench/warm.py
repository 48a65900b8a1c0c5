"""`python -m bot.bench.warm train|check NUMBER`: does something once, then again after each edit, in one process.

Runs in a copy of the project (`bot.bench.edits`) and tells the CPU seconds of each time but the first, which warms it.
Its checker stays, as in any process that is asked after each edit; a training asks it too, whether it may train.
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
    settings.enter_project()
    stand_ins.install()
    logs.configure(settings.log_level())
    logs.quiet_deprecations()
    from bot.checks import Checker

    checker = Checker()

    def check() -> bool:
        return not checker.check(settings.ROOT)

    def train() -> bool:
        from bot.runtime import training

        os.environ["RASA_CACHE_DIRECTORY"] = str(models.cache_folder())
        output = models.current_model()
        output.parent.mkdir(exist_ok=True)
        return training.train_if_clean(output, False, checker) == 0

    work, number = {"train": train, "check": check}[sys.argv[1]], int(sys.argv[2])
    # A tree that was found clean before is not checked again by a training, which would leave the checker cold.
    if not (check() and work()):
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


if __name__ == "__main__":
    sys.exit(main())
