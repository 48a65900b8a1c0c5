"""Sums of money in a message: ￥1,234.50, 三百二十块五, 五十块钱, 充一百二, 1万2. A bare number is no sum, nor is 几十块 or 100美元."""

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal

from bot.nlu.readers.found import Found, reaches_into_a_word
from bot.nlu.readers.numerals import CHARS, DIGITS, is_shortened, parse_count
from bot.nlu.readers.short_names import any_of

_SCALES = {"百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000}
_UNIT = "[百千万kw]"
# 1,234.50, 1 000, .5, and with units: 3百, 1.2万, 3千2, 1万5千, 1万零5百.
_ARABIC = rf"(?:[1-9]\d{{0,2}}(?:,\d{{3}}){{1,3}}|\d{{1,9}}|(?=\.\d))(?:\.\d{{1,4}})?(?:{_UNIT}(?:零?\d{{1,3}}(?:[十百千](?:零?\d{{1,2}})?)?)?)?"
_CHINESE = rf"[{CHARS}]{{1,14}}(?:点[{CHARS}]{{1,4}})?"
_NUMBER = rf"(?:{_ARABIC}|{_CHINESE})"
# 几十块, 百八十块, 上千块 say about how much; a number that is part of another or of a version is none.
_BEGINS = rf"(?<![\d.几数{CHARS}])(?![百千万])"
_DIGIT = rf"[\d{''.join(DIGITS)}]"
_FORMAL = re.compile(r"[壹贰叁肆伍陆柒捌玖拾佰仟]")

# After a word of paying a bare number is money, unless it counts or names something else.
_PAY = r"(?:充值|缴费|缴纳|支付|预存|预缴|[交缴充付存冲还]|金额|总额|数额)"
_NOT_MONEY = r"(?![\d.百千万]|,\d{3}(?!\d)|[个号月日天笔度吨方立千年次点户岁位%/:\-~]|分|刻|小时|楼|栋|平|kw| ?(?:[a-z]|立方|张|条|项|期|季|把|下|直|起|般|些|并|样|共|定|会|遍|趟|家|边|旦|查|看))"
_PAID = rf"\d{{1,5}}(?:\.\d{{1,2}})?(?:{_UNIT}\d?)?(?![a-z])|[{CHARS}]{{1,10}}(?:点[{CHARS}]{{1,2}})?"
# Digits in groups, eight or more in all (5120 9934 07), are an account, and so is what money is put into (充到, 交进).
_NOT_GROUPED = r"(?!(?<!\d)\d{2,6}(?:[ \-]{1,2}\d{2,6}){2,}(?!\d)|(?<!\d)\d{4,6}[ \-]{1,2}\d{4,6}(?!\d))"
_AFTER_PAY = re.compile(
    rf"{_PAY}[^\d,，。;；:：!?第号到进入往几数{CHARS}]{{0,5}}[:： ]?{_NOT_GROUPED}(?![百千万])(?P<whole>{_PAID}){_NOT_MONEY}"
)
# 罚款是一百五, 一共三百二: a number that leaves its last unit out, after what is owed, at the end.
_OWED = re.compile(
    rf"(?:[款费钱共欠计]|金额|账单|总数)(?:了|是|有|为|要|就是)?(?P<whole>[{CHARS}]{{1,8}}[百千万][一二两三四五六七八九]|\d[百千万]\d)(?=$|[,，。;；!?了吧啊呀])"
)
# 把一百八充到, 拿200交: between what is taken and what is done with it stands a sum.
_BEFORE_PAY = re.compile(
    rf"(?:[把将拿])(?P<whole>\d{{1,5}}(?:\.\d{{1,2}})?|[{CHARS}]{{2,10}})(?=[充交缴付存打](?!警|通))"
)
# 交到3301234567 100: a short number after the account that is paid into.
_AFTER_ACCOUNT = re.compile(
    r"[交充缴付存冲打转汇][^,，。;；!?\d]{0,10}(?<!\d)\d{7,13}[ ,，]{1,3}(?P<whole>\d{2,5}(?:\.\d{1,2})?)(?=$|[,，。;；!? 吧])"
)
# All that is said is a sum where a number says so itself: 一百二, 3千2, 1k, 贰佰, 一百五十点五.
_ALONE = re.compile(rf"\d{{1,5}}(?:\.\d{{1,2}})?{_UNIT}\d?|[{CHARS}]{{1,14}}(?:点[{CHARS}]{{1,2}})?")
_AROUND = " ,，。!！?？吧呀啊"
_LAST_HOUR = 24
_TOGETHER = re.compile(r"一块(?:儿|[^钱\d零一二两三四五六七八九整半,，。!?;； ])")


class AmountFinder:
    """Finds sums of money in yuan.

    Args:
        words: content of data/gazetteers/money.yml.
        like_sums: words that begin like a sum and are none: 三角形, 毛病.
    """

    def __init__(self, words: Mapping[str, Iterable[str]], like_sums: Iterable[str] = ()) -> None:
        self._like_sums = frozenset(like_sums)
        unit = rf"(?:(?:{any_of(words['yuan'])})(?!{any_of(words['not_yuan_before'])}))"
        self._with_unit = re.compile(
            rf"{_BEGINS}(?P<whole>{_NUMBER}) ?{unit}钱?"
            rf"(?:零?(?P<jiao>{_DIGIT}) ?[毛角](?:钱|零?(?P<fen>{_DIGIT})分?)?"
            rf"|零(?P<fen_only>{_DIGIT})分?|(?P<half>半)(?![年月天个夜])|(?P<tail>{_DIGIT}{{1,2}})(?![\d个号月日天笔度吨方年次点户.]))?(?:整|钱|人民币)?"
        )
        # 1 000元: a blank between thousands, where the unit tells that it is one number.
        self._with_blanks = re.compile(
            rf"(?<![\d.,\-])(?<!\d )(?P<whole>[1-9]\d{{0,2}}(?: \d{{3}}){{1,2}}(?:\.\d{{1,2}})?) ?{unit}钱?整?"
        )
        self._with_sign = re.compile(rf"(?:¥|rmb|人民币) ?(?P<whole>{_NUMBER})(?: ?(?:元|块)钱?)?(?:整)?")
        self._jiao = re.compile(rf"(?<![\d.几数])(?P<jiao>{_DIGIT}) ?[毛角](?:钱|(?P<fen>{_DIGIT})分?)?")
        self._fen = re.compile(rf"(?<![\d.几])(?P<fen>\d|{_DIGIT})分钱(?!都|也|没|不)")
        self._foreign = re.compile(
            rf"(?P<whole>{_NUMBER})[多来]? ?(?:{any_of(words['foreign'])})(?![a-z])|(?:{any_of(words['foreign_signs'])}) ?{_NUMBER}"
        )

    def find(self, text: str) -> Iterator[Found]:
        """Find sums in normalised text; the value is yuan with two places, as text: `320.50`.

        Other money is found too, as what is no entity: an empty name, so that nothing else is made of its number.
        """
        for match in self._foreign.finditer(text):
            yield Found(*match.span(), "", "")
        for pattern in (self._with_blanks, self._with_unit, self._with_sign, self._jiao, self._fen):
            for match in pattern.finditer(text):
                if pattern is not self._with_unit or not _means_together(text, match):
                    yield from (one for one in _found(match) if not reaches_into_a_word(text, one, self._like_sums))
        for match in _after_words(text):
            if _is_paid(match["whole"]):
                yield from _found(match, start=match.start("whole"))
        stripped = text.strip(_AROUND)
        alone = _ALONE.fullmatch(stripped)
        value = parse_number(stripped) if alone and _says_itself(stripped) else None
        if value is not None:
            start = text.index(stripped)
            yield Found(start, start + len(stripped), "amount", _yuan(value))


def _after_words(text: str) -> Iterator[re.Match[str]]:
    for pattern in (_AFTER_PAY, _BEFORE_PAY, _AFTER_ACCOUNT, _OWED):
        yield from pattern.finditer(text)


def _is_paid(whole: str) -> bool:
    """Whether a number after a word of paying is a sum: 交一下, 付两次 and 交十点半 are none."""
    if whole.isascii() or re.search("[百千万]", whole):
        return True
    if "点" in whole:
        return (parse_number(whole) or 0) > _LAST_HOUR
    return len(whole) >= 2 and "十" in whole


def _says_itself(text: str) -> bool:
    """Whether a number alone is a sum: its last unit is left out, it has a unit of thousands, or it is written as on a cheque."""
    if text[0] in "百千万":
        return False
    if is_shortened(text) or re.search(rf"\d{_UNIT}", text):
        return True
    if "点" in text:
        return (parse_number(text) or 0) > _LAST_HOUR
    return len(text) >= 2 and bool(_FORMAL.search(text))


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
    if groups.get("half"):
        value += Decimal("0.5")
    value += Decimal(_digit(groups.get("jiao"))) / 10
    value += Decimal(_digit(groups.get("fen")) + _digit(groups.get("fen_only"))) / 100
    yield Found(match.start() if start is None else start, match.end(), "amount", _yuan(value))


def parse_number(text: str) -> Decimal | None:
    """Read a number with a possible fraction: 1,234.50, 1 000, .5, 1.5万, 1万2, 三百二十点五. None if it is none."""
    text = re.sub("[, ]", "", text)
    match = re.fullmatch(rf"(\d*\.?\d+)(?:({_UNIT})(\d?))?", text)
    if match:
        number, unit, rest = match.groups()
        scale = _SCALES.get(unit, 1)
        return Decimal(number) * scale + (Decimal(rest) * scale / 10 if rest else 0)
    whole, _, fraction = text.replace("k", "千").replace("w", "万").partition("点")
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
    if match["whole"] != "一" or match.group().endswith("钱"):
        return False
    if any(match[part] for part in ("tail", "jiao", "fen_only", "half")):
        return False
    if re.search(r"[充交缴付存][值个了]?$", text[: match.start()]):
        return bool(_TOGETHER.match(text, match.start()))
    return "块" in match.group()
