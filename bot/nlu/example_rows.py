"""The examples of a training as rows of features, made once for all that learns from them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from rasa.shared.nlu.constants import INTENT, INTENT_RESPONSE_KEY, TEXT
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.extractor import finder_as_set, read_parts
from bot.nlu.features import Featurizer
from bot.nlu.gazetteer_files import read_as_set
from bot.nlu.kept import cache_folder, code
from bot.nlu.known_rows import rows_of
from bot.nlu.linear import Rows

SOME_DAY = date(2026, 1, 1)
"""The day on which examples are read: one for all trainings, so that the same data gives the same model on any day."""


@dataclass(frozen=True)
class ExampleRows:
    """The examples, and what a featurizer makes of them.

    Attributes:
        rows: a row an example.
        intents: its intent; of a question that has an article, the retrieval intent (ask_traffic).
        articles: the article's full retrieval intent (ask_traffic/points); empty for what is no question.
        features: what the featurizer was made of, JSON-able.
    """

    rows: Rows
    intents: list[str]
    articles: list[str]
    features: Mapping[str, Any]

    def of(self, chosen: Sequence[int]) -> Rows:
        """The rows of some examples, by their places."""
        return Rows(self.rows.names, self.rows.matrix[list(chosen)])


def example_rows(training_data: TrainingData, config: dict[str, Any]) -> ExampleRows:
    """Make the rows of all intent examples.

    Args:
        training_data: with the examples.
        config: a component's settings: `gazetteers`, `cities`, `services`.
    """
    examples = [one for one in training_data.intent_examples if one.get(TEXT) and one.get(INTENT)]
    if not examples:
        return ExampleRows(Rows.of([]), [], [], {})
    features = _features(config)
    texts = tuple(str(one.get(TEXT)) for one in examples)
    return ExampleRows(
        rows=_rows(texts, json.dumps(read_as_set(config), ensure_ascii=False), json.dumps(config, default=str)),
        intents=[str(one.get(INTENT)) for one in examples],
        articles=[str(one.get(INTENT_RESPONSE_KEY) or "") for one in examples],
        features=features,
    )


@lru_cache(maxsize=1)
def _rows(texts: tuple[str, ...], gazetteers: str, config: str) -> Rows:
    """Two components learn from the same rows in one training."""
    settings = json.loads(config)
    featurizer, finder = Featurizer(**_features(settings)), finder_as_set(settings)
    return rows_of(
        texts, lambda text: featurizer.features_of(text, finder.find(text, SOME_DAY)), _key(gazetteers), cache_folder()
    )


def _features(config: dict[str, Any]) -> dict[str, Any]:
    """What a featurizer is made of."""
    parts = read_parts(config)
    gazetteers = parts["gazetteers"]
    return {
        "topics": gazetteers["topics"],
        "syllables": parts["lexicon"]["syllables"],
        "declared": gazetteers["declared"],
    }


def _key(gazetteers: str) -> str:
    """What a row depends on besides its text: our code, and the gazetteers, of which the words of the language follow."""
    return hashlib.sha256(code() + gazetteers.encode()).hexdigest()[:16]
