"""Names typed or heard with the wrong characters of the right sound: 睡费, 口强科, 换到家兴."""

import re
from collections.abc import Collection, Iterator, Mapping

from bot.nlu.found import Found
from bot.nlu.gazetteer_files import Gazetteers

_LONGEST = 7
_PAYING_OR_ASKING = re.compile(r"[交缴充付查欠]|多少|账单|看|户号")
_TO_A_CITY = re.compile(r"(?:[换切改搬回去]|切换)(?:到|成|为|去)?了?$|(?:到|在|是)$")
_WHOLE_BILL = re.compile(r"[ 那]{0,2}(?:[燃煤天自].{2,3}|.{2,3}费)[ ,，。!?吧呢啊]*$")
_BILLS = ("水费", "电费", "燃气", "燃气费", "煤气", "煤气费", "天然气", "天然气费", "自来水", "自来水费")


class Homophones:
    """Finds names by their sound, where no name of the kind stands in the message as it should.

    Args:
        gazetteers: the phrases; departments and hospitals of three characters or more, bills and cities.
        syllables: character → pinyin without tone.
        words: everyday words, which are what they are and no mistyped name (税费).
    """

    def __init__(self, gazetteers: Gazetteers, syllables: Mapping[str, str], words: Collection[str]) -> None:
        self._syllables = syllables
        self._words = frozenset(words)
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
                if self._fits(named[0], text, start, length):
                    yield Found(start, start + length, *named)
                    break

    @staticmethod
    def _fits(kind: str, text: str, start: int, length: int) -> bool:
        if kind == "bill_type":
            # 燃器费 is the whole message; a shorter one (睡费) might be anything.
            return bool(_PAYING_OR_ASKING.search(text)) or (length >= 3 and bool(_WHOLE_BILL.match(text)))
        if kind == "city":
            return bool(_TO_A_CITY.search(text[:start]))
        return True


def names_by_sound(gazetteers: Gazetteers, syllables: Mapping[str, str]) -> dict[tuple[str, ...], tuple[str, str]]:
    """Return the sounds of each name that may be mistyped → (entity, value).

    Args:
        gazetteers: their `phrases`.
        syllables: character → pinyin without tone.
    """
    by_sound: dict[tuple[str, ...], tuple[str, str]] = {}
    for row in gazetteers["phrases"]:
        kind, text = row["entity"], row["text"]
        if len(text) > _LONGEST or not all(char in syllables for char in text):
            continue
        if (
            (kind in ("department", "hospital") and len(text) >= 3 and text.endswith(("科", "院", "鼻喉")))
            or kind == "city"
            or (kind == "bill_type" and text in _BILLS)
        ):
            by_sound.setdefault(tuple(syllables[char] for char in text), (kind, row["value"]))
    return by_sound
