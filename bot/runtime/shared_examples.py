"""Lets the stages of a training share its examples, instead of each copying and hashing all of them anew.

Rasa hands the training data through three importers (`rasa.shared.importers.importer`), and each merges what the one
below gives with nothing, or with a handful: `TrainingData.merge` copies every example, and the result drops duplicates
by a hash worked out afresh for each copy. That was a third of a training. Merged data here holds the same examples, and
an example whose intent has no blank to strip keeps the hash it has. The hash of all examples, for which each stage asks
too, is worked out once for the same examples.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import util
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils import io


def install() -> None:
    """Put all three into Rasa's class; for a process that trains, and changes no example once it is read. Safe to call again."""
    TrainingData.merge = merge
    TrainingData.sanitize_examples = staticmethod(sanitize_examples)
    TrainingData.fingerprint = fingerprint


def merge(self: TrainingData, *others: TrainingData | None) -> TrainingData:
    """Merge as Rasa does, the examples shared."""
    sources = [one.training_examples for one in (self, *others) if one and one.training_examples]
    synonyms: dict[str, str] = dict(self.entity_synonyms)
    rest: tuple[list[Any], list[Any]] = (copy.deepcopy(self.regex_features), copy.deepcopy(self.lookup_tables))
    responses = copy.deepcopy(self.responses)
    for other in filter(None, others):
        for mine, theirs in zip(rest, (other.regex_features, other.lookup_tables), strict=True):
            mine.extend(copy.deepcopy(theirs))
        for text, synonym in other.entity_synonyms.items():
            util.check_duplicate_synonym(synonyms, text, synonym, "merging training data")
        synonyms.update(other.entity_synonyms)
        responses.update(other.responses)
    if len(sources) != 1:
        return TrainingData([example for source in sources for example in source], synonyms, *rest, responses)
    # They were cleaned when they were read, and nothing was added to them.
    made = TrainingData(None, synonyms, *rest, responses)
    made.training_examples = list(sources[0])
    made._fill_response_phrases()
    return made


def sanitize_examples(examples: list[Message]) -> list[Message]:
    """Strip intents and responses, and drop duplicates, as Rasa does."""
    for example in examples:
        for name in (INTENT, RESPONSE):
            value = example.get(name)
            if value and value != value.strip():
                example.set(name, value.strip())
    # By the hash itself: Rasa's comparison makes a number of it, and compares both anew, for each example at each stage.
    first: dict[str, Message] = {}
    for example in examples:
        first.setdefault(example.fingerprint(), example)
    return list(first.values())


def fingerprint(self: TrainingData) -> str:
    """Give the hash that Rasa gives."""
    content = {
        "training_examples": _Hashed(tuple(sorted(example.fingerprint() for example in self.training_examples))),
        "entity_synonyms": self.entity_synonyms,
        "regex_features": self.regex_features,
        "lookup_tables": [self._load_lookup_table(table) for table in self.lookup_tables],
        "responses": self.responses,
    }
    return str(io.deep_container_fingerprint(content))


@dataclass(frozen=True)
class _Hashed:
    """Stands for a list of hashes where Rasa hashes a container: it asks what has a `fingerprint` for it."""

    hashes: tuple[str, ...]

    def fingerprint(self) -> str:
        return _of_all(self.hashes)


@lru_cache(maxsize=4)
def _of_all(hashes: tuple[str, ...]) -> str:
    return str(io.get_list_fingerprint(list(hashes)))
