"""From what hurts to the department: 牙有点疼 → 口腔科, 孩子从昨天开始发烧 → 儿科."""

import re
from collections.abc import Iterable, Iterator

from bot.nlu.found import Found
from bot.nlu.gazetteer_files import Gazetteers

_GAP = r"[^,，。;；!！?？、\d的]{0,4}?"
_CHILD_GAP = r"[^。;；!！?？]{0,12}?"


class Complaints:
    """Settles which department a message is about: one named, else a child's complaint, else the first complaint.

    Args:
        gazetteers: with `complaints`, `children`, `child_signs`.
    """

    def __init__(self, gazetteers: Gazetteers) -> None:
        self._patterns = [
            (row["value"], re.compile(rf"(?:{_any(row['parts'])})(?:里|上)?{_GAP}(?:{_any(row['signs'])})"))
            for row in gazetteers["complaints"]
        ]
        children, signs = _any(gazetteers["children"]), _any(gazetteers["child_signs"])
        self._child = re.compile(rf"(?:{children}){_CHILD_GAP}(?P<sign>{signs})|(?P<first>{signs})的(?:{children})")
        self._any_child = re.compile(children)

    def settle(self, text: str, explicit: list[Found], symptoms: list[Found], shut: Iterable[Found]) -> Iterator[Found]:
        """Yield the explicit finds and at most one department that follows from symptoms.

        Args:
            text: normalised, without blanks.
            explicit: names found, departments among them.
            symptoms: symptom phrases found; their value is a department.
            shut: stretches that mean something else.
        """
        yield from explicit
        if any(found.entity in ("department", "bill_type") for found in explicit):
            return
        shut = [*shut, *explicit]
        candidates = [found for found in [*symptoms, *self._complaints(text)] if not _touches(found, shut)]
        child = self._child_complaint(text, candidates, explicit)
        if child and not _touches(child, shut):
            yield child
        elif candidates:
            first = min(candidates, key=lambda found: (found.start, -found.end))
            yield Found(first.start, first.end, "department", first.value)

    def _complaints(self, text: str) -> Iterator[Found]:
        for department, pattern in self._patterns:
            for match in pattern.finditer(text):
                yield Found(*match.span(), "department", department)

    def _child_complaint(self, text: str, candidates: list[Found], explicit: list[Found]) -> Found | None:
        hospitals = [found for found in explicit if found.entity == "hospital"]
        # 儿童医院 names no child.
        matches = (
            match
            for match in self._child.finditer(text)
            if not any(found.start <= match.start() < found.end for found in hospitals)
        )
        match = next(matches, None)
        if match is None:
            return None
        # All that a children's hospital treats are children: there, feeling ill says nothing of the department.
        if (match["sign"] or match["first"]) in _VAGUE and any(_CHILDREN in found.value for found in hospitals):
            return None
        sign = match.span("sign") if match["sign"] else match.span("first")
        # 孩子牙疼 is the dentist's all the same: what a specialist treats and no child_sign covers goes to the specialist.
        for found in candidates:
            if found.value not in _GENERAL and not (found.start <= sign[0] and sign[1] <= found.end):
                return None
        # What lies between may be an entity of its own (a date), so a far sign stands for the whole.
        near = match["sign"] is None or match.end() - match.start() <= 7
        return Found(match.start() if near else sign[0], match.end(), "department", "儿科")


_VAGUE = frozenset(("不舒服", "难受", "病了", "生病"))
_CHILDREN = "儿童"
_GENERAL = frozenset(("呼吸内科", "消化内科", "神经内科", "耳鼻咽喉科", "内科", "儿科"))


def _touches(found: Found, others: Iterable[Found]) -> bool:
    return any(found.overlaps(other) for other in others)


def _any(texts: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, texts), key=len, reverse=True))
