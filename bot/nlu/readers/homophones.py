"""Names typed or heard with the wrong characters of the right sound: 睡费, 口强科, 换到家兴."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.gazetteer_files import Gazetteers
from bot.nlu.readers.city_names import CITY, COUNTY, names_of
from bot.nlu.readers.found import Found
from bot.nlu.readers.short_names import any_of

_LONGEST = 7
_TO_A_CITY = re.compile(r"(?:[换切改搬回去]|切换)(?:到|成|为|去)?了?$|(?:到|在|是)$")
_MOST_CANDIDATES = 4
_NO_PART = re.compile("[哪什怎吗呢的了这那是一您你我他她它啊呀吧也都就还很]")  # 在哪取号 names no 那曲
_LONGEST_WORD = 4
_AROUND = " ,，。!?那吧呢啊"
_LEAST_ALONE = 3


@dataclass(frozen=True)
class Sounding:
    """A name that may be mistyped.

    Args:
        kind: its entity.
        value: what it stands for.
        text: as it is written.
    """

    kind: str
    value: str
    text: str


class Homophones:
    """Finds names by their sound, where no name of the kind stands in the message as it should.

    Args:
        gazetteers: the phrases, the cities, and for each entity which names may be mistyped (`by_ear`).
        syllables: character → pinyin without tone.
        words: everyday words, which are what they are and no mistyped name (税费).
        frequent: words that everybody uses: what reaches into one of them is no name (年三 in 去年三月, 没起 in 没起来).
    """

    def __init__(
        self,
        gazetteers: Gazetteers,
        syllables: Mapping[str, str],
        words: Collection[str],
        frequent: Collection[str] = (),
    ) -> None:
        self._syllables = syllables
        self._words = frozenset(words)
        self._frequent = frozenset(frequent)
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
                typed = text[start : start + length]
                if named is None or named[0].kind in found_kinds or typed in self._words:
                    continue
                found = self._meant(named, typed, start) if typed not in {one.text for one in named} else None
                if found and self._fits(named[0], text, start) and not self._is_of_words(text, found, named):
                    yield found
                    break

    def _is_of_words(self, text: str, found: Found, named: Sequence[Sounding]) -> bool:
        """Whether words that everybody uses make up what was found: one lies across its beginning or its end, or one within
        it is none of the name's (医院 in 到时医院见 is no mistyped 市一院)."""
        for begin in range(max(0, found.start - _LONGEST_WORD + 1), found.end):
            for end in range(max(begin + 2, found.start + 1), min(len(text), begin + _LONGEST_WORD) + 1):
                if (begin, end) == (found.start, found.end) or text[begin:end] not in self._frequent:
                    continue
                if begin < found.start or end > found.end:
                    return True
                within = slice(begin - found.start, end - found.start)
                if all(one.text[within] != text[begin:end] for one in named):
                    return True
        return False

    @staticmethod
    def _meant(named: Sequence[Sounding], typed: str, start: int) -> Found:
        """The likeliest of the names that sound so, the one with the most characters right, and all that may be meant."""
        likeliest = sorted(named, key=lambda one: -sum(map(str.__eq__, one.text, typed)))
        values = tuple(dict.fromkeys(one.value for one in likeliest))
        several = values[:_MOST_CANDIDATES] if len(values) > 1 else ()
        return Found(start, start + len(typed), named[0].kind, values[0], candidates=several)

    def _fits(self, named: Sounding, text: str, start: int) -> bool:
        if named.kind == CITY:
            to_it = _TO_A_CITY.search(text[max(0, start - _LONGEST) : start])
            return bool(to_it) and not _NO_PART.search(text[start : start + len(named.text)])
        beside = self._beside.get(named.kind)
        if beside is None or beside.search(text):
            return True
        # 燃器费 is the whole message; a shorter one (睡费) might be anything, and so might one with no character right.
        typed = text[start : start + len(named.text)]
        alone = len(typed) >= _LEAST_ALONE and text.strip(_AROUND) == typed
        return alone and any(map(str.__eq__, typed, named.text))


def names_by_sound(gazetteers: Gazetteers, syllables: Mapping[str, str]) -> dict[tuple[str, ...], list[Sounding]]:
    """Return the sounds of each name that may be mistyped → the names that sound so, all of one kind.

    Cities that sound alike (苏州, 宿州) are all kept; of other names the first.

    Args:
        gazetteers: their `phrases`, `cities` and `by_ear`.
        syllables: character → pinyin without tone.
    """
    by_sound: dict[tuple[str, ...], list[Sounding]] = {}
    for one in _may_be_mistyped(gazetteers):
        if len(one.text) <= _LONGEST and all(char in syllables for char in one.text):
            alike = by_sound.setdefault(tuple(syllables[char] for char in one.text), [])
            if not alike or one.kind == alike[0].kind == CITY:
                alike.append(one)
    return by_sound


def _may_be_mistyped(gazetteers: Gazetteers) -> Iterator[Sounding]:
    allowed = {row["entity"]: row for row in gazetteers["by_ear"]}
    for row in gazetteers["phrases"]:
        rule = allowed.get(row["entity"])
        if rule and not row.get("part") and _is_allowed(row["text"], rule):
            yield Sounding(row["entity"], row["value"], row["text"])
    for row in gazetteers["cities"]:
        for text, need in names_of(row):
            if need != COUNTY:
                yield Sounding(CITY, row["value"], text)


def _is_allowed(text: str, rule: Mapping[str, Any]) -> bool:
    if "names" in rule:
        return text in rule["names"]
    return len(text) >= rule["at_least"] and text.endswith(tuple(rule["endings"]))
