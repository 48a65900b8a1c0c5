from bot.nlu.lexicon import jieba_words, read_lexicon, words_like_names
from bot.nlu.syllables import syllable_table

GAZETTEERS = {
    "surnames": ["高"],
    "phrases": [{"entity": "bill_type", "value": "water", "text": "水费"}],
    "cities": [],
    "by_ear": [{"entity": "bill_type", "names": ["水费"]}],
}


def test_words_are_told_from_names() -> None:
    dictionary = [
        ("高血压", 50, "n"),
        ("明白", 900, "nr"),
        ("李娜", 400, "nr"),
        ("苹果", 900, "n"),
        ("欧阳修", 9, "nr"),
        ("高高兴兴", 90, "z"),
    ]
    assert words_like_names(["高", "明", "李", "欧阳"], dictionary) == (["高血压"], ["明白"])


def test_rare_words_are_left_out() -> None:
    frequent = {word for word, frequency, _ in jieba_words(least=1000) if frequency < 1000}
    assert frequent == set()
    assert "医院" in {word for word, _, _ in jieba_words(least=1000)}


def test_the_lexicon_knows_words_and_sounds() -> None:
    lexicon = read_lexicon(GAZETTEERS)
    assert "高血压" in lexicon["like_names"]
    assert "税费" in lexicon["everyday"]
    assert all(len(word) == 2 for word in lexicon["everyday"])  # only what sounds like 水费 is kept
    assert len(lexicon["everyday"]) < 20
    assert lexicon["syllables"]["水"] == lexicon["syllables"]["睡"] == "sui"


def test_sounds_have_no_tone_and_no_accent() -> None:
    assert syllable_table("张四零") == {"张": "zan", "四": "si", "零": "nin"}
