"""The gazetteers of the project, compiled once for all tests of this room."""

from collections.abc import Callable
from datetime import date

import pytest

from bot.nlu.declared import Declared, declarations
from bot.nlu.gazetteer_files import read_gazetteers
from bot.nlu.lexicon import read_lexicon
from bot.nlu.readers.entities import EntityFinder
from manifests import services

TUESDAY = date(2026, 11, 24)
Pairs = list[tuple[str, str]]


@pytest.fixture(scope="session")
def declared() -> Declared:
    """What the project's manifests declare."""
    return Declared(declarations(services()))


@pytest.fixture(scope="session")
def finder() -> EntityFinder:
    """The finder over the project's own gazetteers."""
    gazetteers = read_gazetteers()
    return EntityFinder(gazetteers, read_lexicon(gazetteers))


@pytest.fixture(scope="session")
def entities(finder: EntityFinder) -> Callable[[str], Pairs]:
    """(entity, value) of a message on Tuesday, 24 November 2026."""
    return lambda text: [(one.entity, one.value) for one in finder.find(text, TUESDAY)]
