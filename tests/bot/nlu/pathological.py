"""Messages as long as one can be, made of what each rule of understanding looks for, over and over: nobody's words, but an attacker's.

Each kind of word alone, with what may stand between two of them, and mixed with each other kind. What the gazetteers and
the manifests hold is taken from them, so a service or a city that is added is in these texts, too.
"""

import random
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from typing import Any

LENGTH = 1000
"""Characters of a message that are read."""

RULE_WORDS: Mapping[str, tuple[str, ...]] = {
    "days": (
        "明天", "大大后天", "今早", "明朝上午", "后天过后", "昨儿个", "月底", "月初", "3月底", "下个月15号", "上个月底", "3月1号", "3月1", "三月三", "10月1日", "1号", "十五号",
        "二十一", "2026年1月1日", "2026-1-1", "26年1月1", "1/2 ", "1-2 ", "1.2 ", "过三天", "再过两个月", "三天之后", "半年后", "工作日", "下一个工作日", "年底", "今年",
        "3月1号那天", "上次3月1号", "3月1号被拍的", "1号违停",
    ),
    "weekdays": ("周一", "下周一", "下周一到", "下下周三、", "周一到", "周一和", "上星期三跟", "礼拜天", "周末", "下周末", "下周", "上上个", "每周一", "一", "到一"),
    "festivals": ("国庆节后", "国庆节后第一天", "国庆节前", "国庆放完假之后", "今年国庆", "明年春节前两天", "过完年", "过了国庆", "大年初一", "年初三", "国庆长假", "春节初"),
    "parts of the day": ("下午", "早", "早上好", "今晚", "三点", "下午三点", "下午三点半", "1:00", "三点一刻", "8时", "下班后", "好早", "你晚上好"),
    "numerals": ("一", "百", "万", "亿", "一百", "三百二", "三百二十五", "一万二", "一千零五", "廿", "〇", "两", "一点", "一点五", "零", "百万", "二十"),
    "digits": (
        "1", "0", "12 ", "1 2", "123-", "1-", "3301 ", "1234567 ", "13812345678", "138 1234 5678 ", "86138", "330103198810030015", "33010319881003001x ", "0571-", "0571-8 ",
        "1,", "1,234", "1.", "1.5", "1,234.5", "+1", "1_", "一1", "1一", "幺", "幺三八", "三三零一", "0086", "3301 2345 67 ", "12345",
    ),
    "words of numbers": ("户号1", "户号", "身份证", "电话1", "手机号138", "尾号1234", "充到1234", "交到33", "身份证1101", "银行卡1", "订单1", "账号:1 "),
    "money": (
        "1元", "一块", "一块钱", "一百块", "三毛", "三分钱", "1元1角1分", "一块一块儿", "一百块五", "¥1", "¥1,", "rmb", "人民币1", "$1", "充", "充1", "交一", "充值", "充一百", "交一百充",
        "把1", "把一百", "交1234567 12", "交1234567 ", "充 3301234567 1", "缴费:", "付5120 9934 07", "整", "一块儿",
    ),
    "plates": ("浙", "浙a", "浙A1", "浙A12345", "浙A1234", "浙·A·1·2·3·4", "浙A幺二三四五", "京牌a", "A1", "a12345", "ad12345", "粤B12345D", "浙a挂学", "浙aaaaa", "·", "*'"),
    "people": (
        "我叫", "姓名", "患者", "户主是", "名字叫", "我是", "给", "给王小明", "给我妈妈", "查王小明的", "查一下", "查查", "张三", "张三 ", "张三13812345678", "13812345678张三 ", "我妈叫", "爷",
        "爷奶", "叫", "王小明医生", "欧阳", "姓名王小明 ", "王医生", "，我是王小明", "张三身份证", "挂号张三", "给王小明挂",
    ),
    "whose": ("他", "我爸", "帮我爸", "我爸说", "爸", "他的", "自己", "我老公的同事", "不是我爸", "妈妈和", "帮他", "她", "人家"),
    "corrections": ("不是", "不是不是", "不要", "别", "不对", "说错了", "换成", "改到", "应该是", "不是水费", "不是水费，", "水费换成", "水费不对电费", "不查水费", "是水费不是电费", "水费是"),
    "requests": ("，再查", "顺便", "然后", "和", "也查", "还有", "查水费，", "查水费，再查违章，", "查水费和违章", "再挂号", "退号，再挂号", "，", "。查", "、查"),
    "misspellings": ("叫", "叫一下", "叫的", "叫这个月", "罚款叫", "罚款怎么", "取肖", "肖", "区消", "姓明", "性名", "就珍人", "旧诊", "就诊仁", "布行", "不形", "憋交"),
    "cities": ("市", "换到", "从杭州到", "在杭州", "杭州的", "杭州和", "杭州、", "杭州市", "换到家兴", "家兴", "宿州", "肃州", "朝阳", "天等", "人在天等", "杭州出差", "杭州杭", "切到", "北京路"),
    "names by ending": ("医院", "一医院", "市一", "一院", "是一院", "第一人民医院", "省人民医院", "浙医院", "的医院", "卫生院", "院", "人民", "第一", "市一 医院"),
    "complaints": ("孩子", "孩子牙", "牙", "牙疼", "疼", "牙有点", "头", "发烧的孩子", "宝宝咳", "里", "牙疼牙", "孩子牙疼，", "难受"),
    "short names": ("水", "电", "气", "煤", "煤气", "水电", "水、", "水费", "交水", "没电", "交电没", "50块的气", "，是水", "水电煤气", "睡费", "税费", "水和电", "欠水没", "不电"),
    "ordinals": ("第1个", "第一", "倒数第1个", "最后", "最后一个", "头一个", "选1", "，选1 ", "第", "第二个和", "1、", "最后面的那"),
    "small talk": ("谢谢", "哈", "嗯", "嗯，", "呃", "就是", "那个", "这个那个", "然后", "请问", "你好", "啊", "好的", "对", "不", "麻烦你", "是", "嗯嗯嗯，那个"),
    "blanks and signs": (" ", "　", "\t", "\n", "，", "。", "！？", "、", "…", "-", "·", "~", "(", "<", "&", "/", "\\", "{", '"', "%", "@", "😀", "👨‍👩‍👧", "\u0301", "é", "ß", "ﷺ", "臺", "ᵝ", "Ａ", "①", "㈠"),
    "letters": ("a", "ab", "x", "A1b2", "http://a", "a@b.c ", "SELECT ", "的", "的的", "我", "龘", "abc 123 "),
}  # fmt: skip
"""What the rules written in Python look for, by kind."""

BETWEEN = (" ", "，", "的", "和")
"""What may stand between two words of a kind."""

BORDERS = ("，", "，再查", "顺便", "和")
"""What may stand between two requests."""

_MOST_OF_A_KIND = 12


def pathological(parts: Mapping[str, Any]) -> list[str]:
    """Make the texts, each LENGTH characters long and each once.

    Args:
        parts: gazetteers and lexicon, as `read_parts` returns them.
    """
    gazetteers = parts["gazetteers"]
    kinds = {**{kind: list(words) for kind, words in RULE_WORDS.items()}, **_words_of(gazetteers)}
    units = [unit for words in kinds.values() for unit in words]
    units += [f"{words[0]}{between}" for words in kinds.values() for between in BETWEEN]
    units += ["".join(words) for words in kinds.values()]
    units += [f"{kinds[one][0]}{kinds[other][-1]}" for one, other in combinations(kinds, 2)]
    # The one first, and then only the other: what looks back or ahead passes all that lies between.
    pairs = combinations(RULE_WORDS, 2)
    halves = [_filled(kinds[one][0], LENGTH // 2) + _filled(kinds[other][0], LENGTH // 2) for one, other in pairs]
    return list(dict.fromkeys([*(_filled(unit, LENGTH) for unit in units), *halves, *_unsure_requests(gazetteers)]))


def _unsure_requests(gazetteers: Mapping[str, Any]) -> Iterator[str]:
    """Words of all topics in disorder, cut into clauses as long as shall be: each may be a request, and none is."""
    words = [word for members in gazetteers["topics"].values() for word in members]
    chance = random.Random(1)  # noqa: S311 – not for secrets
    for length in (3, 8, 20, 50, 110, 160):
        said = _filled("".join(chance.sample(words, len(words))), LENGTH)
        clauses = [said[start : start + length] for start in range(0, LENGTH, length)]
        for border in BORDERS:
            yield border.join(clauses)[:LENGTH]


def _filled(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _words_of(gazetteers: Mapping[str, Any]) -> dict[str, list[str]]:
    """Words of the gazetteers and manifests, by kind."""
    kinds: dict[str, list[str]] = {
        "names of holidays": [row["names"][0] for row in gazetteers["days"]["holidays"]],
        "words of days": [
            word for part in ("no_days", "free", "asks", "refused") for word in _spread(gazetteers["days"][part], 4)
        ],
        "words of money": [word for words in gazetteers["money"].values() for word in _spread(words, 4)],
        "names of cities": _spread(row["name"] for row in gazetteers["cities"]),
        "full names of cities": _spread(row["full_name"] for row in gazetteers["cities"]),
        "family names": _spread([*gazetteers["surnames"], "".join(gazetteers["surnames"])]),
        "topics": _spread(word for words in gazetteers["topics"].values() for word in words),
        "words of cities": [word for words in gazetteers["city_words"].values() for word in _spread(words, 3)],
    }
    phrases: dict[str, list[str]] = {}
    for row in gazetteers["phrases"]:
        phrases.setdefault(f"phrases {row['entity']} {row.get('part', '')}", []).append(row["text"])
    kinds.update({kind: _spread(texts) for kind, texts in phrases.items()})
    for row in gazetteers["complaints"]:
        kinds[f"parts of {row['entity']}"] = _spread(part for one in row["rows"] for part in one["parts"])
        kinds[f"signs of {row['entity']}"] = _spread(sign for one in row["rows"] for sign in one["signs"])
        kinds[f"complaints of {row['entity']}"] = _spread(f"{one['parts'][0]}{one['signs'][0]}" for one in row["rows"])
    for row in gazetteers["open_ended"]:
        kinds[f"endings of {row['entity']}"] = [*row["endings"], *_spread(row["before"], 4)]
    return {kind: words for kind, texts in kinds.items() if (words := [text for text in texts if text])}


def _spread(words: Iterable[str], most: int = _MOST_OF_A_KIND) -> list[str]:
    """Some of many words, from everywhere among them."""
    every = list(dict.fromkeys(words))
    step = max(1, len(every) // most)
    return every[::step][:most]
