"""What all tests share: Rasa without TensorFlow, the model for today's data, and the running house."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings
from rich.console import Console

from bot.runtime import settings, stand_ins

# In CI the same examples each time, so that a run says something of the change; at the desk new ones.
# Never by the clock: a busy machine is no fault of the code's.
hypothesis_settings.register_profile("desk", deadline=None)
hypothesis_settings.register_profile("ci", derandomize=True, deadline=None)
hypothesis_settings.load_profile("desk")
if os.environ.get("CI"):
    hypothesis_settings.load_profile("ci")

# Before any test module imports Rasa.
settings.prepare_environment()
stand_ins.install()

from bot.commands.train import ensure_model  # noqa: E402
from tests.house import House, start_house, stop_house  # noqa: E402


@pytest.fixture(scope="session")
def trained_model() -> Path:
    """The model for the data as it stands; trained where there is none yet."""
    return ensure_model(Console())


@pytest.fixture(scope="session")
def house(trained_model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The sandbox city, the action server and the assistant, running for the whole session."""
    running = start_house(tmp_path_factory.mktemp("house"), trained_model)
    yield running
    stop_house(running)
