"""One-character names of bills (水, 电, 气), which count only where the words around them speak of bills."""

import re
from collections.abc import Iterator, Mapping

from bot.nlu.found import Found

_ENDS = r"(?=$|[,，。;；!！?？、~]|费|钱|账|单|表|都|全|一起|一块|一并|一共|三样|两样|三项|两项|的|了|吧|啊|呀|呢|嘛|多少|没|欠|怎|咋|在|哪|缴|交|查|还|和|跟|与|也|先|要|该|这|那|那边|那个|不是|吗|么|呗|噻|哈|哟|咯|谢|一下|下|给|我|各|充|多)"
_MEMBER = r"水|电|燃气|煤气|天然气|气|煤"
_CHAIN = re.compile(rf"(?:{_MEMBER})(?:(?:费)?(?:、|,|，|和|跟|与|及|还有|加)?(?:{_MEMBER}))+{_ENDS}")
_ONE = re.compile(_MEMBER)
_FILLER = r"(?:了|下|一下|个|点|点儿|一点|我家|家里|我们家|咱家|这个月|上个月|本月|上月|当月)?(?:的)?"
_AFTER_VERB = re.compile(rf"(?:[交缴付查欠续补结]|(?<!补)买(?=电|气)|缴纳|查询){_FILLER}(?P<one>水|电|气){_ENDS}")
_AFTER_MONEY = re.compile(r"(?:块|元|块钱|\d)(?:的)?(?P<one>水|电|气)(?=$|[,，。;；!！?？]|吧|费)")
_AFTER_IS = re.compile(
    r"(?:^|[,，。;；!！ ]|不)(?:是|要|查|交|看)?(?P<one>水|电|气)(?=$|[,，。;；!！?？]|吧|呀|啊|的$|费|不是)"
)
_RUN_OUT = re.compile(r"(?:没|停|断|停了|断了)(?P<one>水|电|气)")
_PAYING = re.compile(r"[交缴充付欠]")
_OWN_BATTERY = re.compile(r"手机|车|电脑|平板|手表|耳机|充电")


def find_single_bills(text: str, single: Mapping[str, str]) -> Iterator[Found]:
    """Find 水, 电, 气 and 煤 that stand for bills: 水电费, 水、电, 交电, 欠水费, 充50块的气, 是电不是水.

    Args:
        text: normalised, without blanks.
        single: character → entity value.
    """
    for chain in _CHAIN.finditer(text):
        for member in _ONE.finditer(text, chain.start(), chain.end()):
            value = single.get(member.group()[-1])
            if value:
                yield Found(member.start(), member.end(), "bill_type", value)
    for pattern in (_AFTER_VERB, _AFTER_MONEY, _AFTER_IS):
        for match in pattern.finditer(text):
            if match["one"] in single:
                yield Found(*match.span("one"), "bill_type", single[match["one"]])
    if _PAYING.search(text) and not _OWN_BATTERY.search(text):
        for match in _RUN_OUT.finditer(text):
            if match["one"] in single:
                yield Found(*match.span("one"), "bill_type", single[match["one"]])
