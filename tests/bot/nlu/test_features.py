import pytest

from bot.nlu.declared import Declared
from bot.nlu.features import Featurizer, accentless, view
from bot.nlu.masks import Masks
from bot.nlu.readers.entities import EntityFinder

from .conftest import TUESDAY

NOTHING: dict[str, list[str]] = {"entities": [], "services": []}


@pytest.mark.parametrize(
    ("said", "masked", "blind"),
    [
        ("", "", ""),
        ("?!", "", ""),
        ("你好", "你好", "你好"),
        ("好的谢谢", "好的谢谢", "好的谢谢"),
        ("户号3301234567，查水费", "户号A查水费", "户号A查L"),
        ("你好，交50块電費，谢谢", "交B电费", "交BL"),
        ("嗯那个就是我想交水费呗", "我想交水费", "我想交L"),
        ("就是", "就是", "就是"),
        ("嗯", "嗯", "嗯"),
        ("嗯嗨", "嗨", "嗨"),
        ("那个，行", "行", "行"),
        ("哈哈哈", "哈哈哈", "哈哈哈"),
        ("就是这个", "就是这个", "就是这个"),
        ("就是水费", "就是水费", "就是L"),
        ("就是我就是失恋了", "我失恋了", "我失恋了"),
        ("这个，嗯，那个，我想交水费", "我想交水费", "我想交L"),
        ("反正就是帮我挂个号", "帮我挂个号", "帮我挂个号"),
        ("这个月的水费", "这个月的水费", "这个月的L"),
        ("叫一下电费", "交一下电费", "交一下L"),
        ("下周三下午市一院口腔科", "GH市一院口腔科", "GHMN"),
        ("33012345678901", "A", "A"),
        ("886", "886", "886"),
    ],
)
def test_view(finder: EntityFinder, declared: Declared, said: str, masked: str, blind: str) -> None:
    seen = view(said, finder.find(said, TUESDAY), Masks.of(declared))
    assert (seen.masked, seen.blind) == (masked, blind)


def test_each_view_but_the_topics_is_of_length_one() -> None:
    featurizer = Featurizer({"pay": ["交"]}, {"交": "jiao"}, NOTHING, ("masked", "pinyin"))
    weights = featurizer.features_of("交水费", [])
    assert sum(weight**2 for weight in weights.values()) == pytest.approx(2.0)


def test_homophones_share_syllables_and_topics_come_from_words() -> None:
    featurizer = Featurizer(
        {"pay": ["交", "缴"]}, {"挂": "gua", "号": "hao", "浩": "hao", "交": "jiao"}, NOTHING, ("pinyin", "topics")
    )
    right, wrong = featurizer.features_of("挂号", []), featurizer.features_of("挂浩", [])
    assert "p^ gua hao" in set(right) & set(wrong)
    assert featurizer.topics_of("先交吧") == {"pay"}
    assert "tpay" in featurizer.features_of("先交吧", [])


@pytest.mark.parametrize(
    ("sound", "plain"), [("zhang", "zan"), ("shui", "sui"), ("ling", "nin"), ("hao", "hao"), ("cheng", "cen")]
)
def test_accentless(sound: str, plain: str) -> None:
    assert accentless(sound) == plain
