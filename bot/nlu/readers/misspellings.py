"""Puts right a few characters that decide what is meant: 叫电费 is 交电费, 捕行 is 不行, 姓明 is 姓名.

Only where the words beside leave no other reading; everything else that sounds alike is left to the classifier's
syllables. One character becomes one, so offsets stay.
"""

import re
from collections.abc import Collection, Iterable

from bot.nlu.readers.found import Found

_PAY = "[叫角教较焦觉轿骄娇郊绞浇]"  # all sound like 交 and 缴, the tone apart
_DUE = r"(?:L|罚款|罚单|罚金|滞纳金|账单|欠费)"
# Of the words between, no two together make a third (一 and 下 for 一下): else a long message is read in as many ways as
# there are grains on a chessboard.
_BEFORE_DUE = r"(?:[一下个了完清点的我B]|下子|我家|家里|我们家|这个月|上个月|本月|这张|这笔|那张|那笔|那个|这个){0,12}"
_BEFORE_PAY = r"(?:[要没都该能也先还的]|怎么|咋个?|[去在]哪儿?|哪里|现在|一起|一块儿?|帮忙|麻烦|[替帮给]我|可以){0,8}"
_START = r"^[ ,，。]*(?:我|这个?|那个?|先|都|也|你)?"
_END = r"[了的吧啊呀哦呢]?(?:谢谢)?[ ,，。!?~]*$"

_RULES = (
    # 比较, 家教, 主角 are words of their own; 教我交电费 has the right character already.
    (re.compile(rf"(?<![比计家请主视三])(?P<wrong>{_PAY})(?={_BEFORE_DUE}{_DUE})"), "交"),
    (re.compile(rf"{_DUE}{_BEFORE_PAY}(?P<wrong>{_PAY})(?=$|[了啊呀吗么呢一掉过清齐完费,，。?!~ ])"), "交"),
    # A "no" whose 不 or 别 was misheard. 补交, 步行 and 部分 are words of their own.
    (
        re.compile(rf"{_START}(?P<wrong>[布捕卜埠簿怖卟部])(?=[行是对好要用想成交付办弄充缴约挂]|需要|可以|同意|确认)"),
        "不",
    ),
    (
        re.compile(rf"{_START}(?P<wrong>[补步])(?=(?:是|对|好|要|用|可以|同意|需要){_END})"),
        "不",
    ),
    (re.compile(rf"{_START}(?P<wrong>[憋鳖瘪])(?=[交付办弄约挂扣充缴])"), "别"),
    (re.compile(rf"{_START}(?P<wrong>[捕布部])(?=[形型姓性星刑邢]{_END})"), "不"),
    (re.compile(rf"{_START}不(?P<wrong>[形型姓性星刑邢])(?={_END})"), "行"),
    (re.compile(r"取(?P<wrong>[肖霄削宵])(?!像)"), "消"),
    (re.compile(r"(?P<wrong>[区曲娶])消(?!防|费|毒|失)"), "取"),
    (re.compile(r"姓(?P<wrong>[明民铭命])(?=[^的]{0,3}[\u4e00-\u9fff])"), "名"),
    (re.compile(r"(?P<wrong>[性幸醒])名(?!单|额|次|气|字|列|词)"), "姓"),
    (re.compile(r"就诊(?P<wrong>[仁任忍认])"), "人"),
    (re.compile(r"就(?P<wrong>[珍真整枕振])(?=人(?:是|叫|姓名|[:： ]))"), "诊"),
    (re.compile(r"(?P<wrong>[旧救久酒])诊(?=人)"), "就"),
)


def corrected(text: str, found: Iterable[Found] = (), owed: Collection[str] = ()) -> str:
    """Return the normalised text with those characters right, as long as before.

    Args:
        text: normalised.
        found: its entities; sums and what is owed count as what they are, however they are written.
        owed: the entities that name what is owed.
    """
    shadow = _shadow(text, found, owed)
    for pattern, right in _RULES:
        for match in pattern.finditer(shadow):
            place = match.start("wrong")
            text = text[:place] + right + text[place + 1 :]
            shadow = shadow[:place] + right + shadow[place + 1 :]
    return text


def _shadow(text: str, found: Iterable[Found], owed: Collection[str]) -> str:
    for one in found:
        letter = "L" if one.entity in owed else "B" if one.entity == "amount" else None
        if letter:
            text = text[: one.start] + letter * (one.end - one.start) + text[one.end :]
    return text
