"""Number plates by GA 36: seven characters, eight for new-energy vehicles, as people type and say them."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.nlu.readers.found import Found
from bot.nlu.readers.numerals import CHARS, SPOKEN, parse_count
from bot.nlu.readers.short_names import any_of

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云渝藏陕甘青宁新"
"""The first character of a plate: the provincial abbreviations."""

FULL_NAMES = dict(
    zip(
        [
            "北京",
            "天津",
            "河北",
            "山西",
            "内蒙古",
            "辽宁",
            "吉林",
            "黑龙江",
            "上海",
            "江苏",
            "浙江",
            "安徽",
            "福建",
            "江西",
            "山东",
            "河南",
            "湖北",
            "湖南",
            "广东",
            "广西",
            "海南",
            "四川",
            "贵州",
            "云南",
            "重庆",
            "西藏",
            "陕西",
            "甘肃",
            "青海",
            "宁夏",
            "新疆",
        ],
        PROVINCES,
        strict=True,
    )
)
"""What people write instead of the abbreviation: 浙江A12345."""

_SUFFIXES = "挂学警港澳试超领使"
_MARKS = r" ·.\-_*'、"
_MARK = re.compile(f"[{_MARKS}]{{0,2}}")
# Read out, the dot is 点; typed in haste, it is a comma or a stroke. Further on in a plate these end it.
_MARK_AFTER_LETTER = re.compile(f"[{_MARKS},/点]{{0,2}}(?:(?:后面|后边)(?:就?是|的?是)?[{_MARKS},:]{{0,2}})?")
# 五个8: how often a character is said, and the character.
_REPEATED = re.compile(rf"(?P<times>[1-6一二两三四五六])个(?P<char>[0-9a-z]|[{''.join(SPOKEN)}])")
# O was the police's letter, and no city's is I.
_HEAD = re.compile(
    rf"(?:(?P<name>{any_of(FULL_NAMES)})(?:省|市|自治区)?|(?P<short>[{PROVINCES}]))[{_MARKS}]{{0,2}}牌?(?P<letter>[a-hj-z])"
)
_BLANKS = " 、"
_LEAST, _MOST = 5, 6
# GA 36-2018: no I and no O in a serial, at most two letters in an ordinary one. Small new-energy cars carry D or F (later
# A–K) first, large ones last.
_FEW_LETTERS = r"(?!(?:.*[A-Z]){3})"
_ORDINARY = re.compile(rf"[{PROVINCES}][A-HJ-Z]{_FEW_LETTERS}(?:[A-HJ-NP-Z0-9]{{5}}|[A-HJ-NP-Z0-9]{{4}}[{_SUFFIXES}])")
_NEW_ENERGY = re.compile(rf"[{PROVINCES}][A-HJ-Z](?:[A-HJK][A-HJ-NP-Z0-9]\d{{4}}|\d{{5}}[A-HJK])")


def is_plate(value: str) -> bool:
    """Tell whether `value` (upper case, no separators) is a plate by GA 36, ordinary or new-energy."""
    return bool(_ORDINARY.fullmatch(value) or _NEW_ENERGY.fullmatch(value))


def counting(words: Mapping[str, Iterable[str]]) -> re.Pattern[str]:
    """Compile what makes a numeral a word of its own: 一下, 2 条, 5月.

    Args:
        words: what stands after such a numeral; content of data/gazetteers/counted.yml.
    """
    return re.compile(rf"[\d{CHARS}]{{1,{_MOST}}} ?(?:{any_of(words['counted'])})|一(?:{any_of(words['after_one'])})")


def find_plates(text: str, entity: str = "", counted: re.Pattern[str] | None = None) -> Iterator[Found]:
    """Find plates in normalised text; the value is upper case without dots or blanks.

    Spoken digits (浙A幺二三四五) and repeated ones (浙A五个8) are read, and O and I, which no serial has, are taken for 0 and 1. A plate has five characters
    after its letter, or six: where the text can be read both ways (浙AH3390 1), both are `candidates`.

    Args:
        text: the message.
        entity: what a plate is called, where that matters.
        counted: from `counting`; None where it does not matter what comes after a plate.
    """
    end = 0
    for head in _HEAD.finditer(text):
        if head.start() < end:
            continue
        start_of_plate = (FULL_NAMES[head["name"]] if head["name"] else head["short"]) + head["letter"].upper()
        readings = list(_Serial(text, head.end(), counted).readings(start_of_plate))
        if readings:
            values = tuple(value for value, _ in readings)
            end = readings[-1][1]
            yield Found(head.start(), end, entity, values[0], candidates=values if len(values) > 1 else ())


@dataclass(frozen=True)
class _Place:
    """One character of a serial.

    Args:
        char: in normal form.
        at: its offset in the text.
        typed: whether it was typed as it is and is no numeral word.
        gap: what stands between it and the one before.
    """

    char: str
    at: int
    typed: bool
    gap: str


class _Serial:
    """What stands after a plate's letter: up to six characters, and the one after them."""

    def __init__(self, text: str, start: int, counted: re.Pattern[str] | None) -> None:
        self._text = text
        self._counted = counted
        self._places: Sequence[_Place] = list(_places(text, start))

    def readings(self, head: str) -> Iterator[tuple[str, int]]:
        """Yield the plates that may be meant, the shorter one first, each with the offset after it."""
        for length in (_LEAST, _MOST):
            kept = self._places[:length]
            serial = "".join(place.char for place in kept)
            value = head + serial.replace("O", "0").replace("I", "1")
            # MASTER has no digit; its O or I would only become one.
            has_digit = any(char.isdigit() for char in serial)
            if len(kept) == length and has_digit and is_plate(value) and self._may_end(length):
                yield value, kept[-1].at + 1

    def _may_end(self, length: int) -> bool:
        """Whether a plate of that length leaves nothing of itself behind and takes nothing that is another word's."""
        if any(self._is_apart(i) and self._is_counted(i) for i in range(1, length)):
            return False
        if length == _MOST and not self._places[_LEAST].typed and self._is_counted(_LEAST):
            return False  # 浙AD一二三四一下
        if length == len(self._places):
            return True
        return self._places[length].char in _SUFFIXES or self._is_apart(length) or self._is_counted(length)

    def _is_apart(self, place: int) -> bool:
        """Whether a blank, or the change from digits to numeral words, parts a character from those before it.

        Blanks between all characters part nothing: 浙A D 1 2 3 4 5.
        """
        here, before = self._places[place], self._places[place - 1]
        if before.typed and before.char.isdigit() and not here.typed:
            return True
        return _is_blank(here.gap) and not all(_is_blank(one.gap) for one in self._places[1:_LEAST])

    def _is_counted(self, place: int) -> bool:
        """Whether a character begins a numeral that belongs to the word after it: 一下, 2 条, 5月."""
        return self._counted is not None and bool(self._counted.match(self._text, self._places[place].at))


def _is_blank(gap: str) -> bool:
    return any(char in _BLANKS for char in gap)


def _places(text: str, start: int) -> Iterator[_Place]:
    at, number, counting_out = start, 0, False
    while number <= _MOST:
        gap = (_MARK if number else _MARK_AFTER_LETTER).match(text, at)
        at = gap.end() if gap else at
        repeated = _REPEATED.match(text, at)
        if repeated and (
            counting_out or repeated["times"] not in "一1"
        ):  # 一个 alone counts the next word: 浙A1234一个
            counting_out = True
            said = repeated["char"]
            times = min(parse_count(repeated["times"]) or 0, _MOST + 1 - number)
            for _ in range(times):
                yield _Place(SPOKEN.get(said, said.upper()), repeated.end() - 1, True, "")
            at, number = repeated.end(), number + times
            continue
        char = text[at : at + 1]
        spoken = SPOKEN.get(char)
        if spoken is None and not (char.isascii() and char.isalnum()) and not (char and char in _SUFFIXES):
            return
        yield _Place(spoken or char.upper(), at, spoken is None, gap.group() if gap else "")
        at, number = at + 1, number + 1
