"""Finds mistakes in the gazetteers and the examples, before they are trained into a model.

What it says is for the staff who edit those files, so it says it in Chinese.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.gazetteer import Gazetteer
from bot.nlu.gazetteer_files import PROJECT, GazetteerError, Gazetteers, read_gazetteers, words
from bot.nlu.lexicon import jieba_words
from bot.nlu.normalise import normalise
from bot.nlu.tokenizer import CITY_WORD_FREQUENCY, CityTokenizer, cut, private_jieba

EXAMPLES = PROJECT / "data" / "nlu"


def main(examples: Path = EXAMPLES) -> int:
    """Check the project's gazetteers and examples, print what is wrong; return 0 where nothing is, else 1."""
    try:
        gazetteers = read_gazetteers()
    except GazetteerError as error:
        click.echo(f"词表读不了：{error}", err=True)
        return 1
    messages = load_data(str(examples)).training_examples if examples.exists() else []
    tokenizer = production_tokenizer(gazetteers)
    problems = [
        *ambiguous_aliases(gazetteers["phrases"]),
        *lost_aliases(gazetteers),
        *in_two_intents(messages),
        *misaligned(messages, lambda text: cut(tokenizer, text)),
    ]
    for problem in problems:
        click.echo(problem, err=True)
    click.echo(
        f"词表和例句检查完毕：{len(messages)} 条例句，{len(gazetteers['phrases'])} 个词，{len(problems)} 处问题。"
    )
    return int(bool(problems))


def production_tokenizer(gazetteers: Gazetteers) -> Any:
    """Build the tokenizer that training would pack, of these gazetteers."""
    frequencies = {word: count for word, count, _ in jieba_words(CityTokenizer.get_default_config()["least_frequency"])}
    frequencies.update({word: max(frequencies.get(word, 0), CITY_WORD_FREQUENCY) for word in words(gazetteers)})
    return private_jieba(frequencies.items())


def ambiguous_aliases(phrases: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Say which aliases stand for two values of one entity, or both for something and for nothing (`not_these`)."""
    values: dict[tuple[str, str], str] = {}
    texts: dict[str, str] = {}
    for row in phrases:
        key = (row["entity"], row["text"])
        other = values.setdefault(key, row["value"])
        if other != row["value"]:
            yield f"词表：「{row['text']}」同时指「{other}」和「{row['value']}」，只能留一个。"
        if not row["entity"] and row["text"] in texts:
            yield f"词表：「{row['text']}」既在 not_these 里，又是「{texts[row['text']]}」的叫法。"
        if row["entity"]:
            texts.setdefault(row["text"], row["value"])


def lost_aliases(gazetteers: Gazetteers) -> Iterator[str]:
    """Say which aliases the finder does not find when they are all a resident says."""
    gazetteer = Gazetteer(gazetteers)
    for row in gazetteers["phrases"]:
        if not row["entity"]:
            continue
        found = {(one.entity, one.value) for one in gazetteer.find(row["text"])}
        if (row["entity"], row["value"]) not in found:
            yield f"词表：单独说「{row['text']}」时认不出「{row['value']}」，被别的词盖住了。"


def in_two_intents(messages: Iterable[Message]) -> Iterator[str]:
    """Say which examples stand under two intents."""
    seen: dict[str, str] = {}
    for message in messages:
        text, intent = message.get(TEXT), message.get(INTENT)
        if not text or not intent:
            continue
        other = seen.setdefault(normalise(text), intent)
        if other != intent:
            yield f"例句：「{text}」同时在 {other} 和 {intent} 下面，只能留一处。"


def misaligned(messages: Iterable[Message], tokenize: Any) -> Iterator[str]:
    """Say which annotated entities do not begin and end where a word does; Rasa only warns of them while training.

    Args:
        messages: training examples.
        tokenize: text → sequence of (word, offset), the production tokenizer's.
    """
    for message in messages:
        entities: Sequence[Mapping[str, Any]] = message.get(ENTITIES) or ()
        if not entities:
            continue
        text = message.get(TEXT)
        tokens = tokenize(text)
        starts, ends = {start for _, start in tokens}, {start + len(word) for word, start in tokens}
        for entity in entities:
            if entity["start"] not in starts or entity["end"] not in ends:
                marked = text[entity["start"] : entity["end"]]
                yield f"例句：「{text}」里标出的「{marked}」切不开，前后要正好是一个词。"
