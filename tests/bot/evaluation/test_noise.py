"""The makers of noise: what each does, that a seed decides it, and that entities come through."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypinyin import lazy_pinyin

from bot.evaluation.noise import KINDS, SHORTEST, Noise, noisy, sounding_like
from bot.evaluation.reading import Span
from bot.evaluation.spoken import spoken
from bot.nlu.normalise import normalise

BY_NAME = {kind.name: kind for kind in KINDS}
unhurried = settings(deadline=None)  # the first example reads jieba's dictionary and OpenCC's tables
SAME_CHARACTERS = ["homophones", "dropped characters", "doubled characters", "no punctuation", "ASR fillers"]


def spans_of(text: str, *entities: tuple[str, str]) -> list[Span]:
    """Say where words stand in a text: pairs of entity name and words."""
    return [Span(name, words, text.index(words), text.index(words) + len(words)) for name, words in entities]


@st.composite
def sentences(draw: st.DrawFn) -> tuple[str, list[Span]]:
    """Make a sentence of Chinese stretches and entities, with the entities' places."""
    stretch = st.text(alphabet="帮我查一下这个月的吧，。？ 请快点", max_size=12)
    entity = st.sampled_from(["水费", "3301 2345 67", "浙A12345", "二百块", "市一院"])
    text, spans = draw(stretch), []
    for words in draw(st.lists(entity, max_size=3, unique=True)):
        spans.append(Span("entity", words, len(text), len(text) + len(words)))
        text += words + draw(stretch)
    return text, spans


@unhurried
@given(sentences(), st.sampled_from(KINDS), st.integers(0, 99))
def test_the_same_seed_gives_the_same_text(made: tuple[str, list[Span]], kind: Noise, seed: int) -> None:
    text, spans = made
    assert noisy(kind, text, spans, seed) == noisy(kind, text, spans, seed)


@unhurried
@given(sentences(), st.sampled_from(SAME_CHARACTERS), st.integers(0, 99))
def test_the_words_of_entities_come_through(made: tuple[str, list[Span]], name: str, seed: int) -> None:
    text, spans = made
    made_noisy, position = noisy(BY_NAME[name], text, spans, seed), 0
    for span in spans:
        words = text[span.start : span.end]
        assert words in made_noisy[position:]
        position = made_noisy.index(words, position) + len(words)


@unhurried
@given(sentences(), st.integers(0, 99))
def test_homophones_sound_the_same(made: tuple[str, list[Span]], seed: int) -> None:
    text, spans = made
    changed = noisy(BY_NAME["homophones"], text, spans, seed)
    assert len(changed) == len(text)
    assert [lazy_pinyin(char) for char in changed] == [lazy_pinyin(char) for char in text]


@unhurried
@given(sentences(), st.integers(0, 99))
def test_full_width_says_the_same(made: tuple[str, list[Span]], seed: int) -> None:
    text, spans = made
    assert normalise(noisy(BY_NAME["full width"], text, spans, seed)) == normalise(text)


def test_other_seeds_give_other_texts() -> None:
    text = "请帮我查一下这个月的账单要交多少钱"
    for name in ("homophones", "dropped characters", "doubled characters", "ASR fillers"):
        assert len({noisy(BY_NAME[name], text, (), seed) for seed in range(20)}) > 1, name


@pytest.mark.parametrize(
    ("name", "text", "entities", "expected"),
    [
        ("dropped characters", "水费", [], "水费"),
        ("no punctuation", "你好，我要交费。", [], "你好我要交费"),
        ("no punctuation", "户号 3302 8845 19，交 50", [("account_number", "3302 8845 19"), ("amount", "50")],
         "户号3302 8845 19交50"),
        # Without a blank the two numbers would be one.
        ("no punctuation", "3302884519，50", [("account_number", "3302884519"), ("amount", "50")], "3302884519 50"),
        ("no punctuation", "充320.5，谢谢", [("amount", "320.5")], "充320.5谢谢"),
        ("traditional", "帮我交电费", [], "幫我交電費"),
        ("full width", "交 50 元!", [], "交\u3000５０\u3000元！"),
        ("full width", "你好", [], "你好"),
    ],
)  # fmt: skip
def test_literal_noise(name: str, text: str, entities: Sequence[tuple[str, str]], expected: str) -> None:
    assert noisy(BY_NAME[name], text, spans_of(text, *entities), 1) == expected


def test_a_drop_takes_and_a_double_gives() -> None:
    text = "请帮我查一下账单"
    assert len(text) >= SHORTEST
    assert len(noisy(BY_NAME["dropped characters"], text, (), 1)) == len(text) - 1
    assert len(noisy(BY_NAME["doubled characters"], text, (), 1)) == len(text) + 1


def test_fillers_leave_the_rest() -> None:
    text = "请帮我查一下账单"
    made_noisy = noisy(BY_NAME["ASR fillers"], text, (), 1)
    assert made_noisy[0] in "嗯那呃就"
    assert len(made_noisy) > len(text)
    rest = iter(made_noisy)
    assert all(char in rest for char in text)


@pytest.mark.parametrize("char", ["", "a", "3", "，", "水费"])
def test_only_one_hanzi_sounds_like_others(char: str) -> None:
    assert sounding_like(char) == []


def test_frequent_characters_sound_alike() -> None:
    assert "税" in sounding_like("水")
    assert "水" not in sounding_like("水")


@pytest.mark.parametrize(
    ("text", "entities", "expected"),
    [
        ("你好", [], "你好"),
        ("交50块", [("amount", "50块")], "交五十块"),
        ("充200.5元", [("amount", "200.5元")], "充二百点五元"),
        ("￥1,234.50", [("amount", "￥1,234.50")], "￥一千二百三十四点五零"),
        ("户号3301 2345 67", [("account_number", "3301 2345 67")], "户号三三零幺 二三四五 六七"),
        ("浙A12345", [("plate_number", "浙A12345")], "浙A幺二三四五"),
        ("手机13800138000", [("phone", "13800138000")], "手机幺三八零零幺三八零零零"),
        # Long ones are read digit by digit whatever they are.
        ("3301234567", [], "三三零幺二三四五六七"),
        ("886", [], "八八六"),
        ("充886", [("amount", "886")], "充八百八十六"),
        ("3q", [], "3q"),
        ("查浙A12345和浙B67890", [("plate_number", "浙B67890")], "查浙A12345和浙B六七八九零"),
        ("２０块", [], "二十块"),
        ("02号", [], "零二号"),
        ("2026年3月15号", [("date", "2026年3月15号")], "二零二六年三月十五号"),
        ("下午3:30", [], "下午三点半"),
        ("8:05", [], "八点零五分"),
        ("9:00", [], "九点"),
        ("下午14：20", [], "下午十四点二十分"),
    ],
)
def test_numbers_are_said(text: str, entities: Sequence[tuple[str, str]], expected: str) -> None:
    assert spoken(text, spans_of(text, *entities)) == expected
