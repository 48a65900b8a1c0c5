"""From what hurts to the name that is meant: 牙有点疼 → 口腔科, 孩子从昨天开始发烧 → 儿科."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.nlu.readers.found import Found, covered_by
from bot.nlu.readers.short_names import any_of

_GAP = r"[^,，。;；!！?？、\d的]{0,4}?"
_CHILD_GAP = r"[^。;；!！?？]{0,12}?"
_NEAR = 7


class Complaints:
    """Settles which name of one entity a message is about: one named, else a child's complaint, else the first complaint.

    Args:
        row: `entity`; `rows`: value, parts of the body, signs; `children`: None, or what makes a complaint a child's
            (`words`, `signs`), what it then means (`value`), and when not (`leave`: values a child is taken from,
            `vague`: signs that say nothing where `only_in` stands in the name of the place).
        others: entities of other services; a message that names one of them complains of nothing (电费贵得我头疼).
    """

    def __init__(self, row: Mapping[str, Any], others: Iterable[str] = ()) -> None:
        self._entity: str = row["entity"]
        self._settled_by = frozenset((self._entity, *others))
        self._patterns = [
            (one["value"], re.compile(rf"(?:{any_of(one['parts'])})[里上]?{_GAP}(?:{any_of(one['signs'])})"))
            for one in row["rows"]
        ]
        self._children: Mapping[str, Any] | None = row["children"]
        if self._children:
            words, signs = any_of(self._children["words"]), any_of(self._children["signs"])
            self._child = re.compile(rf"(?:{words}){_CHILD_GAP}(?P<sign>{signs})|(?P<first>{signs})的(?:{words})")

    def settle(self, text: str, explicit: list[Found], symptoms: list[Found], shut: Iterable[Found]) -> Iterator[Found]:
        """Yield at most one find that follows from symptoms.

        Args:
            text: normalised, without blanks.
            explicit: names found, of any entity.
            symptoms: symptom phrases found; their value is what they suggest.
            shut: stretches that mean something else.
        """
        if any(found.entity in self._settled_by for found in explicit):
            return
        taken = covered_by([*shut, *explicit])
        mine = [found for found in symptoms if found.entity == self._entity]
        candidates = [found for found in [*mine, *self._complaints(text)] if not _touches(found, taken)]
        child = self._child_complaint(text, candidates, explicit)
        if child and not _touches(child, taken):
            yield child
        elif candidates:
            yield min(candidates, key=lambda found: (found.start, -found.end))

    def _complaints(self, text: str) -> Iterator[Found]:
        for value, pattern in self._patterns:
            for match in pattern.finditer(text):
                yield Found(*match.span(), self._entity, value)

    def _child_complaint(self, text: str, candidates: list[Found], explicit: list[Found]) -> Found | None:
        if not self._children:
            return None
        named = covered_by(explicit)  # 儿童医院 names no child
        match = next((one for one in self._child.finditer(text) if one.start() not in named), None)
        if match is None:
            return None
        # All that a children's hospital treats are children: there, feeling ill says nothing more.
        only = any(self._children["only_in"] in found.value for found in explicit)
        if only and (match["sign"] or match["first"]) in self._children["vague"]:
            return None
        sign = match.span("sign") if match["sign"] else match.span("first")
        # 孩子牙疼 is the dentist's all the same: what a specialist treats and no child's sign covers stays with him.
        for found in candidates:
            if found.value not in self._children["leave"] and not (found.start <= sign[0] and sign[1] <= found.end):
                return None
        # What lies between may be an entity of its own (a date), so a far sign stands for the whole.
        near = match["sign"] is None or match.end() - match.start() <= _NEAR
        return Found(match.start() if near else sign[0], match.end(), self._entity, self._children["value"])


def _touches(found: Found, covered: set[int]) -> bool:
    return not covered.isdisjoint(range(found.start, found.end))
