"""What is deferred is not loaded at the start, and is all there at its first use."""

import subprocess
import sys

from bot.runtime import settings

CODE = """
import sys
from bot.runtime import lazy, without_tensorflow
without_tensorflow.install()
lazy.defer()
import rasa.server
assert "matplotlib" not in sys.modules, "something else imports it now: deferring this module helps no longer"
import rasa.utils.plotting
assert callable(rasa.utils.plotting.plot_confusion_matrix)
assert "matplotlib" in sys.modules
lazy.defer()
"""


def test_matplotlib_is_loaded_at_its_first_use_only() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
