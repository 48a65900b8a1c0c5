"""Tells the long numbers of the city apart: ID card, telephone, penalty decision, account.

By form first (length, check digit, leading digits), and by the words beside the number, which win over its form.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from bot.nlu.found import Found
from bot.nlu.numerals import SPOKEN, spoken_digits

_SPOKEN = "".join(SPOKEN)
_RUN = re.compile(rf"(?<![a-z0-9.¥])\+?[\d{_SPOKEN}](?:[ \-_]{{0,2}}[\d{_SPOKEN}]){{0,40}}(?: ?x)?(?![a-z0-9]|\.\d)")
_TYPED = re.compile(r"\+?\d(?:[ \-_]{0,2}\d){5,}(?: ?x)?")
_GROUP = re.compile(rf"[\d{_SPOKEN}x+]+")
_ACCOUNT_WORDS = re.compile(
    r"户号|表号|卡号|用户号|客户号|用户编号|客户编号|户头|账号|帐号|账户|帐户|缴费号|缴费编号|用户编码|客户编码|户编|表具号|电表|水表|气表|燃气卡|电卡"
)
_DECISION_WORDS = re.compile(r"决定书|处罚单|罚单|处罚决定|处罚书|文书|通知书|罚款单|罚款编号|处理单")
_PHONE_WORDS = re.compile(r"手机|电话|联系方式|联系号码|座机|机号|打给|拨打|来电|tel|phone")
_ID_WORDS = re.compile(r"身份证|证件号|证件|身份号|id号")
_CARD_WORDS = re.compile(r"银行卡|信用卡|储蓄卡|订单|快递|(?<!罚)单号|qq|微信号|学号|工号|尾号|[后末]四位")
_INTO = re.compile(
    r"(?:[充交缴打存付转汇]|充值|缴费|预存)(?:到|进|入|往)(?:了|去)?[:： ]?$"
)  # what money goes into is an account
_BEFORE, _AFTER = 12, 7


@dataclass(frozen=True)
class _Number:
    start: int
    end: int
    digits: str  # 0-9, and X at the end of an ID number
    shown: str  # as typed


def find_numbers(text: str) -> Iterator[Found]:
    """Find ID numbers, telephones, decision numbers and account numbers in normalised text.

    Values are digits only (an ID number may end with X). Numbers typed in groups (3301 2345 67) or read out
    (三三零一二三四五六七) are put together. A number that fits nothing is not reported.
    """
    for run in _RUN.finditer(text):
        for number in _numbers(run.start(), run.group()):
            entity = _kind(number, text)
            if entity:
                yield Found(number.start, number.end, *entity)


def is_id_number(value: str) -> bool:
    """Tell whether `value` (18 characters) has the check digit, a birthday and a province by GB 11643."""
    try:
        if len(value) != 18 or not value[:17].isdigit() or ric.calc_check_digit(value) != value[17]:
            return False
        ric.get_birth_date(value)
    except (ValidationError, ValueError):
        return False
    # The province is checked, the county is not: tables of past counties are never complete.
    return value[:2] in _PROVINCE_CODES


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
    if is_id_number(whole.digits) or _mobile(whole) or _landline(whole):
        return True
    return max(lengths) <= 6 and len(whole.digits) <= 16 and (len(lengths) > 2 or min(lengths) >= 2)


def _kind(number: _Number, text: str) -> tuple[str, str] | None:
    digits, length = number.digits, len(number.digits)
    if length < 4:
        return None
    if is_id_number(digits):
        return "id_number", digits
    if digits.endswith("X"):
        return None
    beside = _words_beside(number, text)
    if beside == "id_number" or beside == "other":
        return None  # an ID number with a wrong digit is not taken for anything else
    if beside == "phone":
        value = _mobile(number) or _landline(number, said=True)
        return ("phone", value) if value else None
    if beside == "decision_number" and 6 <= length <= 20:
        return beside, digits
    if beside == "account_number" and 4 <= length <= 20:
        return beside, digits
    mobile = _mobile(number) or _landline(number)
    if mobile:
        return "phone", mobile
    if 4 <= length <= 20 and _INTO.search(text[max(0, number.start - _BEFORE) : number.start]):
        return "account_number", digits
    if length == 15 and _ID_WORDS.search(text):
        return None  # an ID number of before 1999
    if 15 <= length <= 16:
        return "decision_number", digits
    if 6 <= length <= 13:
        return "account_number", digits
    return None


def _words_beside(number: _Number, text: str) -> str | None:
    """The kind named by the nearest telling word before the number, or else right after it."""
    before = text[max(0, number.start - _BEFORE) : number.start]
    # What stands before another number belongs to that one.
    before = re.split(r"\d(?=[^\d]*$)", before)[-1]
    after = re.split(r"[,，。;；!?\d]", text[number.end : number.end + _AFTER])[0]
    words = (
        ("other", _CARD_WORDS),
        ("decision_number", _DECISION_WORDS),
        ("phone", _PHONE_WORDS),
        ("id_number", _ID_WORDS),
        ("account_number", _ACCOUNT_WORDS),
    )
    nearest: tuple[int, str] | None = None
    for kind, pattern in words:
        for match in pattern.finditer(before):
            # 罚单编号: the weak word 编号 does not outweigh the strong one that it ends.
            rank = match.end() + (3 if kind in ("decision_number", "other") else 0)
            if nearest is None or rank > nearest[0]:
                nearest = (rank, kind)
    if nearest:
        return nearest[1]
    if re.search(r"这个户|户号|这户|的户|表号", after):
        return "account_number"
    for kind, pattern in words[1:4]:
        if pattern.search(after):
            return kind
    return None


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
