"""Names of people, where something says that a name follows: 我叫张三, 姓名：李四, 给王小明挂号, 我妈叫戴秀英."""

import re
from collections.abc import Collection, Iterator

from bot.nlu.readers.found import Found

_SAYS = re.compile(
    r"(?:我叫|我名叫|名叫|叫做|姓名|名字叫|名字是|名字|(?P<person>户主|患者|病人|就诊人|看病的人|看病人|联系人|本人|车主|实名))"
    r"(?P<named>(?:的?名字|的?姓名)?(?:就?是|叫|为)?[:： ,，]{0,4})"
)
_I_AM = re.compile(r"(?:^|[,，。 ])我就?是")
# 可以, 所以, 因为 are words of their own.
_FOR = re.compile(
    r"(?:[给帮替]|(?<![因以认])为|(?<![可所难])以(?![后前上下及]))(?:我?(?:妈妈?|爸爸?|老婆|老公|儿子|女儿|爷爷|奶奶|孩子|媳妇|爱人|父亲|母亲))?"
)
_KIN = (
    r"(?:妈妈?|爸爸?|老婆|老公|儿子|女儿|闺女|孩子|小孩|宝宝|媳妇|爱人|对象|妻子|丈夫|[爷奶]{1,3}|外公|外婆|姥姥|姥爷|父亲|母亲|爹|娘|"
    r"公公|婆婆|岳父|岳母|哥哥?|姐姐?|弟弟?|妹妹?|叔叔?|舅舅?|姑姑?|阿?姨|孙子|孙女|外孙女?|老伴|老人|家人|朋友|同事|邻居|[她他])"
)
_IS_CALLED = re.compile(rf"(?:{_KIN}(?:名字)?|(?:^|[,，。 ])(?:名字)?)叫做?[:： ]?")
_LOOK_UP = re.compile(r"查一?下|查查|查询|查看|查|看一?下|看看|看|取消|退掉|退了?|撤销")
_WHOSE = re.compile(r"的(?:挂号|预约|信用|诚信|号|就诊|记录|违章|驾照|车|水费|电费|燃气费|医生号|那个号)")
_HANZI = r"[\u4e00-\u9fff]"
_LONGEST = 12
_STOPS = "的是在要想和跟与了吗呢吧啊呀啦呗哈喔哦嘛咯噻嘞哒咧不没们这那挂约查哪什怎谁"
_CUT = re.compile(
    r"身份证|证件|手机|电话|号码|户号|先生|女士|小姐|今天|明天|后天|大后天|下周|这周|周[一二三四五六日末]|上午|下午|晚上|早上|挂号|预约|想|要|"
    r"看病|看医生|看|的|是|今年|岁|住|我|[\d,，。:：;；、 ]"
)
_POINTED_AT = re.compile(
    r"家[里人]|[那这哪][套个间处边里座栋户家台辆张笔条次位年天种样些块片头俩几]"
)  # 那套房: 那 is a family name too
_TITLES = (
    "先生",
    "女士",
    "小姐",
    "同志",
    "师傅",
    "老师",
    "医生",
    "医师",
    "大夫",
    "主任",
    "教授",
    "专家",
    "护士",
    "院长",
)
_DOCTOR = re.compile(r"[\u4e00-\u9fff]{0,3}? ?(?:医生|医师|大夫|主任|教授|专家|护士|院长)")
# Family names that begin a request or an everyday word more often than a name.
_RATHER_WORDS = "查付充通扶计应看家车水全公能会当成单包余时安明平和都国广东方金高相关"
# An ID number or a mobile, however it is grouped: the word right beside it can be its owner's name.
_OWNED = r"(?:\d{6} ?\d{4} ?\d{4} ?\d{3}[\dx]|1[3-9]\d ?\d{4} ?\d{4})"
_BETWEEN = r"[ ,，。:：;；、]*(?:的?(?:身份证|证件|手机|电话)(?:号码?)?[是为]?[ :：]*)?"
_BEFORE_NUMBER = re.compile(
    rf"(?:^|[ ,，。:：;；、\d]|退号|挂号|预约|信用分?|违章)(?P<name>{_HANZI}{{2,4}}?){_BETWEEN}{_OWNED}(?!\d)"
)
_AFTER_NUMBER = re.compile(rf"(?<!\d){_OWNED}[ ,，。:：;；、]*(?P<name>{_HANZI}{{2,4}})(?=$|[ ,，。:：;；、\d])")
_AFTER_FOR = re.compile(r"[挂约查看交的]|预约|取消")
_TOLD = re.compile(rf"{_HANZI}{{2,4}}(?!{_HANZI})")
_CALLED_ENDS, _I_AM_ENDS = re.compile(r"$|[!?]"), re.compile(r"$|[,，。 \d]")
_FORM = re.compile(rf"{_HANZI}{{2,4}}|{_HANZI}{{1,3}}·{_HANZI}{{1,6}}")


def _says_so(match: re.Match[str]) -> bool:
    """Whether a name must follow: 患者是…, 姓名：…. After 患者 alone what follows may be anything: 患者从外地来."""
    return not match["person"] or bool(match["named"].strip())


class NameFinder:
    """Finds names by family name.

    Args:
        surnames: family names of one or two characters.
        usual: those of them that make a name without any word that says so.
        words: words that begin like a name and are none (高血压, 黄山); a name is never one of them.
        often_words: words that can be names, but only where something says so (明白).
        given: given names with a character in them that else ends a name (和平).
    """

    def __init__(
        self,
        surnames: Collection[str],
        usual: Collection[str] = (),
        words: Collection[str] = (),
        often_words: Collection[str] = (),
        given: Collection[str] = (),
    ) -> None:
        self._double = frozenset(name for name in surnames if len(name) == 2)
        self._single = frozenset(name for name in surnames if len(name) == 1)
        self._usual = frozenset(usual)
        self._words = frozenset(words)
        self._often_words = frozenset(often_words)
        self._given = frozenset(given)

    def told(self, text: str) -> Iterator[Found]:
        """Find names of two to four characters that are all that stands after 我叫 or 姓名, whatever word they may be besides:
        周天宇 begins like a Sunday, 高建国 is in the dictionary."""
        for match in _SAYS.finditer(text):
            run = _TOLD.match(text, match.end())
            if run and self._has_the_form(run.group()) and (_says_so(match) or self._surely_alone(run.group())):
                yield Found(*run.span(), "person_name", run.group())

    def find(self, text: str) -> Iterator[Found]:
        """Find names in normalised text; the value is the name as it stands."""
        for match in _SAYS.finditer(text):
            yield from (
                found
                for found in self._name_at(text, match.end())
                if _says_so(match)
                or (self._surely_alone(found.value) and (_CUT.match(text, found.end) or found.end == len(text)))
            )
        for match in _IS_CALLED.finditer(text):
            yield from (
                found
                for found in self._name_at(text, match.end())
                if self._surely(found.value) and (_CUT.match(text, found.end) or _CALLED_ENDS.match(text, found.end))
            )
        for match in _I_AM.finditer(text):
            yield from (found for found in self._name_at(text, match.end()) if _I_AM_ENDS.match(text, found.end))
        for match in _FOR.finditer(text):
            for length in (4, 3, 2):
                start = match.end()
                if _AFTER_FOR.match(text, start + length) and self.is_name(text[start : start + length]):
                    yield Found(start, start + length, "person_name", text[start : start + length])
                    break
        for match in _LOOK_UP.finditer(text):
            for length in (4, 3, 2):
                start = match.end()
                name = text[start : start + length]
                if _WHOSE.match(text, start + length) and self.is_name(name) and self._surely(name):
                    yield Found(start, start + length, "person_name", name)
                    break
        for pattern in (_BEFORE_NUMBER, _AFTER_NUMBER):
            for match in pattern.finditer(text):
                if self.is_name(match["name"]) and self._surely(match["name"]):
                    yield Found(*match.span("name"), "person_name", match["name"])
        yield from self._beside_number(text)

    def is_name(self, text: str) -> bool:
        """Tell whether the text can be a person's whole name and is no everyday word."""
        return text not in self._words and self._has_the_form(text)

    def _has_the_form(self, text: str) -> bool:
        if not _FORM.fullmatch(text):
            return False
        if _POINTED_AT.match(text) or text.endswith(_TITLES):
            return False
        family = 2 if text[:2] in self._double else 1
        if text[family:] not in self._given and any(char in _STOPS for char in text[1:]):
            return False
        if text[:2] in self._double:
            return 3 <= len(text) <= 4
        return text[0] in self._single and len(text) <= 3

    def _surely_alone(self, text: str) -> bool:
        """Whether a text after 患者 is a name: 张伟 is, 左腿疼 begins with a word."""
        return self.is_name(text) and self._needs_no_telling(text) and text[:2] not in self._words

    def _name_at(self, text: str, start: int) -> Iterator[Found]:
        for length in (4, 3):  # 王和平, 高要武: before a character in the given name is taken for the next word
            name = text[start : start + length]
            given = name[1:] in self._given or name[2:] in self._given
            if given and len(name) == length and self._has_the_form(name):
                yield Found(start, start + length, "person_name", name)
                return
        following = _CUT.search(text, start, start + _LONGEST)
        text = text[: following.start() if following else start + _LONGEST]
        for length in (4, 3, 2):
            name = text[start : start + length]
            if len(name) == length and self.is_name(name) and not _DOCTOR.match(text, start + 1):
                yield Found(start, start + length, "person_name", name)
                return

    def _beside_number(self, text: str) -> Iterator[Found]:
        """A name that is the whole message, or stands with nothing but numbers: 张三 11010519491231002X."""
        rest = re.sub(r"[\dx\s,，。:：;；、\-]|身份证号?码?|手机号?码?|电话", " ", text)
        words = rest.split()
        if len(words) == 1 and self.is_name(words[0]) and self._needs_no_telling(words[0]):
            start = text.index(words[0])
            yield Found(start, start + len(words[0]), "person_name", words[0])

    def _surely(self, name: str) -> bool:
        """Tell whether a word stands for a person where the words beside it only allow a name."""
        if self._needs_no_telling(name):
            return True
        return len(name) >= 3 and name[0] not in _RATHER_WORDS

    def _needs_no_telling(self, name: str) -> bool:
        usual = name[0] in self._usual or name[:2] in self._usual
        return usual and name not in self._often_words and name[0] != name[1]
