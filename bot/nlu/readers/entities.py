"""All entity finders over one message, in the order of trust, without overlaps."""

from collections.abc import Collection, Iterable, Iterator
from datetime import date

from bot.nlu.declared import Declared
from bot.nlu.gazetteer_files import SYMPTOMS, Gazetteers
from bot.nlu.lexicon import Lexicon
from bot.nlu.normalise import normalise
from bot.nlu.readers.amounts import AmountFinder
from bot.nlu.readers.asides import Asides
from bot.nlu.readers.city_roles import CityRoles
from bot.nlu.readers.corrections import refusing, without_taken_back
from bot.nlu.readers.dates import DateFinder
from bot.nlu.readers.found import Found, take_free
from bot.nlu.readers.gazetteer import Gazetteer
from bot.nlu.readers.homophones import Homophones
from bot.nlu.readers.misspellings import corrected
from bot.nlu.readers.names import NameFinder
from bot.nlu.readers.number_forms import NumberFinder
from bot.nlu.readers.numbering import without_numbering
from bot.nlu.readers.ordinals import find_ordinals
from bot.nlu.readers.patterns import FormFinder
from bot.nlu.readers.periods import find_periods
from bot.nlu.readers.plates import counting, find_plates

LONGEST = 1000
"""Characters of a message that are read; what comes after is not looked at. No request is that long."""


_FILLERS = str.maketrans("嗯呃", "  ")  # said in the middle of a word or a number: 水嗯费


class EntityFinder:
    """Finds the entities of a message.

    Args:
        gazetteers: as `read_gazetteers` returns it, or as a model stored it.
        lexicon: as `read_lexicon` returns it.
    """

    def __init__(self, gazetteers: Gazetteers, lexicon: Lexicon) -> None:
        declared = Declared(gazetteers["declared"])
        self._plate = next((one.entity for one in declared.read_by("plate")), None)
        self._told_apart = {one.entity for one in declared.entities if one.reader in ("number", "plate")}
        self._counted = counting(gazetteers["counted"])
        self._forms = FormFinder(declared.read_by("pattern"))
        self._amounts = AmountFinder(gazetteers["money"], lexicon["like_sums"])
        self._numbers = NumberFinder(declared.read_by("number"))
        self._gazetteer = Gazetteer(gazetteers)
        topics = (gazetteers["topics"][topic] for topics in declared.topics_of.values() for topic in topics)
        words = {normalise(word) for members in topics for word in members}
        ours = [one.entity for one in declared.entities]
        self._roles = CityRoles(gazetteers["city_words"], ours, words)
        symptoms = {row["text"] for row in gazetteers["phrases"] if row.get("part") == SYMPTOMS}
        self._asides = Asides(gazetteers["days"], ours, words, symptoms)
        self._refused = refusing(gazetteers["days"]["refused"])
        self._dates = DateFinder(gazetteers["days"], lexicon["like_days"])
        self._names = NameFinder(
            gazetteers["surnames"],
            gazetteers["usual_surnames"],
            lexicon["like_names"],
            lexicon["names_and_words"],
            gazetteers["given_names"],
        )
        self._homophones = Homophones(gazetteers, lexicon["syllables"], lexicon["everyday"], lexicon["frequent"])

    def find(self, text: str, today: date) -> list[Found]:
        """Find all entities; offsets are those of the text as typed, values are in normal form.

        Args:
            text: the message as typed.
            today: the day it is in Asia/Shanghai.
        """
        normal = without_numbering(text[:LONGEST], normalise(text[:LONGEST])).translate(_FILLERS)
        taken: list[Found] = []
        for finds in self._finds(normal, today):
            take_free(taken, finds)
        # What is found without a name is no entity, and nothing else either: 100美元.
        named = sorted(one for one in taken if one.entity)
        kept = without_taken_back(normal, named, self._refused)
        return list(_once(self._asides.mark(normal, self._roles.mark(normal, kept)), self._told_apart))

    def _finds(self, text: str, today: date) -> Iterator[list[Found]]:
        yield list(find_plates(text, self._plate, self._counted)) if self._plate else []
        yield list(self._forms.find(text))
        yield list(self._names.told(text))
        dates = self._dates.find(text, today)
        # A date with its separators is one before its digits can be taken for an account; 一月 in 一百 is not.
        yield [found for found in dates if found.end - found.start >= 8]
        yield list(self._amounts.find(text))
        yield list(self._numbers.find(text))
        yield dates
        periods = list(find_periods(text))
        named = self._gazetteer.find(text, [*dates, *periods])
        yield named
        yield periods
        yield list(find_ordinals(text))
        yield list(self._names.find(corrected(text)))
        # Last, so that 就诊人是李建国 is no mistyped 丽江.
        yield list(self._homophones.find(text, {one.entity for one in named}))


def _once(found: Iterable[Found], told_apart: Collection[str]) -> Iterator[Found]:
    """Each value once: 下午两点到下午四点 is one afternoon. A number may be said for two things: 水费3301091674和电费3301091674."""
    seen = set()
    for one in found:
        if one.entity in told_apart or (one.entity, one.value, one.role) not in seen:
            seen.add((one.entity, one.value, one.role))
            yield one
