"""Names of people, where something says that a name follows: 我叫张三, 姓名：李四, 给王小明挂号."""

import re
from collections.abc import Collection, Iterator

from bot.nlu.found import Found

_SAYS = (
    r"(?:我叫|我名叫|名叫|叫做|姓名|名字叫|名字是|名字|户主|患者|病人|就诊人|看病的人|看病人|联系人|本人|车主|实名)"
    r"(?:的?名字|的?姓名)?(?:就?是|叫|为)?[:： ,，]{0,4}"
)
_I_AM = r"(?:^|[,，。 ])我(?:就)?是"
_FOR = r"(?:给|帮|替|为|以)(?:我?(?:妈|爸|老婆|老公|儿子|女儿|爷爷|奶奶|孩子|媳妇|爱人|父亲|母亲|妈妈|爸爸))?"
_HANZI = r"[\u4e00-\u9fff]"
_STOPS = "的是在要想和跟与了吗呢吧啊呀啦呗哈喔哦嘛不没们这那挂约查哪什怎谁"
_CUT = re.compile(
    r"身份证|证件|手机|电话|号码|户号|先生|女士|小姐|今天|明天|后天|大后天|下周|这周|周[一二三四五六日末]|上午|下午|晚上|早上|挂号|预约|想|要|"
    r"看病|看医生|看|的|是|今年|岁|住|我|[\d,，。:：;；、 ]"
)
_POINTED_AT = re.compile(
    r"[那这哪][套个间处边里座栋户家台辆张笔条次位年天种样些块片头俩几]"
)  # 那套房: 那 is a family name too
_TITLES = ("先生", "女士", "小姐", "同志", "师傅", "老师")
_AFTER_FOR = r"(?=挂|约|预约|查|看|取消|交|的)"


class NameFinder:
    """Finds names by family name.

    Args:
        surnames: family names of one or two characters.
        usual: those of them that make a name without any word that says so.
        words: words that begin like a name and are none (高血压, 黄山); a name is never one of them.
        often_words: words that can be names, but only where something says so (明白).
    """

    def __init__(
        self,
        surnames: Collection[str],
        usual: Collection[str] = (),
        words: Collection[str] = (),
        often_words: Collection[str] = (),
    ) -> None:
        self._double = frozenset(name for name in surnames if len(name) == 2)
        self._single = frozenset(name for name in surnames if len(name) == 1)
        self._usual = frozenset(usual)
        self._words = frozenset(words)
        self._often_words = frozenset(often_words)

    def find(self, text: str) -> Iterator[Found]:
        """Find names in normalised text; the value is the name as it stands."""
        for match in re.finditer(_SAYS, text):
            yield from self._name_at(text, match.end())
        for match in re.finditer(_I_AM, text):
            yield from (
                found for found in self._name_at(text, match.end()) if re.match(r"$|[,，。 \d]", text[found.end :])
            )
        for match in re.finditer(_FOR, text):
            for length in (4, 3, 2):
                start = match.end()
                if re.match(_AFTER_FOR, text[start + length :]) and self.is_name(text[start : start + length]):
                    yield Found(start, start + length, "person_name", text[start : start + length])
                    break
        yield from self._beside_number(text)

    def is_name(self, text: str) -> bool:
        """Tell whether the text can be a person's whole name and is no everyday word."""
        if text in self._words or not re.fullmatch(rf"{_HANZI}{{2,4}}|{_HANZI}{{1,3}}·{_HANZI}{{1,6}}", text):
            return False
        if _POINTED_AT.match(text) or any(char in _STOPS for char in text[1:]) or text.endswith(_TITLES):
            return False
        if text[:2] in self._double:
            return 3 <= len(text) <= 4
        return text[0] in self._single and len(text) <= 3

    def _name_at(self, text: str, start: int) -> Iterator[Found]:
        following = _CUT.search(text, start)
        text = text[: following.start()] if following else text
        for length in (4, 3, 2):
            name = text[start : start + length]
            if len(name) == length and self.is_name(name):
                yield Found(start, start + length, "person_name", name)
                return

    def _beside_number(self, text: str) -> Iterator[Found]:
        """A name that is the whole message, or stands with nothing but numbers: 张三 11010519491231002X."""
        rest = re.sub(r"[\dx\s,，。:：;；、\-]|身份证号?码?|手机号?码?|电话", " ", text)
        words = rest.split()
        if len(words) == 1 and self.is_name(words[0]) and self._needs_no_telling(words[0]):
            start = text.index(words[0])
            yield Found(start, start + len(words[0]), "person_name", words[0])

    def _needs_no_telling(self, name: str) -> bool:
        usual = name[0] in self._usual or name[:2] in self._usual
        return usual and name not in self._often_words and name[0] != name[1]
