"""Cuts messages into words with jieba and the city's words: a Rasa graph component."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import jieba
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.gazetteer_files import SETTINGS, read_as_set, words
from bot.nlu.kept import remembered
from bot.nlu.lexicon import jieba_words
from bot.nlu.normalise import normalise
from bot.nlu.readers.plates import find_plates

VERSION = 4
"""Raise when a function this component calls changes: Rasa's fingerprint sees only the class itself."""

DICTIONARY_FILE = "words.txt"
CITY_WORD_FREQUENCY = 5000
LONGEST = 1000


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class CityTokenizer(Tokenizer):
    """Tokenizer on a jieba dictionary of its own, which is packed into the model and read only from there.

    Config:
        gazetteers, cities, services: folders of the gazetteers, the registry of cities and the manifests, from the
            project's root.
        least_frequency: words of jieba's dictionary that are rarer are left out.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the component's settings where config.yml has none."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
            **SETTINGS,
            "least_frequency": 100,
        }

    @staticmethod
    def supported_languages() -> list[str]:
        """Chinese only."""
        return ["zh"]

    @staticmethod
    def required_packages() -> list[str]:
        """Packages whose version is part of the fingerprint."""
        return ["jieba"]

    def __init__(self, config: dict[str, Any], model_storage: ModelStorage, resource: Resource) -> None:
        super().__init__(config)
        self._model_storage = model_storage
        self._resource = resource
        self._lines: str | None = None
        self._jieba: jieba.Tokenizer | None = None
        self._for_training = True

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CityTokenizer:
        """Create an untrained tokenizer."""
        component = cls({**cls.get_default_config(), **config}, model_storage, resource)
        component._for_training = is_read_by_others(execution_context.graph_schema)
        return component

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Return a hash of the dictionary, so that an edited gazetteer trains anew."""
        lines = "\n".join(_city_words({**cls.get_default_config(), **config}))
        return hashlib.sha256(f"{VERSION}\n{lines}".encode()).hexdigest()

    def train(self, training_data: TrainingData) -> Resource:
        """Pack the dictionary into the model."""
        least, city_words = self._config["least_frequency"], _city_words(self._config)
        self._lines = remembered("dictionary", [least, city_words], lambda: dictionary(least, city_words))
        with self._model_storage.write_to(self._resource) as folder:
            (Path(folder) / DICTIONARY_FILE).write_text(self._lines, encoding="utf-8")
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CityTokenizer:
        """Load the dictionary from the model; where messages will come, now and not at the first of them."""
        component = cls.create(config, model_storage, resource, execution_context)
        with model_storage.read_from(resource) as folder:
            component._lines = (Path(folder) / DICTIONARY_FILE).read_text(encoding="utf-8")
        if any(node.uses is cls and node.fn == "process" for node in execution_context.graph_schema.nodes.values()):
            component._jieba = _jieba_of(component._lines)
        return component

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Cut the examples into words, where the pipeline has a component that learns from words."""
        return super().process_training_data(training_data) if self._for_training else training_data

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Cut one attribute of a message; token texts are normalised, offsets are those of the text as typed."""
        if self._jieba is None:
            if self._lines is None:
                raise RuntimeError("CityTokenizer was neither trained nor loaded")
            self._jieba = _jieba_of(self._lines)
        return [Token(text, start) for text, start in cut(self._jieba, message.get(attribute))]


def dictionary(least: int, city_words: Iterable[str]) -> str:
    """Make the tokenizer's dictionary: jieba's and the city's words, a line each with its frequency.

    Args:
        least: words of jieba's that are less frequent are left out.
        city_words: taken for frequent.
    """
    frequencies = {word: count for word, count, _ in jieba_words(least)}
    for word in city_words:
        frequencies[word] = max(frequencies.get(word, 0), CITY_WORD_FREQUENCY)
    return "".join(f"{word} {count}\n" for word, count in sorted(frequencies.items()))


def is_read_by_others(schema: GraphSchema) -> bool:
    """Tell whether a component of the graph says that it needs a tokenizer before it, as Rasa's featurizers do."""
    return any(
        issubclass(Tokenizer, needed) or issubclass(needed, Tokenizer)
        for node in schema.nodes.values()
        for needed in node.uses.required_components()
    )


def cut(tokenizer: jieba.Tokenizer, text: str) -> list[tuple[str, int]]:
    """Cut text into (normalised word, offset in the text as typed); blanks are no words, a plate is one.

    Args:
        tokenizer: from `private_jieba`.
        text: as typed; only the first `LONGEST` characters are cut.
    """
    normal = normalise(text[:LONGEST])
    tokens: list[tuple[str, int]] = []
    position = 0
    for plate in sorted(find_plates(normal)):
        tokens += _cut_stretch(tokenizer, normal, position, plate.start)
        tokens.append((normal[plate.start : plate.end], plate.start))
        position = plate.end
    return tokens + _cut_stretch(tokenizer, normal, position, len(normal))


def _cut_stretch(tokenizer: jieba.Tokenizer, text: str, start: int, end: int) -> list[tuple[str, int]]:
    tokens = []
    for word in tokenizer.cut(text[start:end], HMM=False):
        if word.strip():
            tokens.append((word, start))
        start += len(word)
    return tokens


def private_jieba(frequencies: Iterable[tuple[str, int]]) -> jieba.Tokenizer:
    """Build a jieba tokenizer that reads no file, writes no cache and shares nothing with `jieba.dt`.

    jieba's own `initialize` reads and writes a cache in the shared temporary folder, so its table is filled here,
    the way `gen_pfdict` does: every word with its frequency, every beginning of a word with at least 0.
    """
    tokenizer = jieba.Tokenizer()
    table: dict[str, int] = {}
    total = 0
    for word, count in frequencies:
        table[word] = count
        total += count
        for length in range(1, len(word)):
            table.setdefault(word[:length], 0)
    tokenizer.FREQ, tokenizer.total, tokenizer.initialized = table, total, True
    return tokenizer


def _jieba_of(lines: str) -> jieba.Tokenizer:
    parted = (line.partition(" ") for line in lines.splitlines())
    return private_jieba((word, int(count)) for word, _, count in parted)


def _city_words(config: dict[str, Any]) -> list[str]:
    return words(read_as_set(config))
