"""Which of several: 第二个 → "2", 最后一个 → "-1", 选1 → "1"."""

import re
from collections.abc import Iterator

from bot.nlu.readers.found import Found
from bot.nlu.readers.numerals import parse_count

_MEASURE = r"(?:个|位|条|笔|项|张|家|份|款|名|单|辆|台|宗|起|处|种|样|户|医生|大夫|专家|选项|时段|时间段|号源)"
_N = r"(?:\d{1,2}|[一二两三四五六七八九十]{1,3})"
_FROM_START = re.compile(
    rf"第 ?(?P<n>{_N}) ?(?:{_MEASURE}|(?=$|吧|呀|啊|[,，。!?])|(?=和|跟|还有|、))(?!工作日|月|星期|礼拜)"
)
_FIRST = re.compile(
    rf"(?:头一|首|最前面一|最前面那|最上面那|最上面一|最早那|最早的那|前面第一|打头那|排头那){_MEASURE}|第一个"
)
_FROM_END = re.compile(rf"倒数第 ?(?P<n>{_N}) ?{_MEASURE}?")
_LAST = re.compile(
    rf"(?:最后|末|最末|末尾|最末尾|最下面|最底下|最后面)(?:的)?(?:一|那|那一|1|这)?{_MEASURE}(?!工作日|月|星期|数|号?码?(?:应该)?[是为:： ]*[\dx])|最后一?个"
)
_CHOSEN = re.compile(
    r"(?:^|[,，。 ])(?:我?(?:选|要|就|挑|点|约|定|就要|就选|选择))(?:第)? ?(?!一个)(?P<n>[1-9]|[一二三四五六七八九])(?:号|个)?(?=$|吧|呀|啊|[,，。!?])"
)
_ALONE = re.compile(r"^ ?(?P<n>[1-9]|[一二三四五六七八九])(?:[.。、,) ]|号)? ?(?:吧|呀|啊)?$")


def find_ordinals(text: str) -> Iterator[Found]:
    """Find choices in normalised text; the value counts from 1, or from -1 at the end."""
    for match in _FROM_END.finditer(text):
        yield Found(*match.span(), "ordinal", str(-(parse_count(match["n"]) or 1)))
    for match in _LAST.finditer(text):
        yield Found(*match.span(), "ordinal", "-1")
    for match in _FIRST.finditer(text):
        yield Found(*match.span(), "ordinal", "1")
    for pattern in (_FROM_START, _CHOSEN):
        for match in pattern.finditer(text):
            number = parse_count(match["n"])
            if number:
                start = match.start("n") if pattern is _CHOSEN else match.start()
                yield Found(start, match.end(), "ordinal", str(number))
    alone = _ALONE.match(text)
    if alone and not alone.group().strip().endswith("号"):
        yield Found(*alone.span("n"), "ordinal", str(parse_count(alone["n"])))
