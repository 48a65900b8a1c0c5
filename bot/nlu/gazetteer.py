"""Finds the names of the gazetteers and of the cities with spaCy's rules, the longest first.

spaCy's Chinese pipeline runs blank and cuts into characters: cut by jieba, an alias that lies across jieba's words
(市一 in 市|一医院) would never match, and spaCy's jieba is the global one that any other code in the process may change.
"""

import re
from dataclasses import dataclass

import spacy
from spacy.matcher import PhraseMatcher
from spacy.util import filter_spans

from bot.nlu.complaints import Complaints
from bot.nlu.declared import Declared
from bot.nlu.found import Found, take_free
from bot.nlu.gazetteer_files import SYMPTOMS, Gazetteers
from bot.nlu.short_names import ShortNames

_NO_CITY_AFTER = re.compile(
    r"[东西南北中]?路|街|大道|区|县|镇|乡|村|花园|花苑|苑|小区|广场|大厦|饭店|酒店|人寿|银行|大学|学院|中学|小学|医院|烤鸭|菜|牌|石$|台$|电影|队|晚报|小吃|天气|机场|东站|南站|西站|北站|火车|高铁|旅游|房价"
)
_CITY_CONTEXT = re.compile(r"(?:[到在换切去回来从住选是至改]|换成|改成|切成|改为|城市|[:：]|为)(?:一下|了)?$")
_CITY_AFTER = re.compile(r"(?:市|这边|那边|人|的(?:水|电|燃|煤|天然|违章|医院|社保|信用))")
_NOT_BEFORE_SHI = "城超菜夜都门早股楼"
_PARTICLES = "吧呢啊呀哦嗯,，。!！?？ 的"


@dataclass(frozen=True)
class _Compact:
    """Text without blanks, and where each of its characters stood."""

    text: str
    offsets: list[int]

    def found(self, start: int, end: int, entity: str, value: str) -> Found:
        return Found(self.offsets[start], self.offsets[end - 1] + 1, entity, value)


class Gazetteer:
    """The compiled gazetteers.

    Args:
        gazetteers: as `read_gazetteers` returns it, or as a model stored it.
    """

    def __init__(self, gazetteers: Gazetteers) -> None:
        self._nlp = spacy.blank("zh", config={"nlp": {"tokenizer": {"segmenter": "char"}}})
        # The matcher that spaCy's EntityRuler is built on; the ruler itself counts all its patterns at each message.
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="ORTH")
        self._meaning: dict[str, tuple[str, str, bool]] = {}  # text → entity, value, whether it is only a symptom
        for row in gazetteers["phrases"]:
            if row["text"] and row["text"] not in self._meaning:
                self._meaning[row["text"]] = (row["entity"], row["value"], row.get("part") == SYMPTOMS)
                self._matcher.add(row["text"], [self._nlp.make_doc(row["text"])])
        self._short = [ShortNames(row) for row in gazetteers["short"]]
        self._context_cities = frozenset(gazetteers["context_cities"])
        services = {one.entity: one.service for one in Declared(gazetteers["declared"]).entities}
        self._complaints = [
            Complaints(row, [one for one, service in services.items() if service != services[row["entity"]]])
            for row in gazetteers["complaints"]
        ]

    def find(self, text: str) -> list[Found]:
        """Find names in normalised text, without overlaps; blanks inside a name do not matter."""
        compact = _without_blanks(text)
        if not compact.text:
            return []
        named: list[Found] = []  # offsets in the compact text until the end
        symptoms: list[Found] = []
        shut: list[Found] = []
        for span in filter_spans(self._matcher(self._nlp.make_doc(compact.text), as_spans=True)):
            entity, value, is_symptom = self._meaning[span.label_]
            found = Found(span.start_char, span.end_char, entity, value)
            if not entity:
                shut.append(found)
            elif is_symptom:
                symptoms.append(found)
            elif not _cut_out_of_a_word(compact.text, found) and (
                entity != "city" or self._is_city(compact.text, found)
            ):
                named.append(found)
        taken = [*named, *symptoms]
        for short in self._short:
            take_free(taken, short.find(compact.text), shut)
        explicit = [found for found in taken if found not in symptoms]
        for complaints in self._complaints:
            explicit += complaints.settle(compact.text, explicit, symptoms, shut)
        return sorted(compact.found(found.start, found.end, found.entity, found.value) for found in explicit)

    def _is_city(self, text: str, found: Found) -> bool:
        word = text[found.start : found.end]
        if _NO_CITY_AFTER.match(text, found.end):
            return False
        if word not in self._context_cities:
            return True
        return bool(
            _CITY_CONTEXT.search(text[: found.start])
            or _CITY_AFTER.match(text, found.end)
            or text.strip(_PARTICLES) == word
        )


def _cut_out_of_a_word(text: str, found: Found) -> bool:
    """市一 in 城市一下, 超市一个."""
    return found.start > 0 and text[found.start] == "市" and text[found.start - 1] in _NOT_BEFORE_SHI


def _without_blanks(text: str) -> _Compact:
    offsets = [offset for offset, char in enumerate(text) if char != " "]
    return _Compact("".join(text[offset] for offset in offsets), offsets)
