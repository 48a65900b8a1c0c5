"""Names typed or heard with the wrong characters of the right sound: 睡费, 口强科, 换到家兴."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.nlu.found import Found
from bot.nlu.gazetteer_files import Gazetteers
from bot.nlu.short_names import any_of

_LONGEST = 7
_TO_A_CITY = re.compile(r"(?:[换切改搬回去]|切换)(?:到|成|为|去)?了?$|(?:到|在|是)$")
_AROUND = " ,，。!?那吧呢啊"
_LEAST_ALONE = 3
CITY = "city"


class Homophones:
    """Finds names by their sound, where no name of the kind stands in the message as it should.

    Args:
        gazetteers: the phrases, and for each entity which of them may be mistyped (`by_ear`); cities always may.
        syllables: character → pinyin without tone.
        words: everyday words, which are what they are and no mistyped name (税费).
    """

    def __init__(self, gazetteers: Gazetteers, syllables: Mapping[str, str], words: Collection[str]) -> None:
        self._syllables = syllables
        self._words = frozenset(words)
        self._beside = {
            row["entity"]: re.compile(any_of(row["beside"])) for row in gazetteers["by_ear"] if row.get("beside")
        }
        self._by_sound = names_by_sound(gazetteers, syllables)
        self._lengths: dict[tuple[str, ...], list[int]] = {}  # by the first two sounds, the longest first
        for sounds in sorted(self._by_sound, key=len, reverse=True):
            lengths = self._lengths.setdefault(sounds[:2], [])
            if len(sounds) not in lengths:
                lengths.append(len(sounds))

    def find(self, text: str, found_kinds: Collection[str]) -> Iterator[Found]:
        """Find mistyped names in normalised text.

        Args:
            text: the message.
            found_kinds: entities already found; another of the same kind is not looked for.
        """
        sounds = [self._syllables.get(char, "") for char in text]
        for start in range(len(text) - 1):
            for length in self._lengths.get((sounds[start], sounds[start + 1]), ()):
                named = self._by_sound.get(tuple(sounds[start : start + length]))
                if named is None or named[0] in found_kinds or text[start : start + length] in self._words:
                    continue
                kind, value, right = named
                if right != text[start : start + length] and self._fits(kind, right, text, start):
                    yield Found(start, start + length, kind, value)
                    break

    def _fits(self, kind: str, right: str, text: str, start: int) -> bool:
        if kind == CITY:
            return bool(_TO_A_CITY.search(text[:start]))
        beside = self._beside.get(kind)
        if beside is None or beside.search(text):
            return True
        # 燃器费 is the whole message; a shorter one (睡费) might be anything, and so might one with no character right.
        typed = text[start : start + len(right)]
        return len(right) >= _LEAST_ALONE and text.strip(_AROUND) == typed and any(map(str.__eq__, typed, right))


def names_by_sound(gazetteers: Gazetteers, syllables: Mapping[str, str]) -> dict[tuple[str, ...], tuple[str, str, str]]:
    """Return the sounds of each name that may be mistyped → (entity, value, the name as it is written).

    Args:
        gazetteers: their `phrases` and `by_ear`.
        syllables: character → pinyin without tone.
    """
    allowed = {row["entity"]: row for row in gazetteers["by_ear"]}
    by_sound: dict[tuple[str, ...], tuple[str, str, str]] = {}
    for row in gazetteers["phrases"]:
        kind, text = row["entity"], row["text"]
        if len(text) > _LONGEST or row.get("part") or not all(char in syllables for char in text):
            continue
        if kind == CITY or (kind in allowed and _may_be_mistyped(text, allowed[kind])):
            by_sound.setdefault(tuple(syllables[char] for char in text), (kind, row["value"], text))
    return by_sound


def _may_be_mistyped(text: str, rule: Mapping[str, Any]) -> bool:
    if "names" in rule:
        return text in rule["names"]
    return len(text) >= rule["at_least"] and text.endswith(tuple(rule["endings"]))
