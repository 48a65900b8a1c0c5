"""Names that no list can hold, told by their ending: 浙江省人民医院. They begin where the last other word ends.

It also keeps listed names from being cut out of longer ones: 浙一医院 is not the 一医院 of the list.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from bot.nlu.readers.found import Found, covered_by
from bot.nlu.readers.short_names import any_of

_PART_OF_A_NAME = re.compile(r"[\u4e00-\u9fff0-9a-z（）()]")
_LONGEST = 18
"""Characters before an ending; no name is longer."""


class OpenNames:
    """Finds names of one entity by their ending.

    Args:
        row: `entity`; `endings`; `before`: words that may stand before a name and are no part of it; `joining`: those
            that may stand before a listed name only; `no_names`: what makes no name with an ending (哪家医院);
            `one_character`: the single characters that make one (县医院).
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.entity: str = row["entity"]
        self._endings = re.compile(any_of(row["endings"]))
        self._ends = re.compile(f"(?:{any_of(row['endings'])}|院)$")
        self._before = frozenset(row["before"])
        self._joining = frozenset(row["joining"])
        self._no_names = frozenset(row["no_names"])
        self._one_character = frozenset(row["one_character"])
        self._longest_word = max(map(len, self._before))

    def settle(self, text: str, named: Iterable[Found], ends: Collection[int]) -> Iterator[Found]:
        """Yield the listed names that stand free, longer names in place of those that do not, and names by their ending.

        Args:
            text: normalised, without blanks.
            named: names found, of any entity.
            ends: where blanks, and entities found before, end in the text.
        """
        named = list(named)
        borders = {*ends, *(one.end for one in named)}
        listed = [one for one in named if one.entity == self.entity]
        taken = covered_by(named)
        for one in listed:
            if self._is_free(text, one.start, borders):
                yield one
            else:
                yield from self._longer(text, one.start, one.end, borders, ())
        for match in self._endings.finditer(text):
            if taken.isdisjoint(range(*match.span())):
                longer = self._longer(text, *match.span(), borders, self._no_names)
                yield from (one for one in longer if self._may_be_a_name(text[one.start : match.start()]))

    def _longer(
        self, text: str, start: int, end: int, borders: Collection[int], no_names: Collection[str]
    ) -> Iterator[Found]:
        """The name that reaches from the last word before to the end of an ending or of a listed name."""
        begin = start
        while begin > 0 and start - begin < _LONGEST and not self._begins(text, begin, borders):
            begin -= 1
        while begin < start and begin in borders and text[begin] in self._joining:
            begin += 1
        value = text[begin:end]
        if begin < start and self._ends.search(value) and text[begin:start] not in no_names:
            yield Found(begin, end, self.entity, value)

    def _may_be_a_name(self, before: str) -> bool:
        return len(before) > 1 or before in self._one_character

    def _is_free(self, text: str, start: int, borders: Collection[int]) -> bool:
        return start == 0 or self._begins(text, start, borders) or text[start - 1] in self._joining

    def _begins(self, text: str, start: int, borders: Collection[int]) -> bool:
        """Whether what stands before an offset cannot be a part of a name."""
        if start in borders or not _PART_OF_A_NAME.match(text[start - 1]):
            return True
        return any(text[max(0, start - size) : start] in self._before for size in range(1, self._longest_word + 1))
