"""Sums of money in a message: ￥1,234.50, 三百二十块五, 五十块钱, 充一百二. A bare number is no sum."""

import re
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal

from bot.nlu.found import Found
from bot.nlu.numerals import CHARS, DIGITS, is_shortened, parse_count

_ARABIC = r"(?:\d{1,3}(?:,\d{3}){1,3}|\d{1,9})(?:\.\d{1,4})?(?:[百千万](?:[1-9]\d?)?)?"
_CHINESE = rf"[{CHARS}]{{1,14}}(?:点[{CHARS}]{{1,4}})?"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"
_DIGIT = rf"[\d{''.join(DIGITS)}]"

_YUAN = r"(?:元(?![旦宵素件])|块(?!(?:电|水|气|燃气|煤气|手)?表|地|肉|布|玻璃|砖|屏|豆腐|蛋糕)|圆|rmb|人民币|大洋)"
_WITH_UNIT = re.compile(
    rf"(?<![\d.])(?P<whole>{_NUMBER}) ?(?:{_YUAN})钱?"
    rf"(?:(?P<jiao>{_DIGIT}) ?[毛角](?:钱|(?P<fen>{_DIGIT})分?)?"
    rf"|零(?P<fen_only>{_DIGIT})分?|(?P<tail>{_DIGIT}{{1,2}})(?![\d个号月日天笔度吨方年次点户.]))?(?:整|钱|人民币)?"
)
_WITH_SIGN = re.compile(rf"(?:¥|rmb|人民币|\$) ?(?P<whole>{_NUMBER})(?: ?(?:元|块)钱?)?(?:整)?")
_JIAO = re.compile(rf"(?<![\d.])(?P<jiao>{_DIGIT}) ?[毛角](?:钱|(?P<fen>{_DIGIT})分?)?")
_FEN = re.compile(rf"(?<![\d.])(?P<fen>\d|{_DIGIT})分钱")

# After a word of paying a bare number is money, unless it counts or names something else.
_PAY = r"(?:充值|缴费|缴纳|支付|预存|预缴|[交缴充付存冲还]|金额|总额|数额)"
_NOT_MONEY = r"(?![\d.,]|[个号月日天笔度吨方立千年次点户岁位%/:\-~]|分|小时|楼|栋|平|kw| ?(?:[a-z]|立方|张|条|项|期|季|把|下|直|起|般|些|并|样|共|定|会|遍|趟|家|边|旦|查|看))"
# Digits in groups, eight or more in all (5120 9934 07), are an account, and so is what money is put into (充到, 交进).
_NOT_GROUPED = r"(?!(?<!\d)\d{2,6}(?:[ \-]{1,2}\d{2,6}){2,}(?!\d)|(?<!\d)\d{4,6}[ \-]{1,2}\d{4,6}(?!\d))"
_AFTER_PAY = re.compile(
    rf"{_PAY}[^\d,，。;；:：!?第号到进入往{CHARS}]{{0,5}}[:： ]?{_NOT_GROUPED}(?P<whole>\d{{1,5}}(?:\.\d{{1,2}})?|[{CHARS}]{{1,10}}){_NOT_MONEY}"
)
# 把一百八充到, 拿200交: between what is taken and what is done with it stands a sum.
_BEFORE_PAY = re.compile(
    rf"(?:[把将拿])(?P<whole>\d{{1,5}}(?:\.\d{{1,2}})?|[{CHARS}]{{2,10}})(?=[充交缴付存打](?!警|通))"
)
# 交到3301234567 100: a short number after the account that is paid into.
_AFTER_ACCOUNT = re.compile(
    r"[交充缴付存冲打转汇][^,，。;；!?\d]{0,10}(?<!\d)\d{7,13}[ ,，]{1,3}(?P<whole>\d{2,5}(?:\.\d{1,2})?)(?=$|[,，。;；!? 吧])"
)
_TOGETHER = re.compile(r"一块(?:儿|[^钱\d零一二两三四五六七八九整,，。!?;； ])")


def find_amounts(text: str) -> Iterator[Found]:
    """Find sums of money in normalised text; the value is yuan with two places, as text: `320.50`."""
    for pattern in (_WITH_UNIT, _WITH_SIGN):
        for match in pattern.finditer(text):
            if pattern is _WITH_UNIT and _means_together(text, match):
                continue
            yield from _found(match)
    for pattern in (_JIAO, _FEN):
        for match in pattern.finditer(text):
            yield from _found(match)
    for match in (*_AFTER_PAY.finditer(text), *_BEFORE_PAY.finditer(text), *_AFTER_ACCOUNT.finditer(text)):
        whole = match["whole"]
        if not whole.isascii() and (len(whole) < 2 or not re.search("[十百千万]", whole)):
            continue  # 交一下, 付两次
        yield from _found(match, start=match.start("whole"))
    if is_shortened(text.strip(" ,。!?吧呀啊")):
        stripped = text.strip(" ,。!?吧呀啊")
        start = text.index(stripped)
        yield Found(start, start + len(stripped), "amount", _yuan(Decimal(parse_count(stripped) or 0)))


def _found(match: re.Match[str], start: int | None = None) -> Iterator[Found]:
    groups = match.groupdict()
    value = Decimal(0)
    if groups.get("whole"):
        whole = parse_number(groups["whole"])
        if whole is None:
            return
        value = whole
    tail = groups.get("tail")
    if tail:
        digits = [_digit(char) for char in tail]
        value += Decimal(digits[0]) / 10 + (Decimal(digits[1]) / 100 if len(digits) > 1 else 0)
    value += Decimal(_digit(groups.get("jiao"))) / 10
    value += Decimal(_digit(groups.get("fen")) + _digit(groups.get("fen_only"))) / 100
    yield Found(match.start() if start is None else start, match.end(), "amount", _yuan(value))


def parse_number(text: str) -> Decimal | None:
    """Read a number with a possible fraction: 1,234.50, 1.5万, 三百二十点五. None if it is none."""
    match = re.fullmatch(r"([\d,]+(?:\.\d+)?)([百千万]?)(\d*)", text)
    if match:
        number, unit, rest = match.groups()
        scale = {"": 1, "百": 100, "千": 1000, "万": 10_000}[unit]
        value = Decimal(number.replace(",", "")) * scale
        return value + (Decimal(rest) * scale / (10 ** len(rest)) if rest else 0)
    whole, _, fraction = text.partition("点")
    count = parse_count(whole)
    if count is None:
        return None
    if not fraction:
        return Decimal(count)
    digits = [str(DIGITS[char]) for char in fraction if char in DIGITS]
    return Decimal(f"{count}.{''.join(digits)}") if len(digits) == len(fraction) else None


def _digit(char: str | None) -> int:
    if not char:
        return 0
    return int(char) if char.isascii() else DIGITS[char]


def _yuan(value: Decimal) -> str:
    return str(value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


def _means_together(text: str, match: re.Match[str]) -> bool:
    """一块儿查, 一块交了: together, no sum; but 一块钱, 一块五, 充一块 are sums."""
    if match["whole"] != "一" or match.group().endswith("钱") or match["tail"] or match["jiao"] or match["fen_only"]:
        return False
    if re.search(r"[充交缴付存][值个了]?$", text[: match.start()]):
        return bool(_TOGETHER.match(text, match.start()))
    return "块" in match.group()
