"""Finds the names of the gazetteers and of the cities with spaCy's rules, the longest first.

spaCy's Chinese pipeline runs blank and cuts into characters: cut by jieba, an alias that lies across jieba's words
(市一 in 市|一医院) would never match, and spaCy's jieba is the global one that any other code in the process may change.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import spacy
from spacy.matcher import PhraseMatcher

from bot.nlu.declared import Declared
from bot.nlu.gazetteer_files import SYMPTOMS, Gazetteers
from bot.nlu.normalise import normalise
from bot.nlu.readers.city_names import CityNames
from bot.nlu.readers.complaints import Complaints
from bot.nlu.readers.found import Found, take_free
from bot.nlu.readers.open_names import OpenNames
from bot.nlu.readers.short_names import ShortNames

_NOT_BEFORE_SHI = "城超菜夜都门早股楼"


@dataclass(frozen=True)
class _Compact:
    """Text without blanks, and where each of its characters stood."""

    text: str
    offsets: list[int]

    def ends(self, found: Iterable[Found]) -> set[int]:
        """Where these end in the text without blanks, and where there were blanks."""
        places = {place: index for index, place in enumerate(self.offsets)}
        after = {places[one.end - 1] + 1 for one in found if one.end - 1 in places}
        blanks = {index + 1 for index, place in enumerate(self.offsets[1:]) if place != self.offsets[index] + 1}
        return after | blanks

    def found(self, one: Found) -> Found:
        """The same with the offsets of the text that has its blanks."""
        return replace(one, start=self.offsets[one.start], end=self.offsets[one.end - 1] + 1)


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
        self._open_names = [OpenNames(row) for row in gazetteers["open_ended"]]
        self._short = [ShortNames(row) for row in gazetteers["short"]]
        declared = Declared(gazetteers["declared"])
        topics = [
            word for names in declared.topics_of.values() for name in names for word in gazetteers["topics"][name]
        ]
        self._cities = CityNames(gazetteers["cities"], gazetteers["city_words"], map(normalise, topics))
        services = {one.entity: one.service for one in declared.entities}
        self._complaints = [
            Complaints(row, [one for one, service in services.items() if service != services[row["entity"]]])
            for row in gazetteers["complaints"]
        ]

    def find(self, text: str, before: Iterable[Found] = ()) -> list[Found]:
        """Find names in normalised text, without overlaps; blanks inside a name do not matter.

        Args:
            text: the message.
            before: what was found already; a name may begin where one of these ends.
        """
        compact = _without_blanks(text)
        if not compact.text:
            return []
        named: list[Found] = []  # offsets in the compact text until the end
        symptoms: list[Found] = []
        shut: list[Found] = []
        for found, is_symptom in self._longest(compact.text):
            if not found.entity:
                shut.append(found)
            elif is_symptom:
                symptoms.append(found)
            elif not _cut_out_of_a_word(compact.text, found):
                named.append(found)
        for open_names in self._open_names:
            named = self._settled(open_names, compact, named, [*shut, *symptoms], before)
        taken = [*named, *symptoms]
        for short in self._short:
            take_free(taken, short.find(compact.text), shut)
        only_symptoms = set(symptoms)
        explicit = [found for found in taken if found not in only_symptoms]
        for complaints in self._complaints:
            explicit += complaints.settle(compact.text, explicit, symptoms, shut)
        return sorted(map(compact.found, explicit))

    @staticmethod
    def _settled(
        names: OpenNames, compact: _Compact, named: list[Found], shut: list[Found], before: Iterable[Found]
    ) -> list[Found]:
        ends = compact.ends(before) | {one.end for one in shut}
        mine = list(names.settle(compact.text, named, ends))
        settled = [one for one in named if one.entity != names.entity]
        take_free(settled, mine, shut)
        return settled

    def _longest(self, text: str) -> list[tuple[Found, bool]]:
        """Names of all kinds, each with whether it is only a symptom, the longest where several overlap."""
        kinds: dict[Found, bool] = {}
        for span in self._matcher(self._nlp.make_doc(text), as_spans=True):
            entity, value, is_symptom = self._meaning[span.label_]
            kinds[Found(span.start_char, span.end_char, entity, value)] = is_symptom
        kinds.update(dict.fromkeys(self._cities.find(text), False))
        longest: list[Found] = []
        take_free(longest, kinds)
        return [(found, kinds[found]) for found in longest]


def _cut_out_of_a_word(text: str, found: Found) -> bool:
    """市一 in 城市一下, 超市一个."""
    return found.start > 0 and text[found.start] == "市" and text[found.start - 1] in _NOT_BEFORE_SHI


def _without_blanks(text: str) -> _Compact:
    offsets = [offset for offset, char in enumerate(text) if char != " "]
    return _Compact("".join(text[offset] for offset in offsets), offsets)
