"""One-character names (水, 电, 气), which count only where the words around them speak of paying or looking up."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bot.nlu.readers.found import Found

_ENDS = (
    r"(?=$|[,，。;；!！?？、~]|[费钱账单表都全的了吧啊呀呢嘛没欠怎咋在哪缴交查还和跟与也先要该这那吗么呗噻哈哟咯谢下给我各充多]|"
    r"一[起块并共下]|[三两][样项]|不是)"
)
_FILLER = r"(?:了|下|一下|个|点|点儿|一点|我家|家里|我们家|咱家|这个月|上个月|本月|上月|当月)?的?"
_PAYING = re.compile(r"[交缴充付欠]")
_JOINED = r"费?(?:还有|[、,，和跟与及加])?"


class ShortNames:
    """Finds short names of one entity: 水电费, 水、电, 交电, 充50块的气, 是电不是水.

    Args:
        row: `entity`; `single`: character → value; `chained`: longer names whose last character is a single one, which
            stand in a row with it (水电煤气); `bought`: those that one buys (买电, but 买水 is shopping);
            `not_beside`: what has run out of one of them without owing for it (手机没电了).
    """

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._entity: str = row["entity"]
        self._single: dict[str, str] = row["single"]
        one = f"(?P<one>[{''.join(map(re.escape, self._single))}])"
        member = _member(self._single, row["chained"])
        self._member = re.compile(member)
        self._in_a_row = re.compile(rf"(?:{member})(?:{_JOINED}(?:{member})){{1,8}}{_ENDS}")
        bought = any_of(row["bought"]) or r"(?!)"
        verb = rf"(?:[交缴付查欠续补结]|(?<!补)买(?={bought})|缴纳|查询)"
        self._beside = (
            re.compile(rf"{verb}{_FILLER}{one}{_ENDS}"),
            re.compile(rf"(?:块钱?|[元\d])的?{one}(?=$|[,，。;；!！?？吧费])"),
            re.compile(
                rf"(?:^|[,，。;；!！ 不])[是要查交看]?{one}(?=$|[,，。;；!！?？吧呀啊费]|的$|不是)",
            ),
        )
        self._run_out = re.compile(rf"[没停断]了?{one}")
        self._not_beside = re.compile(any_of(row["not_beside"]) or r"(?!)")

    def find(self, text: str) -> Iterator[Found]:
        """Find short names in normalised text without blanks."""
        for row in self._in_a_row.finditer(text):
            for member in self._member.finditer(text, row.start(), row.end()):
                yield self._found(*member.span(), member.group()[-1])
        for pattern in self._beside:
            for match in pattern.finditer(text):
                yield self._found(*match.span("one"), match["one"])
        if _PAYING.search(text) and not self._not_beside.search(text):
            for match in self._run_out.finditer(text):
                yield self._found(*match.span("one"), match["one"])

    def _found(self, start: int, end: int, char: str) -> Found:
        return Found(start, end, self._entity, self._single[char])


def _member(single: Iterable[str], chained: Sequence[str]) -> str:
    """One name of a row; 煤 counts for itself only where it does not begin 煤气, so that there is one way to read a row."""
    longer = {char: any_of([name[1:] for name in chained if name.startswith(char)]) for char in single}
    alone = [f"{re.escape(char)}(?!{rest})" if rest else re.escape(char) for char, rest in longer.items()]
    return "|".join(filter(None, [any_of(chained), *alone]))


def any_of(texts: Iterable[str]) -> str:
    """Return an alternation of texts, the longest first; empty for none."""
    return "|".join(sorted(map(re.escape, texts), key=len, reverse=True))
