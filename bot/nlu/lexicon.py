"""Reads jieba's own dictionary from its package, so that no component needs jieba's global state or its cache."""

import re
from collections.abc import Collection, Iterable, Iterator
from importlib.resources import files
from typing import Any

from bot.nlu.gazetteer_files import Gazetteers
from bot.nlu.kept import remembered
from bot.nlu.readers.homophones import names_by_sound
from bot.nlu.readers.numerals import CHARS
from bot.nlu.syllables import everyday_characters, syllable_table

_MORE_OFTEN_A_WORD = 500
"""Frequency from which a word that can be a name is taken for the word."""

_FREQUENT = 300
"""Frequency from which a word is one that everybody uses."""

# What begins with a number and a unit, or with 毛 or 角 alone; 钱 and 整 after it only end a sum, and a part of the day a day.
_LIKE_A_SUM = re.compile(rf"(?:[{CHARS}半]+[元块毛角圆]|[毛角])[^钱整毛票]")
_LIKE_A_DAY = re.compile(rf"[{CHARS}]+[日天](?!上午|下午|晚上)[^后前内]")

Lexicon = dict[str, Any]
"""JSON-able: what finders need to know of the everyday language, and what a model stores of it."""


def read_lexicon(gazetteers: Gazetteers) -> Lexicon:
    """Read words and sounds of the everyday language.

    Args:
        gazetteers: their names decide which words are worth keeping.

    Returns:
        `like_names`, `names_and_words`: see `words_like_names`. `everyday`: words that sound like a name of the
        gazetteers (税费 like 水费), for telling them from a mistyped one. `frequent`: words that everybody uses (去年),
        of which no part is a part of a mistyped name. `like_sums`, `like_days`: words that begin like a sum or a day and are
        none (三角形, 毛病; 一日三餐). `syllables`: character → sound.
    """
    dictionary = list(jieba_words(least=3))
    like_names, names_and_words = words_like_names(gazetteers["surnames"], dictionary)
    syllables = syllable_table(everyday_characters())
    sounds = names_by_sound(gazetteers, syllables)
    return {
        "like_names": like_names,
        "names_and_words": names_and_words,
        "everyday": sorted(
            word for word, _, _ in dictionary if tuple(syllables.get(char, "") for char in word) in sounds
        ),
        "frequent": sorted(word for word, often, _ in dictionary if often >= _FREQUENT and 2 <= len(word) <= 4),
        "like_sums": sorted(word for word, _, _ in dictionary if _LIKE_A_SUM.match(word)),
        "like_days": sorted(word for word, _, _ in dictionary if _LIKE_A_DAY.match(word)),
        "syllables": syllables,
    }


def kept_lexicon(gazetteers: Gazetteers) -> Lexicon:
    """Give what `read_lexicon` gives, read back where an earlier training has found it for the same gazetteers.

    Args:
        gazetteers: their names decide which words are worth keeping.
    """
    found: Lexicon = remembered("lexicon", gazetteers, lambda: read_lexicon(gazetteers))
    return found


def jieba_words(least: int) -> Iterator[tuple[str, int, str]]:
    """Yield (word, frequency, part-of-speech tag) of jieba's dictionary.

    Args:
        least: words less frequent than this are left out; they cost memory and are cut into parts we know anyway.
    """
    with files("jieba").joinpath("dict.txt").open(encoding="utf-8") as lines:
        for line in lines:
            word, frequency, tag = (line.strip().split(" ") + [""])[:3]
            if int(frequency) >= least:
                yield word, int(frequency), tag


def words_like_names(
    surnames: Collection[str], dictionary: Iterable[tuple[str, int, str]]
) -> tuple[list[str], list[str]]:
    """Return words of two to four characters that begin with a family name, sorted.

    First those that are no names (高血压, 黄山), then those that can be both, and are more often met as words (明白, 安静).

    Args:
        surnames: family names of one or two characters.
        dictionary: (word, frequency, part-of-speech tag), as `jieba_words` yields them.
    """
    first = frozenset(surnames)
    words, both = set(), set()
    for word, frequency, tag in dictionary:
        # A name of four characters has a family name of two.
        if 2 <= len(word) <= 4 and (word[0] in first and len(word) <= 3 or word[:2] in first):
            if not tag.startswith("nr"):
                words.add(word)
            elif len(word) == 2 and frequency >= _MORE_OFTEN_A_WORD:
                both.add(word)
    return sorted(words), sorted(both)
