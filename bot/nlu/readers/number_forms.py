"""Tells long numbers apart: ID card, telephone, and those that the services' manifests declare.

By form first (length, check digit, leading digits), and by the words beside the number, which win over its form.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from bot.nlu.declared import DeclaredEntity
from bot.nlu.readers.found import Found
from bot.nlu.readers.numerals import SPOKEN, spoken_digits
from bot.nlu.readers.short_names import any_of

_SPOKEN = "".join(SPOKEN)
_RUN = re.compile(rf"(?<![a-z0-9.¥])\+?[\d{_SPOKEN}](?:[ \-_]{{0,2}}[\d{_SPOKEN}]){{0,40}}(?: ?x)?(?![a-z0-9]|\.\d)")
_TYPED = re.compile(r"\+?\d(?:[ \-_]{0,2}\d){5,}(?: ?x)?")
_GROUP = re.compile(rf"[\d{_SPOKEN}x+]+")
_PHONE_WORDS = re.compile(r"手机|电话|联系方式|联系号码|座机|机号|打给|拨打|来电|tel|phone")
_ID_WORDS = re.compile(r"身份证|证件号|证件|身份号|id号")
_CARD_WORDS = re.compile(
    r"邮编|邮政编码|生日|出生|密码|验证码|银行卡|信用卡|储蓄卡|订单|快递|(?<!罚)单号|qq|微信号|学号|工号|尾号|[后末]四位"
)
_COMMON_WORDS = (("other", _CARD_WORDS), ("phone", _PHONE_WORDS), ("id_number", _ID_WORDS))
# What money goes into is a number of the service that takes it: 充到 4471.
_INTO = re.compile(r"(?:[充交缴打存付转汇]|充值|缴费|预存)[到进入往][了去]?[:： ]?$")
_INTO_DIGITS = (4, 20)
_BEFORE, _AFTER = 12, 7
_BORN = re.compile(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])")
# With no word beside: a month (2025-10, 202610), years (2024-2026) and two short numbers with a hyphen between (160-110) are
# no number of anybody's.
_OTHER_FORM = re.compile(
    r"(?:19|20)\d\d ?-{1,2} ?(?:19|20)\d\d|20\d\d ?-? ?(?:0[1-9]|1[0-2]|[1-9])|\d{1,3} ?-{1,2} ?\d{1,4}"
)
_DOTTED_MOBILE = re.compile(r"(?<![\d.])1[3-9]\d\.\d{4}\.\d{4}(?![\d.])")
_PERSON = ("phone", "id_number")
_LEAST = 4
LISTED = re.compile(r"[ ,，、;；/&+]{0,4}(?:和|跟|与|及|以及|还有)?[ ,，]{0,4}")
"""Between two numbers that are said together."""
_RIGHT_AFTER = re.compile(r"[ 是为就这那个的]{0,3}")


@dataclass(frozen=True)
class _Word:
    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class _Number:
    start: int
    end: int
    digits: str  # 0-9, and X at the end of an ID number
    shown: str  # as typed


class NumberFinder:
    """Finds ID numbers, telephones, and the numbers that manifests declare.

    Args:
        entities: those whose manifest says `reader: number`, in the order of the manifests.
    """

    def __init__(self, entities: Sequence[DeclaredEntity] = ()) -> None:
        self._by_name = {one.entity: one for one in entities}
        self._words = (*_COMMON_WORDS, *((one.entity, re.compile(any_of(one.said_beside))) for one in entities))

    def find(self, text: str) -> Iterator[Found]:
        """Find numbers in normalised text.

        Values are digits only (an ID number may end with X). Numbers typed in groups (3301 2345 67) or read out
        (三三零一二三四五六七) are put together. A number that fits nothing is not reported.
        """
        for dotted in _DOTTED_MOBILE.finditer(text):
            yield Found(*dotted.span(), "phone", dotted.group().replace(".", ""))
        numbers = [number for run in _RUN.finditer(text) for number in _numbers(run.start(), run.group())]
        kinds = [self._kind(number, text) for number in numbers]
        for number, kind in zip(numbers, self._as_listed(numbers, kinds, text), strict=True):
            if kind:
                yield Found(number.start, number.end, *kind)

    def _as_listed(
        self, numbers: Sequence[_Number], kinds: Sequence[tuple[str, str] | None], text: str
    ) -> Sequence[tuple[str, str] | None]:
        """Have a number of which no word tells what it is be of the kind of its like beside it: 公交卡12345678和23456789."""
        if len(numbers) < 2:
            return kinds
        listed = list(kinds)
        told = [
            kind[0] if kind and kind[0] in self._by_name and self._named_beside(number, text) else None
            for number, kind in zip(numbers, kinds, strict=True)
        ]
        beside = [(place, place + 1) for place in range(len(numbers) - 1)]
        for one, other in (*beside, *((right, left) for left, right in reversed(beside))):
            kind = told[one]
            if kind and not told[other] and self._is_like(numbers[one], numbers[other], listed[other], text):
                told[other], listed[other] = kind, (kind, numbers[other].digits)
        return listed

    def _is_like(self, told: _Number, bare: _Number, kind: tuple[str, str] | None, text: str) -> bool:
        """Whether a number is listed beside another, of its length, and nothing says what it is but that."""
        left, right = sorted((told, bare), key=lambda number: number.start)
        return (
            len(told.digits) == len(bare.digits)
            and (kind is None or kind[0] in self._by_name)
            and bare.digits.isdigit()
            and not looks_like_id_number(bare.digits)
            and bool(LISTED.fullmatch(text[left.end : right.start]))
            and not self._named_beside(bare, text)
        )

    def _kind(self, number: _Number, text: str) -> tuple[str, str] | None:
        digits, length = number.digits, len(number.digits)
        if length < _LEAST:
            return None
        if is_id_number(digits):
            return "id_number", digits
        if digits.endswith("X") or looks_like_id_number(digits):
            return None  # an ID number with a wrong digit is not taken for anything else
        beside = self._named_beside(number, text)
        if beside[:1] in (["id_number"], ["other"]):
            return None
        if beside[:1] == ["phone"]:
            value = _mobile(number) or _landline(number, said=True)
            return ("phone", value) if value else None
        for kind in beside:
            if kind in self._by_name and _within(length, self._by_name[kind].digits):
                return kind, digits
        if _OTHER_FORM.fullmatch(number.shown):
            return None
        phone = _mobile(number) or _landline(number)
        if phone:
            return "phone", phone
        paid_into = next((one.entity for one in self._by_name.values() if one.takes_money), None)
        before = text[max(0, number.start - _BEFORE) : number.start]
        if paid_into and _within(length, _INTO_DIGITS) and _INTO.search(before):
            return paid_into, digits
        if length == 15 and _ID_WORDS.search(text):
            return None  # an ID number of before 1999
        fitting = (one.entity for one in self._by_name.values() if _within(length, one.bare_digits))
        bare = next(fitting, None)
        return (bare, digits) if bare else None

    def _named_beside(self, number: _Number, text: str) -> list[str]:
        """The kinds named by the nearest telling word before the number, or else after it; several where they share it."""
        before = text[max(0, number.start - _BEFORE) : number.start]
        # What stands before another number belongs to that one.
        before = re.split(r"\d(?=[^\d]*$)", before)[-1]
        words = self._words_in(before)
        if words:
            return self._kinds(_head(words), words, len(number.digits))
        after = re.split(r"[,，。;；!！?\d]", text[number.end : number.end + _AFTER])[0]
        words = [word for word in self._words_in(after) if word.kind != "other"]
        if _mobile(number):  # 13812345678查水表: a mobile is one, but for what it is called right after it
            words = [word for word in words if _RIGHT_AFTER.fullmatch(after[: word.start])]
        first = min((word.start for word in words), default=0)
        return self._kinds([word for word in words if word.start == first], words, len(number.digits))

    def _kinds(self, telling: list[_Word], words: list[_Word], length: int) -> list[str]:
        """What words stand for, the longest first; of equals the kind that other words speak of, or whose usual length it is."""

        def rank(word: _Word) -> tuple[int, int, bool]:
            usual = word.kind in self._by_name and _within(length, self._by_name[word.kind].bare_digits)
            return word.start - word.end, -sum(other.kind == word.kind for other in words), not usual

        return list(dict.fromkeys(word.kind for word in sorted(telling, key=rank)))

    def _words_in(self, text: str) -> list[_Word]:
        return [_Word(*match.span(), kind) for kind, pattern in self._words for match in pattern.finditer(text)]


def _head(words: list[_Word]) -> list[_Word]:
    """The words that decide: those that end last, or what these only continue (银行卡 in 银行卡号, 罚单 in 罚单账号)."""
    end = max(word.end for word in words)
    last = [word for word in words if word.end == end]
    if any(word.kind in _PERSON for word in last):
        return last
    start = min(word.start for word in last)
    # 户号尾号: a word that rules a number out says so of what it follows, too.
    begins = start + 1 if any(word.kind == "other" for word in last) else start
    return [word for word in words if word.kind not in _PERSON and word.start < start and begins <= word.end] or last


def _within(length: int, span: tuple[int, int] | None) -> bool:
    return span is not None and span[0] <= length <= span[1]


def is_id_number(value: str) -> bool:
    """Tell whether `value` (18 characters) has the check digit, a birthday and a province by GB 11643.

    The card of foreign permanent residents has the same form since 2023: a 9, the province, the nationality, the birthday, a
    number and the check digit (国家移民管理局, 新版外国人永久居留身份证).
    """
    try:
        if len(value) != 18 or not value[:17].isdigit() or ric.calc_check_digit(value) != value[17]:
            return False
        ric.get_birth_date(value)
    except (ValidationError, ValueError):
        return False
    # The province is checked, the county is not: tables of past counties are never complete.
    return _has_a_province(value)


def looks_like_id_number(digits: str) -> bool:
    """Tell whether 18 digits have the province and the birthday of an ID number, whatever the check digit is."""
    return len(digits) == 18 and _has_a_province(digits) and bool(_BORN.fullmatch(digits[6:14]))


def _has_a_province(digits: str) -> bool:
    return (digits[1:3] if digits[0] == "9" else digits[:2]) in _PROVINCE_CODES


_PROVINCE_CODES = frozenset(re.findall("..", "1112131415212223313233343536374142434445465051525354616263646571818283"))


def _numbers(start: int, shown: str) -> Iterator[_Number]:
    """The numbers of a run; 张三110… and 3301234567一下 are not numbers with a spoken digit at one end."""
    if not shown.isascii():
        for typed in _TYPED.finditer(shown):
            if len(shown) - len(typed.group()) <= 2:
                yield from _split(start + typed.start(), typed.group())
                return
    yield from _split(start, shown)


def _split(start: int, shown: str) -> Iterator[_Number]:
    """Decide whether groups with blanks between are one number in groups or several numbers."""
    groups = [(match.start(), match.end()) for match in _GROUP.finditer(shown)]
    whole = _number(start, shown, 0, groups[-1][1])
    hyphened = " " not in shown.strip() and len(whole.digits) <= 18
    if len(groups) == 1 or hyphened or _is_one_number(whole, [end - begin for begin, end in groups]):
        yield whole
        return
    for begin, end in groups:
        yield _number(start, shown, begin, end)


def _number(start: int, shown: str, begin: int, end: int) -> _Number:
    part = shown[begin:end]
    digits = spoken_digits(part) + ("X" if part.endswith("x") else "")
    return _Number(start + begin, start + end, digits, part)


def _is_one_number(whole: _Number, lengths: list[int]) -> bool:
    if is_id_number(whole.digits) or looks_like_id_number(whole.digits) or _mobile(whole) or _landline(whole):
        return True
    return max(lengths) <= 6 and len(whole.digits) <= 16 and (len(lengths) > 2 or min(lengths) >= 2)


def _mobile(number: _Number) -> str | None:
    digits = number.digits
    if len(digits) in (13, 15) and digits.startswith(("86", "0086")):
        digits = digits[-11:]
    return digits if re.fullmatch(r"1[3-9]\d{9}", digits) else None


def _landline(number: _Number, *, said: bool = False) -> str | None:
    """A landline with its area code; without the word telephone beside it only when typed with a hyphen."""
    if not said and not re.match(r"0\d{2,3}[- ]", number.shown):
        return None
    if said and re.fullmatch(r"[2-9]\d{6,7}|[48]00\d{7}", number.digits):
        return number.digits
    try:
        parsed = phonenumbers.parse(number.digits, "CN")
    except phonenumbers.NumberParseException:
        return None
    return number.digits if number.digits.startswith("0") and phonenumbers.is_valid_number(parsed) else None
