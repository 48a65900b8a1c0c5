"""Makes noisy variants of a text, as hurried thumbs, speech recognition and other keyboards do; same seed, same text."""

import random
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import jieba
from opencc import OpenCC
from pypinyin import lazy_pinyin

from bot.evaluation.reading import Span
from bot.evaluation.spoken import spoken
from bot.nlu.lexicon import jieba_words
from bot.nlu.syllables import everyday_characters
from bot.nlu.tokenizer import private_jieba

HARM_EVERY = 8
"""One character is hit in so many, and at least one in each text."""

COMMON = 3000
"""Characters that are typed by mistake for another one: the most frequent ones."""

SHORTEST = 4
"""Texts with fewer characters lose none: of 水费 nothing would be left to understand."""

FILLERS = ("嗯", "那个", "呃", "就是", "那个那个", "嗯嗯")
_HANZI = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class Noise:
    """One kind of noise.

    Args:
        name: what it is called in the table.
        make: (text, spans to leave alone, random numbers) → noisy text.
        keeps_entities: False where it may hit an entity's own words, so that only the intent can be asked for.
    """

    name: str
    make: Callable[[str, Sequence[Span], random.Random], str]
    keeps_entities: bool = True


def noisy(noise: Noise, text: str, spans: Sequence[Span], seed: int) -> str:
    """Make the noisy variant of one text; the same arguments always give the same text.

    Args:
        noise: the kind.
        text: as in the development set.
        spans: its entities; a kind that keeps entities leaves their characters as they are, or says the same in
            another script.
        seed: another seed, another variant.
    """
    return noise.make(text, spans, random.Random(f"{seed}/{noise.name}/{text}"))  # noqa: S311 – not for secrets


def _homophones(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    taken = _inside(spans)
    places = [place for place, char in enumerate(text) if place not in taken and sounding_like(char)]
    chars = list(text)
    for place in _some(places, len(text), rng):
        chars[place] = rng.choice(sounding_like(chars[place]))
    return "".join(chars)


def _homophones_anywhere(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    return _homophones(text, (), rng)


def _dropped(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    if len(text) < SHORTEST:
        return text
    lost = set(_some(_words_outside(text, spans), len(text), rng))
    return "".join(char for place, char in enumerate(text) if place not in lost)


def _dropped_anywhere(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    return _dropped(text, (), rng)


def _doubled(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    twice = set(_some(_words_outside(text, spans), len(text), rng))
    return "".join(char * 2 if place in twice else char for place, char in enumerate(text))


def _no_punctuation(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    taken = _inside(spans)
    kept = ""
    for place, char in enumerate(text):
        if place in taken or not _is_mark(char):
            kept += char
        elif _is_latin(kept[-1:]) and _is_latin(text[place + 1 : place + 2]):
            kept += " "  # else two numbers would become one
    return kept


def _spoken(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    return spoken(text, spans)


def _traditional(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    converted: str = _to_traditional().convert(text)
    return converted


def _full_width(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    return "".join(
        "\u3000" if char == " " else chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text
    )


def _fillers(text: str, spans: Sequence[Span], rng: random.Random) -> str:
    taken = {place for span in spans for place in range(span.start + 1, span.end)}
    gaps = [gap for gap in _word_starts(text) if gap not in taken and gap > 0]
    chosen = {0, *rng.sample(gaps, min(len(gaps), 1 + len(text) // 12))}
    return "".join((rng.choice(FILLERS) if place in chosen else "") + char for place, char in enumerate(text))


KINDS = (
    Noise("homophones", _homophones),
    Noise("homophones, entities too", _homophones_anywhere, keeps_entities=False),
    Noise("dropped characters", _dropped),
    Noise("dropped, entities too", _dropped_anywhere, keeps_entities=False),
    Noise("doubled characters", _doubled),
    Noise("no punctuation", _no_punctuation),
    Noise("spoken numerals", _spoken),
    Noise("traditional", _traditional),
    Noise("full width", _full_width),
    Noise("ASR fillers", _fillers),
)
"""All kinds of noise, in the table's order."""


def sounding_like(char: str) -> list[str]:
    """Return the frequent characters that an input method offers for the same pinyin, tones apart; none for no Hanzi."""
    if len(char) != 1 or ord(char) not in _HANZI:
        return []
    return [other for other in _by_sound().get(lazy_pinyin(char)[0], ()) if other != char][:5]


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, list[str]]:
    everyday = set(everyday_characters())
    counted = sorted((-count, word) for word, count, _ in jieba_words(least=1) if word in everyday)
    frequent = [word for _, word in counted[:COMMON]]
    ordered = sorted(frequent, key=lambda char: lazy_pinyin(char)[0])  # a stable sort: the frequent stay first
    return {sound: list(chars) for sound, chars in groupby(ordered, key=lambda char: lazy_pinyin(char)[0])}


@lru_cache(maxsize=1)
def _to_traditional() -> OpenCC:
    return OpenCC("s2t")


@lru_cache(maxsize=1)
def _words() -> jieba.Tokenizer:
    return private_jieba((word, count) for word, count, _ in jieba_words(least=2))


def _word_starts(text: str) -> Iterator[int]:
    place = 0
    for word in _words().cut(text, HMM=False):
        yield place
        place += len(word)


def _words_outside(text: str, spans: Sequence[Span]) -> list[int]:
    """Places of Hanzi outside the spans; a digit lost or said twice would be another number."""
    taken = _inside(spans)
    return [place for place, char in enumerate(text) if place not in taken and ord(char) in _HANZI]


def _inside(spans: Sequence[Span]) -> set[int]:
    return {place for span in spans for place in range(span.start, span.end)}


def _some(places: Sequence[int], length: int, rng: random.Random) -> list[int]:
    return rng.sample(places, min(len(places), max(1, length // HARM_EVERY)))


def _is_mark(char: str) -> bool:
    return char.isspace() or unicodedata.category(char).startswith("P")


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()
