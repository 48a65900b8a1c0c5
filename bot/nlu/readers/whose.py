"""Whose thing a message is about: 帮我爸交水费 is his father's, 我爸让我交水费 is the resident's own."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.nlu.normalise import normalise
from bot.nlu.readers.found import Found
from bot.nlu.readers.number_forms import LISTED
from bot.nlu.readers.short_names import any_of

LONGEST = 1000
"""Characters of a message that are read."""

_MOST_MENTIONS = 30
"""People of a message who are looked at: each is compared with all the others, and no request speaks of so many."""

SELF, NEXT, NAMED, OTHER = "self", "next", "named", "other"
"""The groups that are no list of relations: the resident, a new person in the conversation, somebody by name, 他 or 她."""

Lexicon = Mapping[str, Any]

_BORDER = ",，。;；!！?？、~… "
_HIDDEN = "\x00"
_MY = r"(?:我们?的?|俺们?|咱们?)?(?:家里?的?)?"
_NOT = re.compile(rf"不是(?:说|给|帮|查|要)?{_MY}$")
_CALLS = re.compile(rf"[{_BORDER}]|帮|你|您|麻烦|请")
_I_DO = re.compile(
    rf"[{_BORDER}](?:所以|就|现在)?(?:我[来要想得去自交缴付查挂帮办]|[^{_BORDER}]{{1,5}}我[来交缴付查挂办])"
)
_I_AM = re.compile(r"(?:我叫|我是|我就是|本人|姓名|名字|名叫|叫做?|患者|就诊人)[是叫为:： ]{0,3}$")
_IS_IT, _ASKED = re.compile(rf"是{_MY}$"), re.compile(r"(?:家里?)?的?(?:吗|嘛|么|[?？])")
"""这是我爸家的吗 asks whose it is, and does not say it."""
_IS = re.compile(rf"(?:[ ,，]?(?:这个|那个)?(?:就|也|都)?是 ?|[(（] ?){_MY}")
_THEIRS = re.compile(r"(?:家|的|家的|那边的?|名下的?)?是?[:： ]?")
"""Between a thing and whose it is said to be, and the same the other way round."""
_OWN_DEED = re.compile(r"来|办|交|缴|付|会|能|可以|去|弄")


@dataclass(frozen=True)
class Whose:
    """Whose thing a message is about.

    Args:
        group: `self`, `next`, `named`, or a group of data/gazetteers/whose.yml.
        who: in that group: 爸爸, 同事, the name; 他 where only a pronoun says it; nothing for the resident and a new person.
    """

    group: str
    who: str = ""


@dataclass(frozen=True)
class _Mention:
    start: int
    end: int
    meant: Whose
    kind: str


class WhoseReader:
    """Reads whose thing a message is about, by who is mentioned and by the words beside.

    Args:
        lexicon: what data/gazetteers/whose.yml says; its parts are explained at its top.
    """

    def __init__(self, lexicon: Lexicon) -> None:
        self._people = {
            normalise(alias): Whose(group, row["value"])
            for group, rows in lexicon["groups"].items()
            for row in rows
            for alias in (row["value"], *row["aliases"])
        }
        self._person = re.compile(any_of(self._people))
        self._pronoun = re.compile(any_of(lexicon["pronouns"]))
        self._self = re.compile(any_of(lexicon["self"]))
        self._next = re.compile(any_of(lexicon["next"]))
        self._not_these = re.compile(any_of(lexicon["not_these"]))
        self._acts_for = re.compile(rf"(?:{any_of(lexicon['acts_for'])}){_MY}$")
        self._looks_at = re.compile(rf"(?:{any_of(lexicon['looks_at'])}){_MY}$")
        self._beside = re.compile(rf"(?:{any_of(lexicon['beside'])}){_MY}$")
        self._belongs = re.compile(any_of(lexicon["belongs"]))
        self._called = re.compile(any_of(lexicon["called"]))
        self._says = re.compile(rf"[^{_BORDER}的家\d]{{0,4}}?(?:{any_of(lexicon['says'])})")
        self._away = re.compile(rf"[^{_BORDER}]{{0,3}}?(?:{any_of(lexicon['away'])})")
        self._told = re.compile(any_of(lexicon["told"]))

    def read(self, text: str, names: Iterable[Found] = ()) -> Whose | None:
        """Tell whose thing a message is about; None where it does not say.

        Args:
            text: the message as typed.
            names: the people's names that were found in it.
        """
        plain = self._plain(text)
        if self._next.search(plain):
            return Whose(NEXT)
        return next((meant for _, meant in self._owners(plain, names)), None)

    def read_each(self, text: str, names: Iterable[Found], things: Sequence[Found]) -> list[Whose | None]:
        """Tell whose each of several things is: 我家3301091674和我妈家3301820301; None where it is not said of that one.

        Whoever is named before a thing, or right after it (3301820301是我妈家的), is whose it is; so it is for those that it is
        listed with.

        Args:
            text: the message as typed.
            names: the people's names that were found in it.
            things: in the order said.
        """
        plain = self._plain(text)
        owners = dict(self._owners(plain, names))
        for mention in self._mentions(plain, names):
            # 帮我爸3301091674和我妈3301820301: 和我妈 alone would be that she is there too.
            if any(_THEIRS.fullmatch(plain[mention.end : max(mention.end, thing.start)]) for thing in things):
                owners.setdefault(mention, mention.meant)
        said = sorted(owners, key=lambda one: one.start)
        each: list[Whose | None] = []
        after: _Mention | None = None
        for place, thing in reversed(list(enumerate(things))):
            is_listed = bool(each) and bool(LISTED.fullmatch(plain[thing.end : things[place + 1].start]))
            later = next(
                (one for one in said if one.start > thing.end and _IS.fullmatch(plain[thing.end : one.start])), None
            )
            before = next((one for one in reversed(said) if one.end <= thing.start), None)
            is_beside = before is not None and _THEIRS.fullmatch(plain[before.end : thing.start])
            after = later or (after if is_listed and not is_beside else None)
            owner = after or before
            each.insert(0, owners[owner] if owner is not None else None)
        return each

    def _plain(self, text: str) -> str:
        plain = normalise(text[:LONGEST])
        return self._not_these.sub(lambda match: _HIDDEN * len(match.group()), plain)

    def _owners(self, plain: str, names: Iterable[Found]) -> Iterator[tuple[_Mention, Whose]]:
        """Everybody whose a thing is said to be, in the order said."""
        mentions = self._mentions(plain, names)
        for place, mention in enumerate(mentions):
            meant = self._meant(plain, mention, mentions[:place], mentions[place + 1 :])
            if meant is not None:
                yield mention, meant

    def _mentions(self, text: str, names: Iterable[Found]) -> list[_Mention]:
        """Everybody who is mentioned, in the order said, without overlaps."""
        found = [
            _Mention(name.start, name.end, Whose(NAMED, name.value), NAMED)
            for name in names
            if name.entity == "person_name" and name.end <= len(text)
        ]
        more: Iterator[_Mention] = (
            _Mention(*match.span(), meant, kind)
            for pattern, kind in ((self._person, "person"), (self._pronoun, "pronoun"), (self._self, SELF))
            for match in pattern.finditer(text)
            for meant in [self._people.get(match.group()) or Whose(SELF if kind == SELF else OTHER, _who(kind))]
        )
        covered = {place for one in found for place in range(one.start, one.end)}
        for one in more:
            places = range(one.start, one.end)
            if covered.isdisjoint(places):
                found.append(one)
                covered.update(places)
        return sorted(found, key=lambda one: one.start)[:_MOST_MENTIONS]

    def _meant(
        self, text: str, mention: _Mention, earlier: Sequence[_Mention], later: Sequence[_Mention]
    ) -> Whose | None:
        before, after = text[: mention.start], text[mention.end :]
        if _NOT.search(before) or self._leads_to(text, mention, later):
            return None
        if mention.kind == SELF:
            return None if _OWN_DEED.match(after) and text[: mention.end].endswith("自己") else mention.meant
        if mention.kind == "pronoun":
            said = bool(self._acts_for.search(before) or self._looks_at.search(before) or self._belongs.match(after))
            antecedent = next((one.meant for one in reversed(earlier) if one.kind in ("person", NAMED)), mention.meant)
            return antecedent if said and not self._told.match(after) else None
        if mention.kind == NAMED:
            if _I_AM.search(before):
                return None
            said = bool(self._acts_for.search(before) or self._looks_at.search(before) or self._belongs.match(after))
            return mention.meant if said else None
        return mention.meant if self._is_theirs(before, after) else None

    def _is_theirs(self, before: str, after: str) -> bool:
        """Whether the thing is that of the person mentioned between the two, a relation of the resident's."""
        if self._acts_for.search(before):
            return not self._told.match(after)
        if _IS_IT.search(before) and _ASKED.match(after):
            return False
        if self._says.match(after) or self._away.match(after):
            return False
        if self._belongs.match(after) or self._called.match(after):
            return True
        if self._beside.search(before):
            return False
        if self._looks_at.search(before):
            return True
        if not before.strip(_BORDER) and _CALLS.match(after):
            return False  # 姐，帮我查下水费: she is who is spoken to
        return not _I_DO.search(after)

    @staticmethod
    def _leads_to(text: str, mention: _Mention, later: Sequence[_Mention]) -> bool:
        """Whether the next one mentioned is said through this one, and is who is meant: 我老公的同事, 我家孩子."""
        nearest = next(iter(later), None)
        return (
            nearest is not None
            and nearest.kind == "person"
            and text[mention.end : nearest.start] in ("", "的", "家", "里")
        )


def _who(kind: str) -> str:
    return "" if kind == SELF else "他"
