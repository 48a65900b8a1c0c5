"""Lets the stages of a training share its examples, instead of each copying and hashing all of them anew.

Rasa hands the training data through three importers (`rasa.shared.importers.importer`), and each merges what the one
below gives with nothing, or with a handful: `TrainingData.merge` copies every example, and the result drops duplicates
by a hash worked out afresh for each copy. That was a third of a training. Merged data here holds the same examples, and
an example whose intent has no blank to strip keeps the hash it has.
"""

from __future__ import annotations

import copy
from collections import OrderedDict
from typing import Any

from rasa.shared.nlu.constants import INTENT, RESPONSE
from rasa.shared.nlu.training_data import util
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData


def install() -> None:
    """Put both into Rasa's class; for a process that trains, and changes no example once it is read. Safe to call again."""
    TrainingData.merge = merge
    TrainingData.sanitize_examples = staticmethod(sanitize_examples)


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
    return list(OrderedDict.fromkeys(examples))
